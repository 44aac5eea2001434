import type { Caller } from '../../common/actor.js';
import { formatInstant } from '../../common/instant.js';
import { effectiveState } from '../../credentials/credential-state.rules.js';
import type { CredentialRow } from '../../credentials/credential.table.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { describeCertificate } from './certificate-description.js';
import type { ExplanationResource } from './explanation-resource.js';
import { type Explained, explainRevocation, type Purpose } from './explanation.rules.js';

/** What was decided about a certificate, and for whom. */
export interface Evaluated extends Explained {
  /** Of the caller who asks. */
  readonly mode: Caller['mode'];
  readonly purpose: Purpose;
  readonly certificate: DerCertificate;
  readonly userExtId: string | undefined;
  readonly policyExtId: string | undefined;
  /** Undefined if there is no credential whose policy could ask. */
  readonly policy: CertificatePolicy | undefined;
  /** The credential that has the certificate. */
  readonly holder: CredentialRow | undefined;
  readonly now: Date;
  readonly notes: readonly string[];
}

export function explanationOf(evaluated: Evaluated): ExplanationResource {
  const { mode, purpose, certificate, userExtId, policyExtId, policy, holder, now, notes } = evaluated;
  const { verdict, rules, conflicts, remedies } = evaluated;
  return {
    verdict,
    purpose,
    at: formatInstant(now),
    userExtId,
    policyExtId,
    certificate: describeCertificate(certificate),
    findings: certificate.findings,
    rules,
    path: rules.find(({ path: found }) => found !== undefined)?.path,
    revocation: explainRevocation(policy, rules),
    owner: ownerShownTo(mode, holder, now),
    conflicts,
    remedies,
    notes,
  };
}

/** Users learn no more than whether the certificate is registered (contract 14.3). */
function ownerShownTo(
  mode: Caller['mode'],
  holder: CredentialRow | undefined,
  now: Date,
): ExplanationResource['owner'] {
  if (holder === undefined) return { registered: false };
  if (mode === 'selfAdmin') return { registered: true };
  const { userExtId, extId, policyExtId } = holder;
  const { stateName, stateChangeReason } = effectiveState(holder, now);
  return { registered: true, userExtId, extId, policyExtId, stateName, stateChangeReason };
}
