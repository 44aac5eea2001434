import { Injectable } from '@nestjs/common';

import { GuardedChanges, type Outcome } from '../audit/guarded-change.js';
import { callerWithRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { throwAll, xTokenRequired } from '../common/errors.js';
import type { ExpectedVersion, IfMatch } from '../common/expected-version.js';
import { foldCase } from '../common/fold-case.js';
import type { StatementRunner } from '../database/database.js';
import { findTakenWith } from '../database/taken.js';
import { userResource, type UserResource } from './user-resource.js';
import { needsXToken, selfAdminErrors, rightsForUpdate, type UpdateRoute } from './user-rights.rules.js';
import { locksOfUser, storeUserChange } from './user-store.js';
import type { UpdateUserDto } from './user.dto.js';
import { FIND_TAKEN } from './user.queries.js';
import { decideUserUpdate, planUpdate, type SentUser, type UserUpdate } from './user.rules.js';
import type { UserPath, UserRow } from './user.table.js';
import { UsersService } from './users.service.js';

interface UpdateRequest {
  readonly caller: Caller;
  readonly path: UserPath;
  readonly route: UpdateRoute;
  readonly sent: SentUser;
  readonly expected: ExpectedVersion | undefined;
}

type UpdateOutcome = Outcome<UserRow, UserUpdate & { readonly kind: 'changed' }, UserRow>;

/** U3 and U5. */
@Injectable()
export class UserUpdateService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly users: UsersService,
  ) {}

  async update(
    caller: Caller,
    path: UserPath,
    patch: UpdateUserDto,
    ifMatch: IfMatch | undefined,
  ): Promise<UserResource> {
    const expected = { ifMatch, version: patch.version };
    return resourceOf(await this.apply(this.changes, { caller, path, route: 'change', sent: patch, expected }));
  }

  /** Like `update` without an expected version, as a part of other changes. Returns whether it has changed anything. */
  async updateWith(changes: GuardedChanges, caller: Caller, path: UserPath, sent: SentUser): Promise<boolean> {
    const outcome = await this.apply(changes, { caller, path, route: 'change', sent, expected: undefined });
    return outcome.kind === 'written';
  }

  /** A POST needs no version, but If-Match is honoured if it is sent, because archiving is final. */
  async archive(caller: Caller, path: UserPath, ifMatch: IfMatch | undefined): Promise<UserResource> {
    const expected = ifMatch === undefined ? undefined : { ifMatch, version: undefined };
    const sent = { userState: 'archived' } as const;
    return resourceOf(await this.apply(this.changes, { caller, path, route: 'archive', sent, expected }));
  }

  private async apply(
    changes: GuardedChanges,
    { caller, path, route, sent, expected }: UpdateRequest,
  ): Promise<UpdateOutcome> {
    const { clientExtId, userExtId } = path;
    const loginIdFolded = sent.loginId === undefined ? null : foldCase(sent.loginId);
    const taken = { clientExtId, newExtId: null, loginIdFolded, changedExtId: userExtId };
    let acting = caller;
    return await changes.apply({
      caller,
      clientExtId,
      expected,
      read: async (runner) => {
        const read = await this.readToUpdate(runner, acting, path, route, sent);
        acting = read.caller;
        return read.row;
      },
      decide: (row: UserRow) => decideUserUpdate(row, sent),
      // No credentials may be added until the user is archived and their credentials are removed.
      lockFirst: (_row, { archives }) => archives,
      locks: locksOfUser(path),
      write: async (runner, row, plan) => await storeUserChange(runner, acting, row, plan),
      findTaken: findTakenWith(FIND_TAKEN, taken),
    });
  }

  /**
   * Reads the user, and determines the mode in which the caller may make this change. Refusals that depend on the user
   * and on the change come before the check of the version (contract 7.2).
   */
  private async readToUpdate(
    runner: StatementRunner,
    caller: Caller,
    path: UserPath,
    route: UpdateRoute,
    sent: SentUser,
  ): Promise<{ row: UserRow; caller: Caller }> {
    const row = await this.users.find(runner, caller, path);
    const update = planUpdate(row, sent);
    const rights = rightsForUpdate(caller.mode, route, row, update);
    const permitted = await callerWithRights(caller, path.clientExtId, rights);
    if (permitted !== caller) return await this.readToUpdate(runner, permitted, path, route, sent);
    if (caller.mode === 'selfAdmin') {
      throwAll(selfAdminErrors(update));
      if (caller.xToken === undefined && needsXToken(row, update)) throw xTokenRequired('absent');
    }
    return { row, caller };
  }
}

function resourceOf(outcome: UpdateOutcome): UserResource {
  return userResource(outcome.kind === 'written' ? outcome.result : outcome.row);
}
