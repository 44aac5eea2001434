import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { IfMatch } from '../common/expected-version.js';
import { locksOfCredential } from '../credentials/credential-locks.js';
import { passwordResource, type PasswordResource } from '../credentials/credential-resource.js';
import type { CredentialRow } from '../credentials/credential.table.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import { Database } from '../database/database.js';
import { removePassword, samePassword } from './password-store.js';
import { READ_OWNED_PASSWORD, READ_PASSWORD } from './password.queries.js';
import type { PasswordPath } from './password.table.js';

/** W1: GET and DELETE. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly database: Database,
    private readonly changes: GuardedChanges,
  ) {}

  async read(caller: Caller, { clientExtId, userExtId }: PasswordPath): Promise<PasswordResource> {
    const path = { clientExtId, userExtId };
    const row =
      caller.mode === 'selfAdmin' ? await this.readOwned(caller, path) : await READ_PASSWORD.first(this.database, path);
    if (row === undefined) throw noRecord();
    return passwordResource(row, caller.now);
  }

  async remove(caller: Caller, path: PasswordPath, ifMatch: IfMatch | undefined): Promise<void> {
    const { clientExtId, userExtId } = path;
    const { extId, read } = samePassword(
      async (runner) => await READ_PASSWORD.first(runner, { clientExtId, userExtId }),
    );
    await this.changes.apply<CredentialRow, { readonly kind: 'changed' }, object>({
      caller,
      clientExtId,
      expected: { ifMatch, version: undefined },
      read,
      decide: () => ({ kind: 'changed' }),
      locks: locksOfCredential(path, extId),
      write: async (runner, row) => await removePassword(runner, caller, clientExtId, row),
    });
  }

  private async readOwned(caller: Caller, path: PasswordPath): Promise<CredentialRow | undefined> {
    const row = await READ_OWNED_PASSWORD.selfAdmin.first(this.database, path);
    requireActiveOwner(caller, row);
    // A user without a password is a row with only nulls.
    return row === undefined || row.extId === null ? undefined : row;
  }
}
