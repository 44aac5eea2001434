import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import { generateExternalId } from '../common/external-id.js';
import { findTakenWith } from '../database/taken.js';
import { firstVersion } from '../database/versioned.js';
import type { TrustAnchorSetResource } from './trust-set-resource.js';
import { storeNewTrustSet } from './trust-set-store.js';
import { repeatedCertificates } from './trust-set-update.rules.js';
import type { CreateTrustSetDto } from './trust-set.dto.js';
import { FIND_TAKEN } from './trust-set.queries.js';
import type { TrustSetRow } from './trust-set.table.js';
import { TrustService } from './trust.service.js';

/** G2. */
@Injectable()
export class TrustSetCreationService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly trust: TrustService,
  ) {}

  async create(caller: Caller, clientExtId: string, sent: CreateTrustSetDto): Promise<TrustAnchorSetResource> {
    const row: TrustSetRow = {
      clientExtId,
      extId: sent.extId ?? generateExternalId(),
      name: sent.name,
      description: sent.description ?? null,
      anchors: sent.anchors.map(({ der }) => der),
      intermediates: (sent.intermediates ?? []).map(({ der }) => der),
      ...firstVersion(caller.now),
    };
    const taken = { clientExtId, newExtId: row.extId, newName: row.name, changedExtId: null };
    await this.changes.create({
      clientExtId,
      errors: repeatedCertificates(row),
      findTaken: findTakenWith(FIND_TAKEN, taken),
      store: async (runner) => await storeNewTrustSet(runner, caller, row),
    });
    return this.trust.resource(row, caller.now);
  }
}
