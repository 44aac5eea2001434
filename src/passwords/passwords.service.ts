import { Injectable } from '@nestjs/common';

import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { LOCK_CREDENTIAL, LOCK_USER } from '../credentials/credential.queries.js';
import { type OwnerAccessRow, requireActiveOwner } from '../credentials/owner-access.js';
import { Database, type StatementRunner } from '../database/database.js';
import type { IfMatch } from '../http/precondition.js';
import type { PasswordPath } from './password-path.js';
import { passwordResource, type PasswordResource } from './password-resource.js';
import type { PasswordRow } from './password-row.js';
import { removePassword } from './password-store.js';
import { READ_OWNED_PASSWORD, READ_PASSWORD } from './password.queries.js';

/** W1: GET and DELETE. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
  ) {}

  async read(caller: Caller, { clientExtId, userExtId }: PasswordPath): Promise<PasswordResource> {
    const statement = caller.mode === 'selfAdmin' ? READ_OWNED_PASSWORD.selfAdmin : READ_PASSWORD;
    const [row] = await this.database.run<PasswordRow & OwnerAccessRow>(statement, [clientExtId, userExtId]);
    requireActiveOwner(caller, row);
    // A user without a password is a row all the same, with nothing in it.
    if (row?.extId == null) throw noRecord();
    return passwordResource(row, caller.now);
  }

  async remove(caller: Caller, path: PasswordPath, ifMatch: IfMatch | undefined): Promise<void> {
    if (await this.attemptRemoval(this.database, caller, path, ifMatch)) return;
    await this.database.transaction(path.clientExtId, async (runner) => {
      await runner.run(LOCK_USER, [path.clientExtId, path.userExtId]);
      const row = await this.readPassword(runner, path);
      await runner.run(LOCK_CREDENTIAL, [path.clientExtId, row.extId]);
      const removed = await this.attemptRemoval(runner, caller, path, ifMatch);
      if (!removed) throw new Error('A locked password was changed by somebody else.');
    });
  }

  private async attemptRemoval(
    runner: StatementRunner,
    caller: Caller,
    path: PasswordPath,
    ifMatch: IfMatch | undefined,
  ): Promise<boolean> {
    const row = await this.readPassword(runner, path);
    await this.versions.check(caller, path.clientExtId, row, { ifMatch, version: undefined }, runner);
    return await removePassword(runner, caller, path, row);
  }

  private async readPassword(runner: StatementRunner, { clientExtId, userExtId }: PasswordPath): Promise<PasswordRow> {
    const [row] = await runner.run<PasswordRow & OwnerAccessRow>(READ_PASSWORD, [clientExtId, userExtId]);
    if (row === undefined) throw noRecord();
    return row;
  }
}
