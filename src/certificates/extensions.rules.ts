import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { keyPurposes } from '../x509/certificate/key-purposes.js';
import { ruleOutcome, type RuleOutcome } from './rule-outcome.js';

const PURPOSE_NAMES: ReadonlyMap<string, string> = new Map([...keyPurposes].map(([name, oid]) => [oid, name]));

export function evaluateWellFormed(policy: CertificatePolicy, { findings }: Certificate): readonly RuleOutcome[] {
  if (!policy.wellFormed) return [];
  return [
    ruleOutcome('wellFormed', {
      passed: findings.length === 0,
      expected: 'a certificate that conforms to RFC 5280',
      found: findings.length === 0 ? 'no findings' : findings.map(({ part, detail }) => `${part}: ${detail}`).join(' '),
      remedy: 'Have it reissued without these faults.',
    }),
  ];
}

/**
 * A certificate without the extension is not restricted (RFC 5280 section 4.2.1.3), but does not state a key usage
 * either.
 */
export function evaluateKeyUsage(policy: CertificatePolicy, { keyUsage }: Certificate): readonly RuleOutcome[] {
  return policy.requiredKeyUsage.map((usage) =>
    ruleOutcome('requiredKeyUsage', {
      passed: keyUsage?.has(usage) ?? false,
      expected: `the key usage ${usage}`,
      found: keyUsage === undefined ? 'no key usage' : listText([...keyUsage]),
      remedy: `Have it issued with the key usage ${usage}.`,
    }),
  );
}

/** anyExtendedKeyUsage does not count as a required usage: RFC 5280 section 4.2.1.12 leaves that open. */
export function evaluateExtendedKeyUsage(
  policy: CertificatePolicy,
  { extendedKeyUsage }: Certificate,
): readonly RuleOutcome[] {
  return policy.requiredExtendedKeyUsage.map(({ name, oid }) =>
    ruleOutcome('requiredExtendedKeyUsage', {
      passed: extendedKeyUsage?.has(oid) ?? false,
      expected: `the extended key usage ${purposeText(oid)}`,
      found:
        extendedKeyUsage === undefined ? 'no extended key usage' : listText([...extendedKeyUsage].map(purposeText)),
      remedy: `Have it issued with the extended key usage ${name}.`,
    }),
  );
}

export function evaluateAlternativeName(policy: CertificatePolicy, certificate: Certificate): readonly RuleOutcome[] {
  if (!policy.requireSubjectAlternativeName) return [];
  return [
    ruleOutcome('requireSubjectAlternativeName', {
      passed: certificate.hasSubjectAlternativeName,
      expected: 'a subject alternative name',
      found: certificate.hasSubjectAlternativeName ? 'one' : 'none',
      remedy: 'Have it issued with a subject alternative name.',
    }),
  ];
}

function purposeText(oid: string): string {
  const name = PURPOSE_NAMES.get(oid);
  return name === undefined ? oid : `${name} (${oid})`;
}

function listText(usages: readonly string[]): string {
  return usages.length === 0 ? 'an empty list' : usages.join(', ');
}
