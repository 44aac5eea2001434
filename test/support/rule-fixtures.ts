import { createHash } from 'node:crypto';

import type { CurrentCertificate } from '../../src/certificates/certificate-update.rules.js';
import type { CredentialOwner } from '../../src/credentials/state-refusals.rules.js';
import type { CertificatePolicy } from '../../src/policies/certificate-policy.model.js';
import { readCertificatePolicy } from '../../src/policies/certificate-policy.rules.js';
import type { Certificate, Finding } from '../../src/x509/certificate/certificate.js';
import type { Name } from '../../src/x509/name/name.js';

/** The instant at which every rule is evaluated. */
export const NOW = new Date('2026-11-24T09:30:00.000Z');

export function at(text: string): Date {
  return new Date(text);
}

/** NOW plus some milliseconds, which may be negative. */
export function later(milliseconds: number): Date {
  return new Date(NOW.getTime() + milliseconds);
}

const TYPES: Readonly<Record<string, string>> = { CN: '2.5.4.3', OU: '2.5.4.11', O: '2.5.4.10', C: '2.5.4.6' };

/** A name in encoding order with one attribute in each RDN. A null value stands for a value that is not a string. */
export function nameOf(...attributes: readonly [type: string, value: string | null][]): Name {
  return {
    der: Buffer.from(JSON.stringify(attributes)),
    relativeDistinguishedNames: attributes.map(([type, value]) => [
      { type: TYPES[type] ?? type, value: value ?? undefined, der: Buffer.from('0500', 'hex') },
    ]),
  };
}

/** A certificate as the reader returns it. It complies with all rules by default. */
export function certificateOf(members: Partial<Certificate> & { seed?: string } = {}): Certificate {
  const { seed = 'new', ...rest } = members;
  const der = Buffer.from(seed);
  return {
    der,
    sha256: createHash('sha256').update(der).digest(),
    sha1: createHash('sha1').update(der).digest(),
    subject: nameOf(['C', 'CH'], ['O', 'Acme AG'], ['OU', 'IT'], ['CN', 'Jane Doe']),
    issuer: nameOf(['O', 'Acme AG'], ['CN', 'Acme CA']),
    serial: '01',
    subjectKeyIdentifier: undefined,
    notBefore: at('2026-01-01T00:00:00Z'),
    notAfter: at('2027-01-01T00:00:00Z'),
    signatureAlgorithm: 'ecdsa-with-SHA256',
    publicKey: { type: 'EC', bits: 256, curve: 'P-256' },
    publicKeySha256: createHash('sha256').update(der).digest(),
    keyUsage: new Set(['digitalSignature', 'keyAgreement'] as const),
    extendedKeyUsage: new Set(['1.3.6.1.5.5.7.3.2']),
    hasSubjectAlternativeName: true,
    subjectAlternativeNames: [{ type: 'email', value: 'jane.doe@acme.example' }],
    authorityKeyIdentifier: undefined,
    basicConstraints: undefined,
    certificatePolicies: undefined,
    crlAddresses: [],
    ocspAddresses: [],
    caIssuersAddresses: [],
    findings: [],
    ...rest,
  };
}

export function findingOf(part: string, detail: string): Finding {
  return { code: 'emptyIssuer', part, detail, section: 'RFC 5280 section 4.1' };
}

export function policyOf(parameters: Readonly<Record<string, string>> = {}): CertificatePolicy {
  const { policy, errors } = readCertificatePolicy(parameters);
  if (policy === undefined) throw new Error(errors.map(({ message }) => message).join(' '));
  return policy;
}

export function ownerOf(members: Partial<CredentialOwner> = {}): CredentialOwner {
  return {
    extId: 'u-1',
    loginId: 'jdoe',
    firstName: 'Jane',
    familyName: 'Doe',
    email: 'jane.doe@acme.example',
    state: 'active',
    ...members,
  };
}

/** The row of an active credential that an administrator registered; its certificate is `certificateOf({ seed: 'old' })`. */
export function credentialOf(columns: Partial<CurrentCertificate> = {}): CurrentCertificate {
  const { sha256, notBefore, notAfter } = certificateOf({ seed: 'old' });
  return {
    state: 'active',
    stateSetBy: 'administrator',
    reason: 'initialized',
    detail: null,
    lock: null,
    lockedUntil: null,
    lockReason: null,
    replacedBy: null,
    disabledOn: null,
    failures: 0,
    failuresSinceLock: 0,
    successes: 0,
    comment: null,
    validFrom: notBefore,
    validTo: notAfter,
    sha256,
    ...columns,
  };
}
