import { foldedValue } from '../common/fold-case.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { ruleOutcome, type RuleOutcome } from './rule-outcome.js';

/** This rule never refuses a certificate: that of an unlisted issuer is stored as disabled (contract 6, 6.4). */
export const ISSUER_LIST_RULE = 'certificateUploadAllowedIssuerCNList';

const COMMON_NAME = '2.5.4.3';

/**
 * Whether the common name of the issuer is listed. Anyone can put any name into their own CA, so this is not proof of
 * origin, and if the policy names a trust-anchor set, it counts only for a certificate with a proven path (contract
 * 12.5). If the issuer has several common names, all of them must be listed, so that a listed name cannot hide another
 * one.
 */
export function evaluateIssuerList(
  policy: CertificatePolicy,
  certificate: Certificate,
  isPathProven: boolean,
): readonly RuleOutcome[] {
  const listed = policy.certificateUploadAllowedIssuerCNList;
  if (listed === undefined) return [];
  const allowed = new Set(listed.map(foldedValue));
  const names = commonNames(certificate);
  const isListed = names.length > 0 && names.every((name) => allowed.has(foldedValue(name)));
  const found = names.length === 0 ? 'an issuer without a common name' : names.join(' and ');
  return [
    ruleOutcome(ISSUER_LIST_RULE, {
      passed: isListed && isPathProven,
      expected: `an issuer with the common name ${listed.join(' or ')}`,
      found: isListed && !isPathProven ? `${found}, without a path to an anchor` : found,
      remedy: isListed
        ? 'Have it issued so that a path leads to an anchor; the name of an issuer alone proves nothing.'
        : `Have it issued by ${listed.join(' or ')}, or have the issuer added to the policy.`,
    }),
  ];
}

function commonNames({ issuer }: Certificate): readonly string[] {
  const attributes = issuer?.relativeDistinguishedNames.flat() ?? [];
  // A common name that is not a string cannot be listed, but it counts, and fails the rule.
  return attributes.filter(({ type }) => type === COMMON_NAME).map(({ value }) => value ?? '');
}
