import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { requireRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { throwAll } from '../common/errors.js';
import { generateExternalId } from '../common/external-id.js';
import { foldCase } from '../common/fold-case.js';
import { Database } from '../database/database.js';
import { takenValues, withAllTakenValues } from '../database/taken.js';
import { userResource, type UserResource } from './user-resource.js';
import { rightsForCreation } from './user-rights.rules.js';
import { storeNewUser } from './user-store.js';
import type { CreateUserDto } from './user.dto.js';
import { FIND_TAKEN } from './user.queries.js';
import { newUser, checkUser } from './user.rules.js';
import type { UserRow } from './user.table.js';

/** U1. */
@Injectable()
export class UserCreationService {
  constructor(private readonly database: Database) {}

  async create(caller: Caller, clientExtId: string, sent: CreateUserDto): Promise<UserResource> {
    requireRights(caller, clientExtId, rightsForCreation(sent));
    const columns = newUser(sent, generateExternalId());
    const row: UserRow = {
      ...columns,
      clientExtId,
      extId: sent.extId ?? generateExternalId(),
      generation: randomUUID(),
      version: 1,
      created: caller.now,
      lastModified: caller.now,
    };
    const taken = { clientExtId, newExtId: row.extId, loginIdFolded: foldCase(row.loginId), changedExtId: null };
    await withAllTakenValues(
      async () => {
        throwAll(checkUser(columns));
        await storeNewUser(this.database, caller, row);
      },
      async () => await takenValues(this.database, FIND_TAKEN, FIND_TAKEN.values(taken)),
    );
    return userResource(row);
  }
}
