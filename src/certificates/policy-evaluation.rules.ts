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
import type { RuleOutcome } from './rule-outcome.js';
import { evaluateSubjectElements } from './subject-elements.rules.js';
import { evaluateTrustAnchors } from './trust-anchors.rules.js';
import { evaluateCurrentlyValid, evaluateValidityDays } from './validity-period.rules.js';

/**
 * Evaluates every rule of the policy, even if an earlier one failed, and returns one outcome per rule (contract 6.3).
 * The consequences are decided separately: {@link violationsOf}, {@link unlistedIssuerOutcomes}.
 */
export function evaluatePolicy(
  policy: CertificatePolicy,
  certificate: Certificate,
  owner: CredentialOwner,
  now: Date,
): readonly RuleOutcome[] {
  const issuer = evaluateIssuerList(policy, certificate);
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
    ...evaluateTrustAnchors(policy),
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
