import { Inject, Injectable } from '@nestjs/common';

import type { GuardedChange } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { ExpectedVersion } from '../common/expected-version.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { locksOfCredentialAndPolicy } from '../credentials/credential-locks.js';
import type { StateChangeReason } from '../credentials/credential-state.rules.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { findTakenWith } from '../database/taken.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { readCertificateToChange } from './certificate-changes.js';
import type { CertificateColumns, Changed } from './certificate-decision.js';
import type { CertificatePath } from './certificate-path.js';
import { type EvaluatedCertificate, ownerOf } from './certificate-row.js';
import { storeChange } from './certificate-store.js';
import { CertificateTrust, type GatheredTrust } from './certificate-trust.service.js';
import { decideUpdate, isEnabledBy } from './certificate-update.rules.js';
import type { UpdateCertificateDto } from './certificate.dto.js';
import { FIND_TAKEN } from './certificate.queries.js';
import type { EvidenceAllowance } from './evidence-allowance.js';

export type CertificateChange = Changed<Partial<CertificateColumns>>;

interface Update {
  readonly patch: UpdateCertificateDto;
  readonly expected: ExpectedVersion | undefined;
  readonly dryRun: boolean;
  readonly allowance: EvidenceAllowance;
  readonly changeReason?: StateChangeReason;
}

/** The change of X4, for a request and for a row of a job. */
@Injectable()
export class CertificateUpdates {
  constructor(
    private readonly trust: CertificateTrust,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  change(
    caller: Caller,
    path: CertificatePath,
    { patch, expected, dryRun, allowance, changeReason }: Update,
  ): GuardedChange<EvaluatedCertificate, CertificateChange, CertificateRow, GatheredTrust> {
    const { clientExtId, extId } = path;
    const sha256 = patch.certificate?.sha256;
    const evaluated = (row: EvaluatedCertificate) => ({
      ...evaluatedCertificate(caller, row, patch),
      row,
      now: caller.now,
      allowance,
    });
    return {
      caller,
      clientExtId,
      expected,
      dryRun,
      read: readCertificateToChange(caller, path),
      gather: async (row) => await this.trust.gather(clientExtId, evaluated(row)),
      decide: (row, gathered) => {
        const trust = this.trust.evaluate(clientExtId, evaluated(row), gathered);
        if (trust === undefined) return { kind: 'evidenceMissing' };
        const fingerprints = dryRun ? this.settings.fingerprintAlgorithm : undefined;
        return decideUpdate({ ...contextOf(caller, row, patch), ...trust, fingerprints, changeReason });
      },
      locks: locksOfCredentialAndPolicy(path, () => path.extId),
      write: async (runner, row, decision) => await storeChange(runner, caller, clientExtId, row, decision),
      ...(sha256 !== undefined && {
        findTaken: findTakenWith(FIND_TAKEN, { clientExtId, newExtId: null, sha256, changedExtId: extId }),
      }),
    };
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
