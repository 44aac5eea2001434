import type { CredentialOwner } from '../credentials/state-refusals.rules.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import {
  evaluateAlternativeName,
  evaluateExtendedKeyUsage,
  evaluateKeyUsage,
  evaluateWellFormed,
} from './extensions.rules.js';
import { ISSUER_LIST_RULE, evaluateIssuerList } from './issuer-list.rules.js';
import { evaluateKeyType, evaluateSignatureAlgorithm } from './key-strength.rules.js';
import type { FingerprintAlgorithm } from './path-outcome.js';
import { evaluateRevocation } from './revocation-check.rules.js';
import type { CheckedRevocation } from './revocation-evidence.js';
import type { RuleOutcome } from './rule-outcome.js';
import { evaluateSubjectElements } from './subject-elements.rules.js';
import { evaluateTrustAnchors, type SearchedPath } from './trust-anchors.rules.js';
import { evaluateCurrentlyValid, evaluateValidityDays } from './validity-period.rules.js';

/**
 * The search for a path, if the policy names a trust-anchor set, and what is known about the revocation of its certificates,
 * if the policy asks; with `fingerprints`, path and evidence are part of the outcomes.
 */
export interface TrustEvaluation {
  readonly searchedPath?: SearchedPath | undefined;
  readonly revocation?: CheckedRevocation | undefined;
  readonly fingerprints?: FingerprintAlgorithm | undefined;
}

/**
 * Evaluates every rule of the policy, even if an earlier one failed, and returns one outcome per rule (contract 6.3).
 * The consequences are decided separately: {@link violationsOf}, {@link unlistedIssuerOutcomes}.
 */
export function evaluatePolicy(
  policy: CertificatePolicy,
  certificate: Certificate,
  owner: CredentialOwner,
  now: Date,
  trust: TrustEvaluation = {},
): readonly RuleOutcome[] {
  const anchors = evaluateTrustAnchors(policy, trust.searchedPath, trust.fingerprints);
  const issuer = evaluateIssuerList(
    policy,
    certificate,
    anchors.every(({ passed }) => passed),
  );
  if (policy.certificateUploadCheck === 'none') return issuer;
  return [
    ...issuer,
    ...evaluateSubjectElements(policy, certificate, owner),
    ...evaluateKeyType(policy, certificate),
    ...evaluateSignatureAlgorithm(policy, certificate),
    ...evaluateValidityDays(policy, certificate),
    ...evaluateCurrentlyValid(policy, certificate, now),
    ...evaluateWellFormed(policy, certificate),
    ...evaluateKeyUsage(policy, certificate),
    ...evaluateExtendedKeyUsage(policy, certificate),
    ...evaluateAlternativeName(policy, certificate),
    ...anchors,
    ...evaluateRevocation(policy, trust.searchedPath, trust.revocation, trust.fingerprints),
  ];
}

/** The outcomes that refuse the certificate under `strict` and disable it under `tolerant`. */
export function violationsOf(outcomes: readonly RuleOutcome[]): readonly RuleOutcome[] {
  return outcomes.filter(({ rule, passed }) => !passed && rule !== ISSUER_LIST_RULE);
}

/** The outcomes that disable the certificate under any check, but never refuse it. */
export function unlistedIssuerOutcomes(outcomes: readonly RuleOutcome[]): readonly RuleOutcome[] {
  return outcomes.filter(({ rule, passed }) => !passed && rule === ISSUER_LIST_RULE);
}
