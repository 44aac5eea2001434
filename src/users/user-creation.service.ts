import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { requireRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { throwAll } from '../common/errors.js';
import { generateExternalId } from '../common/external-id.js';
import { Database } from '../database/database.js';
import type { CreateUserDto } from './dto/create-user.dto.js';
import { newUser } from './new-user.rules.js';
import { userResource, type UserResource } from './user-resource.js';
import { rightsForCreation } from './user-rights.rules.js';
import type { UserRow } from './user-row.js';
import { storeNewUser } from './user-store.js';
import { refusalsOfUser } from './user-update.rules.js';

/** U1. */
@Injectable()
export class UserCreationService {
  constructor(private readonly database: Database) {}

  async create(caller: Caller, clientExtId: string, sent: CreateUserDto): Promise<UserResource> {
    requireRights(caller, clientExtId, rightsForCreation(sent));
    const columns = newUser(sent, generateExternalId());
    throwAll(refusalsOfUser(columns));
    const row: UserRow = {
      ...columns,
      clientExtId,
      extId: sent.extId ?? generateExternalId(),
      incarnation: randomUUID(),
      version: 1,
      created: caller.now,
      lastModified: caller.now,
    };
    await storeNewUser(this.database, caller, row);
    return userResource(row);
  }
}
