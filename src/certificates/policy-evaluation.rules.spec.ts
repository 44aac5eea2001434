import { describe, expect, it } from 'vitest';

import { certificateOf, later, nameOf, NOW, ownerOf, policyOf, findingOf } from '../../test/support/rule-fixtures.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { unlistedIssuerOutcomes, evaluatePolicy, violationsOf } from './policy-evaluation.rules.js';
import type { RuleOutcome } from './rule-outcome.js';

/** The outcomes of one parameter, without the rules that are on by default. */
function outcomesOf(parameter: string, value: string, members: Partial<Certificate> = {}): readonly RuleOutcome[] {
  const outcomes = evaluatePolicy(policyOf({ [parameter]: value }), certificateOf(members), ownerOf(), NOW);
  return outcomes.filter(({ rule }) => rule === parameter);
}

describe('evaluatePolicy', () => {
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
      '6.1 ok/RSA with exactly the size',
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
    ['6.1 ok/the same curve', 'keyTypes', 'EC:P-256', {}],
    ['6.1 ok/a larger curve', 'keyTypes', 'EC:P-256', { publicKey: { type: 'EC', bits: 521, curve: 'P-521' } }],
    ['6.1 ok/Ed25519', 'keyTypes', 'Ed25519', { publicKey: { type: 'Ed25519', bits: undefined, curve: undefined } }],
    ['6.1 ok/signature algorithm', 'signatureAlgorithms', 'ED25519,ecdsa-with-SHA256', {}],
    ['6.1 ok/exactly the number of days', 'maxValidityDays', '365', {}],
    ['6.1 ok/valid from this instant', 'requireCurrentlyValid', 'true', { notBefore: NOW }],
    ['6.1 ok/valid to this instant', 'requireCurrentlyValid', 'true', { notAfter: NOW }],
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

  it('6.3 ok/a rule with elements has one outcome for each element', () => {
    expect(outcomesOf('requiredKeyUsage', 'digitalSignature,cRLSign').map(({ passed }) => passed)).toEqual([
      true,
      false,
    ]);
    expect(outcomesOf('requiredExtendedKeyUsage', 'serverAuth,clientAuth').map(({ passed }) => passed)).toEqual([
      false,
      true,
    ]);
  });

  it('6 ok/without a check only the issuer list is evaluated', () => {
    expect(evaluatePolicy(policyOf(), certificateOf(), ownerOf(), NOW)).toEqual([]);
    const outcomes = evaluatePolicy(
      policyOf({ certificateUploadAllowedIssuerCNList: 'X' }),
      certificateOf(),
      ownerOf(),
      NOW,
    );
    expect(outcomes).toHaveLength(1);
  });

  it.each(['requireCurrentlyValid', 'wellFormed'])(
    '6.1 ok/%s is not evaluated where the policy turns it off',
    (parameter) => {
      const policy = policyOf({ certificateUploadCheck: 'strict', [parameter]: 'false' });
      const bad = certificateOf({ notAfter: later(-1), findings: [findingOf('subject', 'It is odd.')] });
      const rules = evaluatePolicy(policy, bad, ownerOf(), NOW).map(({ rule }) => rule);
      expect(rules).toEqual(['requireCurrentlyValid', 'wellFormed'].filter((name) => name !== parameter));
    },
  );

  it('6 ok/with certificateUploadCheck none the documented check of subjects is not evaluated', () => {
    const policy = policyOf({ certificateUploadCheck: 'none', certificateUploadCheckSubjectDNElements: 'Nobody' });
    expect(evaluatePolicy(policy, certificateOf(), ownerOf(), NOW)).toEqual([]);
  });

  it('6.1 ok/the rules that are on by default are evaluated with any check', () => {
    const outcomes = evaluatePolicy(policyOf({ certificateUploadCheck: 'tolerant' }), certificateOf(), ownerOf(), NOW);
    expect(outcomes.map(({ rule }) => rule)).toEqual(['requireCurrentlyValid', 'wellFormed']);
  });

  it('6.3 ok/every rule is evaluated, whatever the others found; an unlisted issuer is not a violation', () => {
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
      findings: [findingOf('subject', 'It is odd.')],
    });
    const outcomes = evaluatePolicy(policy, bad, ownerOf(), NOW);
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
    expect(unlistedIssuerOutcomes(outcomes)).toHaveLength(1);
    expect(outcomes).toHaveLength(11);
  });

  it('6.3 ok/values from the certificate are escaped and limited in length', () => {
    const issuer = nameOf(['CN', `\u0000\u202eevil\n${'x'.repeat(4000)}`]);
    const [outcome] = outcomesOf('certificateUploadAllowedIssuerCNList', 'A', { issuer });
    expect(outcome?.found).toMatch(/^\\00\\E2\\80\\AEevil\\0Ax+…$/);
    expect(outcome?.found).toHaveLength(250);
  });
});
