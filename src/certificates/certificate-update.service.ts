import { Inject, Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { locksOfCredentialAndPolicy } from '../credentials/credential-locks.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { findTakenWith } from '../database/taken.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { readCertificateToChange } from './certificate-changes.js';
import type { CertificateColumns, Changed } from './certificate-decision.js';
import type { CertificatePath } from './certificate-path.js';
import { certificateResource } from './certificate-resource.js';
import { type EvaluatedCertificate, ownerOf } from './certificate-row.js';
import { changedRow, storeChange } from './certificate-store.js';
import { CertificateTrust, type GatheredTrust } from './certificate-trust.service.js';
import { decideUpdate, isEnabledBy } from './certificate-update.rules.js';
import type { UpdateCertificateDto } from './certificate.dto.js';
import { FIND_TAKEN } from './certificate.queries.js';
import { EvidenceAllowances } from './evidence-allowance.js';
import { type EvaluatedCertificateResource, withOutcomes } from './policy-outcome.js';

export interface UpdateRequest {
  readonly patch: UpdateCertificateDto;
  readonly ifMatch: IfMatch | undefined;
  readonly dryRun: boolean;
}

type CertificateChange = Changed<Partial<CertificateColumns>>;

/** X4, the main endpoint. */
@Injectable()
export class CertificateUpdateService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly trust: CertificateTrust,
    private readonly allowances: EvidenceAllowances,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async update(
    caller: Caller,
    path: CertificatePath,
    { patch, ifMatch, dryRun }: UpdateRequest,
  ): Promise<EvaluatedCertificateResource> {
    const { clientExtId, extId } = path;
    const { certificate } = patch;
    const sha256 = certificate?.sha256;
    const { fingerprintAlgorithm } = this.settings;
    const allowance = this.allowances.forChange(caller, dryRun);
    const evaluated = (row: EvaluatedCertificate) => ({
      ...evaluatedCertificate(caller, row, patch),
      row,
      now: caller.now,
      allowance,
    });
    const outcome = await this.changes.apply<EvaluatedCertificate, CertificateChange, CertificateRow, GatheredTrust>({
      caller,
      clientExtId,
      expected: { ifMatch, version: patch.version },
      dryRun,
      read: readCertificateToChange(caller, path),
      gather: async (row) => await this.trust.gather(clientExtId, evaluated(row)),
      decide: (row, gathered) => {
        const trust = this.trust.evaluate(evaluated(row), gathered);
        if (trust === undefined) return { kind: 'evidenceMissing' };
        const fingerprints = dryRun ? fingerprintAlgorithm : undefined;
        return decideUpdate({ ...contextOf(caller, row, patch), ...trust, fingerprints });
      },
      locks: locksOfCredentialAndPolicy(path, () => path.extId),
      write: async (runner, row, decision) => await storeChange(runner, caller, clientExtId, row, decision),
      ...(sha256 !== undefined && {
        findTaken: findTakenWith(FIND_TAKEN, { clientExtId, newExtId: null, sha256, changedExtId: extId }),
      }),
    });
    if (outcome.kind === 'written') return certificateResource(outcome.result, caller.now, fingerprintAlgorithm);
    const { row } = outcome;
    if (!dryRun) return certificateResource(row, caller.now, fingerprintAlgorithm);
    // A certificate that is evaluated is a change, so without a change, none was.
    const [next, outcomes] =
      outcome.kind === 'dryRun' ? [dryRunRow(caller, row, outcome.plan), outcome.plan.outcomes] : [row, []];
    return withOutcomes(certificateResource(next, caller.now, fingerprintAlgorithm), outcomes);
  }
}

/**
 * The new certificate, or the stored one if the credential is to allow logins (contract 13.4). The certificate that is
 * stored already counts as not sent (contract 3.1).
 */
function evaluatedCertificate({ mode, now }: Caller, row: EvaluatedCertificate, patch: UpdateCertificateDto) {
  const { certificate, stateName } = patch;
  if (certificate?.sha256.equals(row.sha256) === false) return { certificate };
  if (!isEnabledBy(mode, row, stateName, now)) return { certificate: undefined };
  const stored = readCertificate(row.der);
  return { certificate: stored.ok ? stored.certificate : undefined, isStored: true };
}

function contextOf({ mode, now }: Caller, row: EvaluatedCertificate, patch: UpdateCertificateDto) {
  const { stateName, certificate: newCertificate, modificationComment } = patch;
  return {
    mode,
    owner: ownerOf(row),
    now,
    credential: row,
    patch: { stateName, newCertificate, modificationComment },
  };
}

/** The row as the change would leave it (contract 1.4). */
function dryRunRow({ now }: Caller, row: EvaluatedCertificate, decision: CertificateChange) {
  const lastModified = now > row.lastModified ? now : row.lastModified;
  return { ...changedRow(row, decision), version: row.version + 1, lastModified };
}
