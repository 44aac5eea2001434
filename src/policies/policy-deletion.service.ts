import { Injectable } from '@nestjs/common';

import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { appError, noRecord } from '../common/errors.js';
import { Database, type Statement, type StatementRunner } from '../database/database.js';
import { CLOSE_TURNSTILE } from '../database/turnstile.js';
import type { IfMatch } from '../http/precondition.js';
import type { PolicyPath, PolicyRow } from './policy-row.js';
import { removePolicy } from './policy-store.js';
import { refusalOfDefault } from './policy-update.rules.js';
import { READ_POLICY, READ_POLICY_TO_CHANGE } from './policy.queries.js';

/** P4. That credentials use it is found out by their foreign key, which no race can deceive. */
@Injectable()
export class PolicyDeletionService {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
  ) {}

  async remove(caller: Caller, path: PolicyPath, ifMatch: IfMatch | undefined): Promise<void> {
    if (await this.attempt(this.database, READ_POLICY, caller, path, ifMatch)) return;
    const removed = await this.database.transaction(path.clientExtId, async (runner) => {
      await runner.run(CLOSE_TURNSTILE, [path.clientExtId]);
      return await this.attempt(runner, READ_POLICY_TO_CHANGE, caller, path, ifMatch);
    });
    if (!removed) throw new Error('A locked policy was changed by somebody else.');
  }

  private async attempt(
    runner: StatementRunner,
    statement: Statement,
    caller: Caller,
    { clientExtId, extId }: PolicyPath,
    ifMatch: IfMatch | undefined,
  ): Promise<boolean> {
    const [row] = await runner.run<PolicyRow>(statement, [clientExtId, extId]);
    if (row === undefined) throw noRecord();
    await this.versions.check(caller, clientExtId, row, { ifMatch, version: undefined }, runner);
    if (row.defaultPolicy) throw appError(refusalOfDefault());
    return await removePolicy(runner, caller, row);
  }
}
