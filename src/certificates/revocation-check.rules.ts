import type { CertificatePolicy, RevocationMode } from '../policies/certificate-policy.model.js';
import { formatName } from '../x509/name/format-name.js';
import { REASON_TEXTS } from '../x509/path/reason-texts.js';
import type { RevocationStatus } from '../x509/revocation/revocation-status.js';
import type { FingerprintAlgorithm } from './path-outcome.js';
import { type CheckedCertificate, type CheckedRevocation, shownEvidence } from './revocation-evidence.js';
import { ruleOutcome, type RuleOutcome } from './rule-outcome.js';
import type { SearchedPath } from './trust-anchors.rules.js';

export const REVOCATION_RULE = 'revocationCheck';

/** Whether the status refuses the path (contract 13.1); what exceeds a bound does so in both modes (12.2). */
export function isRefused(mode: RevocationMode, status: RevocationStatus): boolean {
  if (status.status !== 'unknown') return status.status === 'revoked';
  return mode === 'hard' || status.code === 'budget';
}

/**
 * Whether the certificates of the path are revoked (contract 13.1, 13.5). It is asked of a proven path only, so that there
 * is no outcome without one. With `fingerprints`, the outcome contains the evidence.
 */
export function evaluateRevocation(
  { revocationCheck: mode }: Pick<CertificatePolicy, 'revocationCheck'>,
  searched: SearchedPath | undefined,
  checked: CheckedRevocation | undefined,
  fingerprints: FingerprintAlgorithm | undefined,
): readonly RuleOutcome[] {
  if (mode === 'none' || searched?.result?.proven !== true) return [];
  // Nothing passes that was not asked.
  if (checked === undefined) throw new Error('The policy asks about revocation, but no evidence was gathered.');
  const refused = checked.filter(({ status }) => isRefused(mode, status));
  const decisive = refused.find(({ status }) => status.status === 'revoked') ?? refused[0];
  const outcome = ruleOutcome(REVOCATION_RULE, {
    passed: decisive === undefined,
    expected:
      mode === 'hard'
        ? 'a path of which every certificate is known not to be revoked'
        : 'a path of which no certificate is known to be revoked',
    found: foundOf(checked, decisive),
    remedy: decisive === undefined ? '' : remedyOf(decisive.status),
  });
  return [fingerprints === undefined ? outcome : { ...outcome, evidence: shownEvidence(checked, fingerprints) }];
}

function foundOf(checked: CheckedRevocation, decisive: CheckedCertificate | undefined): string {
  const unknown = checked.filter(({ status }) => status.status === 'unknown');
  const shown = decisive ?? unknown[0];
  if (shown === undefined) {
    return checked.length === 1 ? 'a certificate that is not revoked' : `${checked.length} certificates, none revoked`;
  }
  return `${nameOf(shown)} ${statusText(shown.status)}`;
}

function nameOf({ certificate: { subject, serial } }: CheckedCertificate): string {
  return subject === undefined ? `serial number ${serial}` : formatName(subject);
}

function statusText(status: RevocationStatus): string {
  if (status.status === 'good') return 'is not revoked';
  if (status.status === 'revoked') return `is revoked (${status.reason})`;
  return `may be revoked: ${status.detail.replace(/\.$/, '')}; ${status.section}`;
}

function remedyOf(status: RevocationStatus): string {
  if (status.status === 'revoked') return REASON_TEXTS.revoked.remedy;
  const isExhausted = status.status === 'unknown' && status.code === 'budget';
  return REASON_TEXTS[isExhausted ? 'budget' : 'revocationUnknown'].remedy;
}
