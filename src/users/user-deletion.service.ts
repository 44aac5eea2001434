import { Injectable } from '@nestjs/common';

import { removalValues } from '../audit/remove-with-trail.js';
import { trailValues } from '../audit/trail-event.js';
import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { Database } from '../database/database.js';
import type { IfMatch } from '../http/precondition.js';
import { REMOVE_CREDENTIALS, REMOVE_USER } from './user-deletion.queries.js';
import type { UserPath } from './user-path.js';
import { LOCK_USER } from './user.queries.js';
import { UsersService } from './users.service.js';

/** U4: his credentials go with him. */
@Injectable()
export class UserDeletionService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly versions: VersionCheck,
  ) {}

  async remove(caller: Caller, path: UserPath, ifMatch: IfMatch | undefined): Promise<void> {
    const { clientExtId, userExtId } = path;
    await this.database.transaction(clientExtId, async (runner) => {
      await runner.run(LOCK_USER, [clientExtId, userExtId]);
      const row = await this.users.find(runner, caller, path);
      await this.versions.check(caller, clientExtId, row, { ifMatch, version: undefined }, runner);
      await runner.run(REMOVE_CREDENTIALS, [clientExtId, userExtId, ...removalValues(caller)]);
      const event = {
        action: 'deleted',
        kind: 'user',
        extId: userExtId,
        userExtId,
        incarnation: row.incarnation,
      } as const;
      await runner.run(REMOVE_USER, [clientExtId, userExtId, caller.now, ...trailValues(caller, event)]);
    });
  }
}
