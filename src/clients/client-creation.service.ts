import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { generateExternalId } from '../common/external-id.js';
import { mergeMembers } from '../common/text-members.js';
import { Database } from '../database/database.js';
import { takenValues, withAllTakenValues } from '../database/taken.js';
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
    private readonly database: Database,
    private readonly policies: PoliciesService,
  ) {}

  async create(caller: Caller, sent: CreateClientDto): Promise<ClientResource> {
    const row = newClient(caller, sent);
    const taken = { clientExtId: row.extId, name: row.name };
    await withAllTakenValues(
      async () => {
        await this.database.transaction(row.extId, async (runner) => {
          await storeNewClient(runner, caller, row);
          await this.policies.createDefaults(runner, caller, row.extId);
        });
      },
      async () => await takenValues(this.database, FIND_TAKEN, FIND_TAKEN.values(taken)),
    );
    return clientResource(row);
  }
}

function newClient({ now }: Caller, sent: CreateClientDto): ClientRow {
  return {
    extId: sent.extId ?? generateExternalId(),
    generation: randomUUID(),
    name: sent.name,
    displayName: mergeMembers(null, sent.displayName),
    remarks: sent.remarks ?? null,
    version: 1,
    created: now,
    lastModified: now,
  };
}
