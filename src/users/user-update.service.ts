import { Injectable } from '@nestjs/common';

import { removalValues } from '../audit/remove-with-trail.js';
import { VersionCheck } from '../audit/version-check.js';
import { callerWithRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { throwAll, xTokenRequired } from '../common/errors.js';
import { foldCase } from '../common/fold-case.js';
import { Database, type StatementRunner } from '../database/database.js';
import { takenValues, withEveryTaken } from '../database/taken.js';
import type { ExpectedVersion } from '../http/expected-version.js';
import type { IfMatch } from '../http/precondition.js';
import type { UpdateUserDto } from './dto/update-user.dto.js';
import type { SentUser } from './sent-user.model.js';
import { REMOVE_CREDENTIALS } from './user-deletion.queries.js';
import type { UserPath } from './user-path.js';
import { userResource, type UserResource } from './user-resource.js';
import { needsXToken, refusalsOfSelfAdmin, rightsForUpdate, type UpdateRoute } from './user-rights.rules.js';
import type { UserRow } from './user-row.js';
import { storeUserChange } from './user-store.js';
import { planUpdate, refusalsOfUpdate, type UserUpdate } from './user-update.rules.js';
import { FIND_TAKEN, LOCK_USER } from './user.queries.js';
import { UsersService } from './users.service.js';

interface UpdateRequest {
  readonly caller: Caller;
  readonly path: UserPath;
  readonly route: UpdateRoute;
  readonly sent: SentUser;
  readonly expected: ExpectedVersion | undefined;
}

/** U3 and U5. */
@Injectable()
export class UserUpdateService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly versions: VersionCheck,
  ) {}

  async update(
    caller: Caller,
    path: UserPath,
    patch: UpdateUserDto,
    ifMatch: IfMatch | undefined,
  ): Promise<UserResource> {
    const expected = { ifMatch, version: patch.version };
    const loginId = patch.loginId === undefined ? null : foldCase(patch.loginId);
    return await withEveryTaken(
      async () => await this.apply({ caller, path, route: 'change', sent: patch, expected }),
      async () => await takenValues(this.database, FIND_TAKEN, [path.clientExtId, null, loginId, path.userExtId]),
    );
  }

  /** A POST needs no version; one that is sent as If-Match holds all the same, for there is no way back. */
  async archive(caller: Caller, path: UserPath, ifMatch: IfMatch | undefined): Promise<UserResource> {
    const expected = ifMatch === undefined ? undefined : { ifMatch, version: undefined };
    return await this.apply({ caller, path, route: 'archive', sent: { userState: 'archived' }, expected });
  }

  /**
   * Two statements where nobody else writes. Whoever loses a race, and whoever archives, locks the user first: then no
   * credential can be made for him while his are removed.
   */
  private async apply(request: UpdateRequest): Promise<UserResource> {
    const { row, update } = await this.plan(this.database, request);
    if (update.changed.length === 0) return userResource(row);
    const written = update.archives ? undefined : await storeUserChange(this.database, request.caller, row, update);
    return userResource(
      written ??
        (await this.database.transaction(
          request.path.clientExtId,
          async (runner) => await this.applyLocked(runner, request),
        )),
    );
  }

  private async applyLocked(runner: StatementRunner, request: UpdateRequest): Promise<UserRow> {
    const { caller, path } = request;
    await runner.run(LOCK_USER, [path.clientExtId, path.userExtId]);
    const { row, update } = await this.plan(runner, request);
    if (update.changed.length === 0) return row;
    if (update.archives) {
      await runner.run(REMOVE_CREDENTIALS, [path.clientExtId, path.userExtId, ...removalValues(caller)]);
    }
    const written = await storeUserChange(runner, caller, row, update);
    if (written === undefined) throw new Error('A locked user was changed by somebody else.');
    return written;
  }

  /** Everything that can refuse, in the order of contract 7.2. */
  private async plan(runner: StatementRunner, request: UpdateRequest): Promise<{ row: UserRow; update: UserUpdate }> {
    const { caller, path, route, sent, expected } = request;
    const row = await this.users.find(runner, caller, path);
    const update = planUpdate(row, sent);
    const rights = rightsForUpdate(caller.mode, route, row, update);
    const permitted = await callerWithRights(caller, path.clientExtId, rights);
    if (permitted !== caller) return await this.plan(runner, { ...request, caller: permitted });
    if (caller.mode === 'selfAdmin') {
      throwAll(refusalsOfSelfAdmin(update));
      if (caller.xToken === undefined && needsXToken(row, update)) throw xTokenRequired('absent');
    }
    if (expected !== undefined) await this.versions.check(caller, path.clientExtId, row, expected, runner);
    throwAll(refusalsOfUpdate(row, update));
    return { row, update };
  }
}
