import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import { requireRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { generateExternalId } from '../common/external-id.js';
import { foldCase } from '../common/fold-case.js';
import { findTakenWith } from '../database/taken.js';
import { firstVersion } from '../database/versioned.js';
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
  constructor(private readonly changes: GuardedChanges) {}

  async create(caller: Caller, clientExtId: string, sent: CreateUserDto): Promise<UserResource> {
    return await this.createWith(this.changes, caller, clientExtId, sent);
  }

  /** Likewise, as a part of other changes. */
  async createWith(
    changes: GuardedChanges,
    caller: Caller,
    clientExtId: string,
    sent: CreateUserDto,
  ): Promise<UserResource> {
    requireRights(caller, clientExtId, rightsForCreation(sent));
    const columns = newUser(sent, generateExternalId());
    const row: UserRow = {
      ...columns,
      clientExtId,
      extId: sent.extId ?? generateExternalId(),
      ...firstVersion(caller.now),
    };
    const taken = { clientExtId, newExtId: row.extId, loginIdFolded: foldCase(row.loginId), changedExtId: null };
    await changes.create({
      clientExtId,
      errors: checkUser(columns),
      findTaken: findTakenWith(FIND_TAKEN, taken),
      store: async (runner) => await storeNewUser(runner, caller, row),
    });
    return userResource(row);
  }
}
