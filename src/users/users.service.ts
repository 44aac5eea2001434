import { Injectable } from '@nestjs/common';

import { type OwnUser, requireOwnUser } from '../auth/own-user.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { Database, type StatementRunner } from '../database/database.js';
import type { UserPath } from './user-path.js';
import { userResource, type UserResource } from './user-resource.js';
import type { UserRow } from './user-row.js';
import { READ_OWN_USER, READ_USER } from './user.queries.js';

/** U2, and the one way in which a request meets a user. */
@Injectable()
export class UsersService {
  constructor(private readonly database: Database) {}

  async read(caller: Caller, path: UserPath): Promise<UserResource> {
    return userResource(await this.find(this.database, caller, path));
  }

  /** Contract 7.2: who may not touch his own record learns that before whether there is one. */
  async find(runner: StatementRunner, caller: Caller, { clientExtId, userExtId }: UserPath): Promise<UserRow> {
    const statement = caller.mode === 'selfAdmin' ? READ_OWN_USER : READ_USER;
    const [row] = await runner.run<UserRow & OwnUser>(statement, [clientExtId, userExtId]);
    requireOwnUser(caller, row);
    if (row === undefined) throw noRecord();
    return row;
  }
}
