import { Injectable } from '@nestjs/common';

import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { AppError, noRecord } from '../common/errors.js';
import { Database, type Statement, type StatementRunner } from '../database/database.js';
import { CLOSE_TURNSTILE } from '../database/turnstile.js';
import type { IfMatch } from '../http/precondition.js';
import type { UpdatePolicyDto } from './dto/update-policy.dto.js';
import { policyResource, type PolicyResource } from './policy-resource.js';
import type { PolicyPath, PolicyRow } from './policy-row.js';
import { storePolicyChange, takeDefault } from './policy-store.js';
import { decidePolicyUpdate, type PolicyDecision } from './policy-update.rules.js';
import { READ_POLICY, READ_POLICY_TO_CHANGE } from './policy.queries.js';

interface UpdateRequest {
  readonly patch: UpdatePolicyDto;
  readonly ifMatch: IfMatch | undefined;
}

type Decided = { readonly row: PolicyRow; readonly decision: Exclude<PolicyDecision, { kind: 'refused' }> };

/** P3. */
@Injectable()
export class PolicyUpdateService {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
  ) {}

  /**
   * Two statements where nobody else writes. The row lock of the change is what certificates are judged against: a
   * change of a credential holds its policy in the version that judged it, or is judged again (contract 3.4).
   */
  async update(caller: Caller, path: PolicyPath, request: UpdateRequest): Promise<PolicyResource> {
    const { row, decision } = await this.decide(this.database, READ_POLICY, caller, path, request);
    if (decision.kind === 'unchanged') return policyResource(row);
    const written = becomesDefault(row, decision)
      ? undefined
      : await storePolicyChange(this.database, caller, row, decision.next, decision.changed);
    return policyResource(
      written ??
        (await this.database.transaction(
          row.clientExtId,
          async (runner) => await this.updateLocked(runner, caller, row, request),
        )),
    );
  }

  private async updateLocked(
    runner: StatementRunner,
    caller: Caller,
    read: PolicyRow,
    request: UpdateRequest,
  ): Promise<PolicyRow> {
    // Before the policy itself, in the order of all who lock: a type never changes, and neither does the client.
    if (request.patch.defaultPolicy === true) await takeDefault(runner, caller, read);
    else await runner.run(CLOSE_TURNSTILE, [read.clientExtId]);
    const { row, decision } = await this.decide(runner, READ_POLICY_TO_CHANGE, caller, read, request);
    if (decision.kind === 'unchanged') return row;
    const written = await storePolicyChange(runner, caller, row, decision.next, decision.changed);
    if (written === undefined) throw new Error('A locked policy was changed by somebody else.');
    return written;
  }

  private async decide(
    runner: StatementRunner,
    statement: Statement,
    caller: Caller,
    { clientExtId, extId }: PolicyPath,
    { patch, ifMatch }: UpdateRequest,
  ): Promise<Decided> {
    const [row] = await runner.run<PolicyRow>(statement, [clientExtId, extId]);
    if (row === undefined) throw noRecord();
    await this.versions.check(caller, clientExtId, row, { ifMatch, version: patch.version }, runner);
    const decision = decidePolicyUpdate(row, patch);
    if (decision.kind === 'refused') throw new AppError(decision.errors);
    return { row, decision };
  }
}

function becomesDefault(row: PolicyRow, decision: Decided['decision']): boolean {
  return decision.kind === 'changed' && decision.next.defaultPolicy && !row.defaultPolicy;
}
