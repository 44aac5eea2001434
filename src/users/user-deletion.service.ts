import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import type { StatementRunner } from '../database/database.js';
import { locksOfUser, removeUser } from './user-store.js';
import type { UserPath } from './user.table.js';
import { UsersService } from './users.service.js';

/** U4. */
@Injectable()
export class UserDeletionService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly users: UsersService,
  ) {}

  async remove(caller: Caller, path: UserPath, ifMatch: IfMatch | undefined): Promise<void> {
    await this.changes.apply({
      caller,
      clientExtId: path.clientExtId,
      expected: { ifMatch, version: undefined },
      read: async (runner: StatementRunner) => await this.users.find(runner, caller, path),
      decide: () => ({ kind: 'changed' }),
      // The user's credentials are removed too; none may be added until the transaction ends.
      lockFirst: 'always',
      locks: locksOfUser(path),
      write: async (runner, row) => await removeUser(runner, caller, row),
    });
  }
}
