import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import { generateExternalId } from '../common/external-id.js';
import { mergeMembers } from '../common/text-members.js';
import { findTakenWith } from '../database/taken.js';
import { firstVersion } from '../database/versioned.js';
import { PoliciesService } from '../policies/policies.service.js';
import { clientResource, type ClientResource } from './client-resource.js';
import { storeNewClient } from './client-store.js';
import type { CreateClientDto } from './client.dto.js';
import { FIND_TAKEN } from './client.queries.js';
import type { ClientRow } from './client.table.js';

/** C2: a client always has its default policies. */
@Injectable()
export class ClientCreationService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly policies: PoliciesService,
  ) {}

  async create(caller: Caller, sent: CreateClientDto): Promise<ClientResource> {
    const row = newClient(caller, sent);
    const taken = { clientExtId: row.extId, name: row.name };
    await this.changes.create({
      clientExtId: row.extId,
      findTaken: findTakenWith(FIND_TAKEN, taken),
      inTransaction: true,
      store: async (runner) => {
        await storeNewClient(runner, caller, row);
        await this.policies.createDefaults(runner, caller, row.extId);
      },
    });
    return clientResource(row);
  }
}

function newClient({ now }: Caller, sent: CreateClientDto): ClientRow {
  return {
    extId: sent.extId ?? generateExternalId(),
    name: sent.name,
    displayName: mergeMembers(null, sent.displayName),
    remarks: sent.remarks ?? null,
    ...firstVersion(now),
  };
}
