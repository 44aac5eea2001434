import { describe, expect, it } from 'vitest';

import {
  at,
  certificateOf,
  findingOf,
  later,
  nameOf,
  NOW,
  ownerOf,
  policyOf,
} from '../../test/support/rule-fixtures.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { evaluatePolicy } from './policy-evaluation.rules.js';
import type { RuleOutcome } from './rule-outcome.js';

const DAY = 86_400_000;

describe('evaluatePolicy, the outcome of each failed rule', () => {
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
      '6 fail/one word of the issuer name is listed',
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
      '6 fail/the name is listed with a comma in place of a space',
      'certificateUploadAllowedIssuerCNList',
      'Acme\\,CA',
      {},
      {
        expected: 'an issuer with the common name Acme,CA',
        found: 'Acme CA',
        remedy: 'Have it issued by Acme,CA, or have the issuer added to the policy.',
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
      '6 fail/the organisation is listed, not the common name',
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
      '6.1 fail/a key of unknown size',
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
        remedy: 'Register it at 2026-12-01T00:00:00Z or later.',
      },
    ],
    [
      '6.1 fail/not yet valid, and for no time at all',
      'requireCurrentlyValid',
      'true',
      { notBefore: later(1000), notAfter: NOW },
      {
        expected: 'a certificate that is valid at 2026-11-24T09:30:00Z',
        found: 'valid from 2026-11-24T09:30:01Z to 2026-11-24T09:30:00Z',
        remedy: 'Register it at 2026-11-24T09:30:01Z or later.',
      },
    ],
    [
      '6 fail/a common name of the issuer that is not a string',
      'certificateUploadAllowedIssuerCNList',
      'Acme CA',
      { issuer: nameOf(['CN', null], ['CN', 'Acme CA']) },
      {
        expected: 'an issuer with the common name Acme CA',
        found: ' and Acme CA',
        remedy: 'Have it issued by Acme CA, or have the issuer added to the policy.',
      },
    ],
    [
      '6.1 fail/findings',
      'wellFormed',
      'true',
      {
        findings: [findingOf('validity', 'The time has no seconds.'), findingOf('issuer', 'The name is empty.')],
      },
      {
        expected: 'a certificate that conforms to RFC 5280',
        found: 'validity: The time has no seconds. issuer: The name is empty.',
        remedy: 'Have it reissued without these faults.',
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
      '6.1 fail/anyExtendedKeyUsage instead of the required one',
      'requiredExtendedKeyUsage',
      'clientAuth',
      { extendedKeyUsage: new Set(['2.5.29.37.0']) },
      {
        expected: 'the extended key usage clientAuth (1.3.6.1.5.5.7.3.2)',
        found: 'anyExtendedKeyUsage (2.5.29.37.0)',
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
      '6.1 fail/an extended key usage without a usage',
      'requiredExtendedKeyUsage',
      'clientAuth',
      { extendedKeyUsage: new Set() },
      {
        expected: 'the extended key usage clientAuth (1.3.6.1.5.5.7.3.2)',
        found: 'an empty list',
        remedy: 'Have it issued with the extended key usage clientAuth.',
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
    const outcomes = evaluatePolicy(policyOf({ [parameter]: value }), certificateOf(members), ownerOf(), NOW);
    expect(outcomes.filter(({ rule }) => rule === parameter)).toEqual([
      { rule: parameter, passed: false, parameter, ...rest },
    ]);
  });
});
