import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { throwAll } from '../common/errors.js';
import { generateExternalId } from '../common/external-id.js';
import { Database } from '../database/database.js';
import { takenValues, withAllTakenValues } from '../database/taken.js';
import type { CreateTrustSetDto } from './dto/trust-set.dto.js';
import type { TrustAnchorSetResource } from './trust-set-resource.js';
import { storeNewTrustSet } from './trust-set-store.js';
import { repeatedCertificates } from './trust-set-update.rules.js';
import { FIND_TAKEN } from './trust-set.queries.js';
import type { TrustSetRow } from './trust-set.table.js';
import { TrustService } from './trust.service.js';

/** G2. */
@Injectable()
export class TrustSetCreationService {
  constructor(
    private readonly database: Database,
    private readonly trust: TrustService,
  ) {}

  async create(caller: Caller, clientExtId: string, sent: CreateTrustSetDto): Promise<TrustAnchorSetResource> {
    const row: TrustSetRow = {
      clientExtId,
      extId: sent.extId ?? generateExternalId(),
      generation: randomUUID(),
      name: sent.name,
      description: sent.description ?? null,
      anchors: sent.anchors.map(({ der }) => der),
      intermediates: (sent.intermediates ?? []).map(({ der }) => der),
      version: 1,
      created: caller.now,
      lastModified: caller.now,
    };
    const taken = { clientExtId, newExtId: row.extId, newName: row.name, changedExtId: null };
    return await withAllTakenValues(
      async () => {
        throwAll(repeatedCertificates(row));
        await storeNewTrustSet(this.database, caller, row);
        return this.trust.resource(row, caller.now);
      },
      async () => await takenValues(this.database, FIND_TAKEN, FIND_TAKEN.values(taken)),
    );
  }
}
