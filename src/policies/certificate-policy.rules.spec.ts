import { describe, expect, it } from 'vitest';

import type { CertificatePolicy } from './certificate-policy.model.js';
import { readCertificatePolicy } from './certificate-policy.rules.js';

function read(parameters: Record<string, string>): CertificatePolicy {
  const { policy, errors } = readCertificatePolicy(parameters);
  if (policy === undefined) throw new Error(errors.map(({ message }) => message).join(' '));
  return policy;
}

function errorsOf(parameters: Record<string, string>) {
  return readCertificatePolicy(parameters).errors;
}

describe('readCertificatePolicy', () => {
  it('6 ok/without parameters all have their documented defaults', () => {
    expect(read({})).toEqual({
      allowCertificateUpload: true,
      certificateUploadAllowedIssuerCNList: undefined,
      certificateUploadCheck: 'none',
      certificateUploadCheckSubjectDNElements: [],
      keyTypes: [],
      signatureAlgorithms: [],
      maxValidityDays: undefined,
      requireCurrentlyValid: false,
      wellFormed: false,
      requiredKeyUsage: [],
      requiredExtendedKeyUsage: [],
      requireSubjectAlternativeName: false,
      revocationCheck: 'none',
      autoUpdate: true,
      issuerDNUpdateList: undefined,
      credentialLifetime: 315_360_000_000,
      locking: {
        maxCredFailureCount: 3,
        tmpLockingThreshold: 2,
        tmpLockingDuration: 60_000,
        tmpLockingMode: 'strict',
      },
    });
  });

  it.each<[string, Record<string, string>, object]>([
    ['6 ok/upload by users off', { allowCertificateUpload: 'false' }, { allowCertificateUpload: false }],
    [
      '6 ok/issuers by |',
      { certificateUploadAllowedIssuerCNList: 'A | B' },
      { certificateUploadAllowedIssuerCNList: ['A', 'B'] },
    ],
    [
      '6 ok/issuers by ; and ,',
      { certificateUploadAllowedIssuerCNList: 'A;B,C' },
      { certificateUploadAllowedIssuerCNList: ['A', 'B', 'C'] },
    ],
    [
      '6 ok/an escaped separator',
      { certificateUploadAllowedIssuerCNList: 'Acme\\, Inc|B\\\\C|D\\E' },
      { certificateUploadAllowedIssuerCNList: ['Acme, Inc', 'B\\C', 'D\\E'] },
    ],
    [
      '6 ok/the issuer list alone checks nothing else',
      { certificateUploadAllowedIssuerCNList: 'A' },
      { certificateUploadCheck: 'none', wellFormed: false, requireCurrentlyValid: false },
    ],
    ['6 ok/tolerant', { certificateUploadCheck: 'tolerant' }, { certificateUploadCheck: 'tolerant' }],
    [
      '6 ok/issuer DNs by | and ;, commas kept',
      { autoUpdate: 'false', issuerDNUpdateList: 'CN=A,O=B|CN=C;CN=D' },
      { autoUpdate: false, issuerDNUpdateList: ['CN=A,O=B', 'CN=C', 'CN=D'] },
    ],
    ['15.6 ok/days of grace', { rolloverGraceDays: '0' }, { rolloverGraceDays: 0, certificateUploadCheck: 'none' }],
    ['6 ok/lifetime', { credentialLifetime: '1' }, { credentialLifetime: 1 }],
    [
      '6 ok/-1 switches each lock off',
      { maxCredFailureCount: '-1', tmpLockingThreshold: '-1', tmpLockingDuration: '-1' },
      {
        locking: {
          maxCredFailureCount: undefined,
          tmpLockingThreshold: undefined,
          tmpLockingDuration: undefined,
          tmpLockingMode: 'strict',
        },
      },
    ],
    [
      '6 ok/locks set',
      { maxCredFailureCount: '5', tmpLockingThreshold: '1', tmpLockingDuration: '30000', tmpLockingMode: 'threshold' },
      {
        locking: {
          maxCredFailureCount: 5,
          tmpLockingThreshold: 1,
          tmpLockingDuration: 30_000,
          tmpLockingMode: 'threshold',
        },
      },
    ],
    [
      '2.12 ok/the common parameters are stored',
      { auditCredentialValue: 'true', validityDateCalculationVersion: 'v1' },
      {},
    ],
    [
      '6.1 ok/the smallest key of each type',
      { keyTypes: 'RSA:2048, RSA-PSS:3072,DSA:2048,EC:P-384,Ed25519,ML-DSA-65' },
      {
        keyTypes: [
          { type: 'RSA', bits: 2048 },
          { type: 'RSA-PSS', bits: 3072 },
          { type: 'DSA', bits: 2048 },
          { type: 'EC', curves: ['P-384', 'P-521'] },
          { type: 'Ed25519' },
          { type: 'ML-DSA-65' },
        ],
      },
    ],
    [
      '6.1 ok/every family of curves',
      { keyTypes: 'EC:brainpoolP384r1,EC:brainpoolP512t1,EC:SM2,SLH-DSA-SHA2-128s' },
      {
        keyTypes: [
          { curves: ['brainpoolP384r1', 'brainpoolP512r1'] },
          { curves: ['brainpoolP512t1'] },
          { curves: ['SM2'] },
          { type: 'SLH-DSA-SHA2-128s' },
        ],
      },
    ],
    ['6.1 ok/a single curve', { keyTypes: 'EC:secp256k1' }, { keyTypes: [{ type: 'EC', curves: ['secp256k1'] }] }],
    [
      "6.1 ok/OpenSSL's names",
      { signatureAlgorithms: 'ecdsa-with-SHA256,sha256WithRSAEncryption,ED25519' },
      { signatureAlgorithms: ['ecdsa-with-SHA256', 'sha256WithRSAEncryption', 'ED25519'] },
    ],
    ['6.1 ok/days', { maxValidityDays: '397' }, { maxValidityDays: 397 }],
    [
      '6.1 ok/usages',
      { requiredKeyUsage: 'digitalSignature,keyAgreement' },
      { requiredKeyUsage: ['digitalSignature', 'keyAgreement'] },
    ],
    [
      '6.1 ok/extended usages by name and by OID',
      { requiredExtendedKeyUsage: 'clientAuth,1.3.6.1.4.1.311.20.2.2' },
      {
        requiredExtendedKeyUsage: [
          { name: 'clientAuth', oid: '1.3.6.1.5.5.7.3.2' },
          { name: '1.3.6.1.4.1.311.20.2.2', oid: '1.3.6.1.4.1.311.20.2.2' },
        ],
      },
    ],
    [
      '6.2 ok/variables, texts and attributes',
      { certificateUploadCheckSubjectDNElements: 'USER_NAME,Acme\\, Inc,O=Acme AG,2.5.4.97=VATCH-1' },
      {
        certificateUploadCheckSubjectDNElements: [
          { kind: 'variable', variable: 'USER_NAME' },
          { kind: 'text', text: 'Acme, Inc' },
          { kind: 'attribute', name: 'O', type: '2.5.4.10', text: 'Acme AG' },
          { kind: 'attribute', name: '2.5.4.97', type: '2.5.4.97', text: 'VATCH-1' },
        ],
      },
    ],
  ])('%s', (_title, parameters, expected) => {
    expect(read(parameters)).toMatchObject(expected);
  });

  it.each<[string, Record<string, string>]>([
    ['key types', { keyTypes: 'RSA:2048' }],
    ['signature algorithms', { signatureAlgorithms: 'ED25519' }],
    ['validity', { maxValidityDays: '1' }],
    ['currently valid', { requireCurrentlyValid: 'true' }],
    ['well-formed', { wellFormed: 'true' }],
    ['key usage', { requiredKeyUsage: 'digitalSignature' }],
    ['extended key usage', { requiredExtendedKeyUsage: 'clientAuth' }],
    ['alternative name', { requireSubjectAlternativeName: 'true' }],
  ])(
    '6.1 ok/the check %s is strict by default, may be tolerant, and is refused where checks are off',
    (_title, check) => {
      const on = { requireCurrentlyValid: true, wellFormed: true };
      expect(read(check)).toMatchObject({ certificateUploadCheck: 'strict', ...on });
      expect(read({ ...check, certificateUploadCheck: 'tolerant' })).toMatchObject({
        certificateUploadCheck: 'tolerant',
        ...on,
      });
      const [name] = Object.keys(check);
      expect(errorsOf({ ...check, certificateUploadCheck: 'none' })).toEqual([
        expect.objectContaining({
          code: 'errors.invalidData',
          field: 'parameters.certificateUploadCheck',
          message: `certificateUploadCheck none would leave ${name} without effect.`,
        }),
      ]);
    },
  );

  it.each([{}, { certificateUploadCheck: 'none' }])('6.1 ok/documented parameters with %o are accepted', (check) => {
    const documented = {
      certificateUploadCheckSubjectDNElements: 'USER_NAME',
      requireSubjectAlternativeName: 'false',
    };
    expect(read({ ...documented, ...check })).toMatchObject({
      certificateUploadCheck: 'none',
      certificateUploadCheckSubjectDNElements: [{ kind: 'variable', variable: 'USER_NAME' }],
      requireCurrentlyValid: false,
      wellFormed: false,
    });
  });

  it('6.1 fail/with the check none, only our own parameters are refused as without effect', () => {
    const none = { certificateUploadCheck: 'none', certificateUploadCheckSubjectDNElements: 'USER_NAME' };
    expect(errorsOf({ ...none, maxValidityDays: '1' })).toEqual([
      expect.objectContaining({ message: 'certificateUploadCheck none would leave maxValidityDays without effect.' }),
    ]);
  });

  it('6 ok/the longest list of the longest entries', () => {
    const entries = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(250, 'x'));
    expect(read({ issuerDNUpdateList: entries.join('|') }).issuerDNUpdateList).toEqual(entries);
  });

  it('6.1 ok/checks that are on by default can be switched off', () => {
    const policy = read({ certificateUploadCheck: 'strict', requireCurrentlyValid: 'false', wellFormed: 'false' });
    expect(policy).toMatchObject({
      certificateUploadCheck: 'strict',
      requireCurrentlyValid: false,
      wellFormed: false,
    });
  });

  it('6.1 ok/a check that is off needs no other parameter', () => {
    expect(read({ wellFormed: 'false' }).certificateUploadCheck).toBe('none');
    expect(read({ wellFormed: 'false', certificateUploadCheck: 'none' }).certificateUploadCheck).toBe('none');
  });
});
