import type { CertificatePolicy, KeyTypeMinimum } from '../policies/certificate-policy.model.js';
import type { Certificate, PublicKeyInfo } from '../x509/certificate/certificate.js';
import { ruleOutcome, type RuleOutcome } from './rule-outcome.js';

export function evaluateKeyType(policy: CertificatePolicy, { publicKey }: Certificate): readonly RuleOutcome[] {
  if (policy.keyTypes.length === 0) return [];
  const expected = policy.keyTypes.map(minimumText).join(', or ');
  return [
    ruleOutcome('keyTypes', {
      passed: policy.keyTypes.some((minimum) => reaches(publicKey, minimum)),
      expected,
      found: keyText(publicKey),
      remedy: `Have it issued for a new key: ${expected}.`,
    }),
  ];
}

export function evaluateSignatureAlgorithm(
  policy: CertificatePolicy,
  certificate: Certificate,
): readonly RuleOutcome[] {
  if (policy.signatureAlgorithms.length === 0) return [];
  const expected = policy.signatureAlgorithms.join(' or ');
  return [
    ruleOutcome('signatureAlgorithms', {
      passed: policy.signatureAlgorithms.includes(certificate.signatureAlgorithm),
      expected,
      found: certificate.signatureAlgorithm,
      remedy: `Have it signed with ${expected}.`,
    }),
  ];
}

function reaches(key: PublicKeyInfo, { type, bits, curves }: KeyTypeMinimum): boolean {
  if (key.type !== type) return false;
  if (bits !== undefined) return key.bits !== undefined && key.bits >= bits;
  return curves === undefined || (key.curve !== undefined && curves.includes(key.curve));
}

function minimumText({ type, bits, curves }: KeyTypeMinimum): string {
  if (bits !== undefined) return `${type} of at least ${bits} bits`;
  return curves === undefined ? type : `${type} on ${curves.join(' or ')}`;
}

function keyText({ type, bits, curve }: PublicKeyInfo): string {
  if (curve !== undefined) return `${type} on ${curve}`;
  return bits === undefined ? type : `${type} of ${bits} bits`;
}
