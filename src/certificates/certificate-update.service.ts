import { Inject, Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import type { CertificatePath } from './certificate-path.js';
import { certificateResource } from './certificate-resource.js';
import type { EvaluatedCertificate } from './certificate-row.js';
import { changedRow } from './certificate-store.js';
import { type CertificateChange, CertificateUpdates } from './certificate-updates.js';
import type { UpdateCertificateDto } from './certificate.dto.js';
import { EvidenceAllowances } from './evidence-allowance.js';
import { type EvaluatedCertificateResource, withOutcomes } from './policy-outcome.js';

export interface UpdateRequest {
  readonly patch: UpdateCertificateDto;
  readonly ifMatch: IfMatch | undefined;
  readonly dryRun: boolean;
}

/** X4, the main endpoint. */
@Injectable()
export class CertificateUpdateService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly updates: CertificateUpdates,
    private readonly allowances: EvidenceAllowances,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async update(
    caller: Caller,
    path: CertificatePath,
    { patch, ifMatch, dryRun }: UpdateRequest,
  ): Promise<EvaluatedCertificateResource> {
    const { fingerprintAlgorithm } = this.settings;
    const allowance = this.allowances.forChange(caller, dryRun);
    const expected = { ifMatch, version: patch.version };
    const outcome = await this.changes.apply(this.updates.change(caller, path, { patch, expected, dryRun, allowance }));
    if (outcome.kind === 'written') return certificateResource(outcome.result, caller.now, fingerprintAlgorithm);
    const { row } = outcome;
    if (!dryRun) return certificateResource(row, caller.now, fingerprintAlgorithm);
    // A certificate that is evaluated is a change, so without a change, none was.
    const [next, outcomes] =
      outcome.kind === 'dryRun' ? [dryRunRow(caller, row, outcome.plan), outcome.plan.outcomes] : [row, []];
    return withOutcomes(certificateResource(next, caller.now, fingerprintAlgorithm), outcomes);
  }
}

/** The row as the change would leave it (contract 1.4). */
function dryRunRow({ now }: Caller, row: EvaluatedCertificate, decision: CertificateChange) {
  const lastModified = now > row.lastModified ? now : row.lastModified;
  return { ...changedRow(row, decision), version: row.version + 1, lastModified };
}
