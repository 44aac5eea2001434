import type { CredentialOwner } from '../credentials/credential-owner.rules.js';
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
import { evaluateCurrentlyValid, evaluateValidityDays } from './validity-period.rules.js';

/**
 * Asks every rule of the policy, whether an earlier one failed or not, and answers one outcome for each (contract 6.3).
 * What follows from them is another question: {@link violationsOf}, {@link fromUnlistedIssuer}.
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
  ];
}

/** What refuses the certificate under `strict` and disables it under `tolerant`. */
export function violationsOf(outcomes: readonly RuleOutcome[]): readonly RuleOutcome[] {
  return outcomes.filter(({ rule, passed }) => !passed && rule !== ISSUER_LIST_RULE);
}

/** What disables the certificate under any check and never refuses it. */
export function fromUnlistedIssuer(outcomes: readonly RuleOutcome[]): readonly RuleOutcome[] {
  return outcomes.filter(({ rule, passed }) => !passed && rule === ISSUER_LIST_RULE);
}
