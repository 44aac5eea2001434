import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import type { StatementRunner } from '../database/database.js';
import { LOCK_POLICIES_OF_CLIENT } from '../database/fair-lock.js';
import { findTakenWith } from '../database/taken.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import type { TrustAnchorSetResource } from './trust-set-resource.js';
import { storeTrustSetChange } from './trust-set-store.js';
import { decideTrustSetUpdate, type TrustSetPatch } from './trust-set-update.rules.js';
import type { UpdateTrustSetDto } from './trust-set.dto.js';
import { FIND_TAKEN, LOCK_TRUST_SET, READ_TRUST_SET } from './trust-set.queries.js';
import type { TrustSetPath, TrustSetRow } from './trust-set.table.js';
import { TrustService } from './trust.service.js';

interface UpdateRequest {
  readonly patch: UpdateTrustSetDto;
  readonly ifMatch: IfMatch | undefined;
}

/** G4. */
@Injectable()
export class TrustSetUpdateService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly trust: TrustService,
  ) {}

  /**
   * The policies that name the set are written with it, so the locks are taken first. A change of a credential that was
   * evaluated against the former set then finds another evaluation version, and is evaluated again.
   */
  async update(
    caller: Caller,
    { clientExtId, extId }: TrustSetPath,
    { patch, ifMatch }: UpdateRequest,
  ): Promise<TrustAnchorSetResource> {
    const taken = { clientExtId, newExtId: null, newName: patch.name ?? null, changedExtId: extId };
    const outcome = await this.changes.apply({
      caller,
      clientExtId,
      expected: { ifMatch, version: patch.version },
      read: async (runner: StatementRunner) => await READ_TRUST_SET.first(runner, { clientExtId, extId }),
      decide: (row: TrustSetRow) => decideTrustSetUpdate(row, withBytes(patch)),
      lockFirst: () => true,
      locks: {
        policiesFairLock: async (runner) => await LOCK_POLICIES_OF_CLIENT.all(runner, { clientExtId }),
        trustSet: async (runner) => await LOCK_TRUST_SET.all(runner, { clientExtId, extId }),
      },
      write: async (runner, row, plan) => await storeTrustSetChange(runner, caller, row, plan),
      findTaken: findTakenWith(FIND_TAKEN, taken),
    });
    return this.trust.resource(outcome.kind === 'written' ? outcome.result : outcome.row, caller.now);
  }
}

/** Without intermediates (null), the list is empty. */
function withBytes({ name, description, anchors, intermediates }: UpdateTrustSetDto): TrustSetPatch {
  return {
    name,
    description,
    anchors: anchors?.map(bytesOf),
    intermediates: intermediates === null ? [] : intermediates?.map(bytesOf),
  };
}

function bytesOf({ der }: DerCertificate): Buffer {
  return der;
}
