import { describe, expect, it } from 'vitest';

import { at, certificateOf, later, nameOf, NOW, ownerOf, policyOf } from '../../test/support/rule-fixtures.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { fromUnlistedIssuer, judge, violationsOf } from './policy-judgement.rules.js';
import type { RuleOutcome } from './rule-outcome.js';

/** The outcomes of one parameter alone; what is on by default with it is left out. */
function outcomesOf(parameter: string, value: string, members: Partial<Certificate> = {}): readonly RuleOutcome[] {
  const outcomes = judge(policyOf({ [parameter]: value }), certificateOf(members), ownerOf(), NOW);
  return outcomes.filter(({ rule }) => rule === parameter);
}

const DAY = 86_400_000;

describe('judge', () => {
  it.each<[string, string, string, Partial<Certificate>]>([
    ['6 ok/issuer listed', 'certificateUploadAllowedIssuerCNList', 'Other CA|Acme CA', {}],
    ['6 ok/issuer listed in another case', 'certificateUploadAllowedIssuerCNList', 'ACME  ca', {}],
    [
      '6 ok/every common name of the issuer is listed',
      'certificateUploadAllowedIssuerCNList',
      'A;B',
      { issuer: nameOf(['CN', 'B'], ['CN', 'A']) },
    ],
    [
      '6.1 ok/RSA of exactly the size',
      'keyTypes',
      'RSA:2048',
      { publicKey: { type: 'RSA', bits: 2048, curve: undefined } },
    ],
    [
      '6.1 ok/RSA larger',
      'keyTypes',
      'EC:P-384,RSA:2048',
      { publicKey: { type: 'RSA', bits: 4096, curve: undefined } },
    ],
    ['6.1 ok/the curve itself', 'keyTypes', 'EC:P-256', {}],
    ['6.1 ok/a larger curve', 'keyTypes', 'EC:P-256', { publicKey: { type: 'EC', bits: 521, curve: 'P-521' } }],
    ['6.1 ok/Ed25519', 'keyTypes', 'Ed25519', { publicKey: { type: 'Ed25519', bits: undefined, curve: undefined } }],
    ['6.1 ok/signature algorithm', 'signatureAlgorithms', 'ED25519,ecdsa-with-SHA256', {}],
    ['6.1 ok/exactly as many days', 'maxValidityDays', '365', {}],
    ['6.1 ok/valid from this very moment', 'requireCurrentlyValid', 'true', { notBefore: NOW }],
    ['6.1 ok/valid to this very moment', 'requireCurrentlyValid', 'true', { notAfter: NOW }],
    ['6.1 ok/no findings', 'wellFormed', 'true', {}],
    ['6.1 ok/key usage', 'requiredKeyUsage', 'keyAgreement', {}],
    ['6.1 ok/extended key usage by name', 'requiredExtendedKeyUsage', 'clientAuth', {}],
    ['6.1 ok/extended key usage by OID', 'requiredExtendedKeyUsage', '1.3.6.1.5.5.7.3.2', {}],
    ['6.1 ok/alternative name', 'requireSubjectAlternativeName', 'true', {}],
  ])('%s', (_title, parameter, value, members) => {
    const outcomes = outcomesOf(parameter, value, members);
    expect(outcomes).toEqual([
      {
        rule: parameter,
        passed: true,
        parameter,
        expected: expect.stringMatching(/./) as string,
        found: expect.stringMatching(/./) as string,
      },
    ]);
  });

  it.each<[string, string, string, Partial<Certificate>, Omit<RuleOutcome, 'rule' | 'parameter' | 'passed'>]>([
    [
      '6 fail/issuer not listed',
      'certificateUploadAllowedIssuerCNList',
      'Root A|Root B',
      {},
      {
        expected: 'an issuer with the common name Root A or Root B',
        found: 'Acme CA',
        remedy: 'Have it issued by Root A or Root B, or have the issuer added to the policy.',
      },
    ],
    [
      '6 fail/a word of the issuer is not its name',
      'certificateUploadAllowedIssuerCNList',
      'Acme',
      {},
      {
        expected: 'an issuer with the common name Acme',
        found: 'Acme CA',
        remedy: 'Have it issued by Acme, or have the issuer added to the policy.',
      },
    ],
    [
      '6 fail/one common name of two is not listed',
      'certificateUploadAllowedIssuerCNList',
      'Acme CA',
      { issuer: nameOf(['CN', 'Mallory'], ['CN', 'Acme CA']) },
      {
        expected: 'an issuer with the common name Acme CA',
        found: 'Mallory and Acme CA',
        remedy: 'Have it issued by Acme CA, or have the issuer added to the policy.',
      },
    ],
    [
      '6 fail/an organisation is no common name',
      'certificateUploadAllowedIssuerCNList',
      'Acme CA',
      { issuer: nameOf(['O', 'Acme CA']) },
      {
        expected: 'an issuer with the common name Acme CA',
        found: 'an issuer without a common name',
        remedy: 'Have it issued by Acme CA, or have the issuer added to the policy.',
      },
    ],
    [
      '6 fail/no readable issuer',
      'certificateUploadAllowedIssuerCNList',
      'Acme CA',
      { issuer: undefined },
      {
        expected: 'an issuer with the common name Acme CA',
        found: 'an issuer without a common name',
        remedy: 'Have it issued by Acme CA, or have the issuer added to the policy.',
      },
    ],
    [
      '6.1 fail/RSA one bit short',
      'keyTypes',
      'RSA:2048,EC:P-384,Ed25519',
      { publicKey: { type: 'RSA', bits: 2047, curve: undefined } },
      {
        expected: 'RSA of at least 2048 bits, or EC on P-384 or P-521, or Ed25519',
        found: 'RSA of 2047 bits',
        remedy: 'Have it issued for a new key: RSA of at least 2048 bits, or EC on P-384 or P-521, or Ed25519.',
      },
    ],
    [
      '6.1 fail/a smaller curve',
      'keyTypes',
      'EC:P-384',
      {},
      {
        expected: 'EC on P-384 or P-521',
        found: 'EC on P-256',
        remedy: 'Have it issued for a new key: EC on P-384 or P-521.',
      },
    ],
    [
      '6.1 fail/a curve of another family',
      'keyTypes',
      'EC:P-521',
      { publicKey: { type: 'EC', bits: 256, curve: 'secp256k1' } },
      { expected: 'EC on P-521', found: 'EC on secp256k1', remedy: 'Have it issued for a new key: EC on P-521.' },
    ],
    [
      '6.1 fail/another type of the same size',
      'keyTypes',
      'RSA:2048',
      { publicKey: { type: 'RSA-PSS', bits: 2048, curve: undefined } },
      {
        expected: 'RSA of at least 2048 bits',
        found: 'RSA-PSS of 2048 bits',
        remedy: 'Have it issued for a new key: RSA of at least 2048 bits.',
      },
    ],
    [
      '6.1 fail/a key whose size nobody can tell',
      'keyTypes',
      'RSA:2048',
      { publicKey: { type: 'RSA', bits: undefined, curve: undefined } },
      {
        expected: 'RSA of at least 2048 bits',
        found: 'RSA',
        remedy: 'Have it issued for a new key: RSA of at least 2048 bits.',
      },
    ],
    [
      '6.1 fail/signature algorithm',
      'signatureAlgorithms',
      'ED25519,ecdsa-with-SHA256',
      { signatureAlgorithm: 'sha1WithRSAEncryption' },
      {
        expected: 'ED25519 or ecdsa-with-SHA256',
        found: 'sha1WithRSAEncryption',
        remedy: 'Have it signed with ED25519 or ecdsa-with-SHA256.',
      },
    ],
    [
      '6.1 fail/days',
      'maxValidityDays',
      '397',
      { notBefore: NOW, notAfter: later(825 * DAY) },
      {
        expected: 'at most 397 days',
        found: '825 days',
        remedy: 'Have it issued for at most 397 days.',
      },
    ],
    [
      '6.1 fail/a second more than the days',
      'maxValidityDays',
      '1',
      { notBefore: NOW, notAfter: later(DAY + 1000) },
      { expected: 'at most 1 day', found: '1 day and 1 s', remedy: 'Have it issued for at most 1 day.' },
    ],
    [
      '6.1 fail/expired',
      'requireCurrentlyValid',
      'true',
      { notAfter: later(-1) },
      {
        expected: 'a certificate that is valid at 2026-11-24T09:30:00Z',
        found: 'valid from 2026-01-01T00:00:00Z to 2026-11-24T09:29:59Z',
        remedy: 'Have it renewed; it has expired.',
      },
    ],
    [
      '6.1 fail/not yet valid',
      'requireCurrentlyValid',
      'true',
      { notBefore: at('2026-12-01T00:00:00Z') },
      {
        expected: 'a certificate that is valid at 2026-11-24T09:30:00Z',
        found: 'valid from 2026-12-01T00:00:00Z to 2027-01-01T00:00:00Z',
        remedy: 'Send it from 2026-12-01T00:00:00Z on.',
      },
    ],
    [
      '6.1 fail/findings',
      'wellFormed',
      'true',
      {
        findings: [
          { part: 'validity', detail: 'The time has no seconds.' },
          { part: 'issuer', detail: 'The name is empty.' },
        ],
      },
      {
        expected: 'a certificate as RFC 5280 wants it',
        found: 'validity: The time has no seconds. issuer: The name is empty.',
        remedy: 'Have it issued anew without these faults.',
      },
    ],
    [
      '6.1 fail/key usage',
      'requiredKeyUsage',
      'keyCertSign',
      {},
      {
        expected: 'the key usage keyCertSign',
        found: 'digitalSignature, keyAgreement',
        remedy: 'Have it issued with the key usage keyCertSign.',
      },
    ],
    [
      '6.1 fail/no key usage at all',
      'requiredKeyUsage',
      'digitalSignature',
      { keyUsage: undefined },
      {
        expected: 'the key usage digitalSignature',
        found: 'no key usage',
        remedy: 'Have it issued with the key usage digitalSignature.',
      },
    ],
    [
      '6.1 fail/anyExtendedKeyUsage is not the one',
      'requiredExtendedKeyUsage',
      'clientAuth',
      { extendedKeyUsage: new Set(['2.5.29.37.0']) },
      {
        expected: 'the extended key usage clientAuth (1.3.6.1.5.5.7.3.2)',
        found: '2.5.29.37.0',
        remedy: 'Have it issued with the extended key usage clientAuth.',
      },
    ],
    [
      '6.1 fail/no extended key usage at all',
      'requiredExtendedKeyUsage',
      '1.2.3',
      { extendedKeyUsage: undefined },
      {
        expected: 'the extended key usage 1.2.3',
        found: 'no extended key usage',
        remedy: 'Have it issued with the extended key usage 1.2.3.',
      },
    ],
    [
      '6.1 fail/alternative name',
      'requireSubjectAlternativeName',
      'true',
      { hasSubjectAlternativeName: false },
      {
        expected: 'a subject alternative name',
        found: 'none',
        remedy: 'Have it issued with a subject alternative name.',
      },
    ],
  ])('%s', (_title, parameter, value, members, rest) => {
    expect(outcomesOf(parameter, value, members)).toEqual([{ rule: parameter, passed: false, parameter, ...rest }]);
  });

  it('6.3 ok/an element-wise rule has one outcome an element', () => {
    expect(outcomesOf('requiredKeyUsage', 'digitalSignature,cRLSign').map(({ passed }) => passed)).toEqual([
      true,
      false,
    ]);
    expect(outcomesOf('requiredExtendedKeyUsage', 'serverAuth,clientAuth').map(({ passed }) => passed)).toEqual([
      false,
      true,
    ]);
  });

  it('6 ok/without a check nothing but the issuer list is asked', () => {
    expect(judge(policyOf(), certificateOf(), ownerOf(), NOW)).toEqual([]);
    const outcomes = judge(policyOf({ certificateUploadAllowedIssuerCNList: 'X' }), certificateOf(), ownerOf(), NOW);
    expect(outcomes).toHaveLength(1);
  });

  it('6.1 ok/what is on by default is asked with any check', () => {
    const outcomes = judge(policyOf({ certificateUploadCheck: 'tolerant' }), certificateOf(), ownerOf(), NOW);
    expect(outcomes.map(({ rule }) => rule)).toEqual(['requireCurrentlyValid', 'wellFormed']);
  });

  it('6.3 ok/every rule is asked, whatever the others found; an unlisted issuer is no violation', () => {
    const policy = policyOf({
      certificateUploadCheck: 'strict',
      certificateUploadAllowedIssuerCNList: 'Other CA',
      certificateUploadCheckSubjectDNElements: 'USER_NAME,Nobody',
      keyTypes: 'Ed25519',
      signatureAlgorithms: 'ED25519',
      maxValidityDays: '1',
      requiredKeyUsage: 'cRLSign',
      requiredExtendedKeyUsage: 'serverAuth',
      requireSubjectAlternativeName: 'true',
    });
    const bad = certificateOf({
      notAfter: later(-1),
      hasSubjectAlternativeName: false,
      findings: [{ part: 'subject', detail: 'It is odd.' }],
    });
    const outcomes = judge(policy, bad, ownerOf(), NOW);
    expect(violationsOf(outcomes).map(({ rule }) => rule)).toEqual([
      'certificateUploadCheckSubjectDNElements',
      'keyTypes',
      'signatureAlgorithms',
      'maxValidityDays',
      'requireCurrentlyValid',
      'wellFormed',
      'requiredKeyUsage',
      'requiredExtendedKeyUsage',
      'requireSubjectAlternativeName',
    ]);
    expect(fromUnlistedIssuer(outcomes)).toHaveLength(1);
    expect(outcomes).toHaveLength(11);
  });

  it('6.3 ok/what the certificate says is escaped and bounded', () => {
    const issuer = nameOf(['CN', `\u0000\u202eevil\n${'x'.repeat(4000)}`]);
    const [outcome] = outcomesOf('certificateUploadAllowedIssuerCNList', 'A', { issuer });
    expect(outcome?.found).toMatch(/^\\00\\E2\\80\\AEevil\\0Ax+…$/);
    expect(outcome?.found).toHaveLength(250);
  });
});
