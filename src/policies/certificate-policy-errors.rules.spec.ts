import { describe, expect, it } from 'vitest';

import { CERTIFICATE_PARAMETERS } from './certificate-parameters.rules.js';
import { readCertificatePolicy } from './certificate-policy.rules.js';

function errorsOf(parameters: Record<string, string>) {
  return readCertificatePolicy(parameters).errors;
}

describe('readCertificatePolicy, errors', () => {
  it.each<[string, string, string, string?]>([
    ['6 fail/a boolean', 'allowCertificateUpload', 'yes'],
    ['15.6 fail/more than a year of grace', 'rolloverGraceDays', '366'],
    ['6 fail/a boolean in capitals', 'autoUpdate', 'TRUE'],
    ['6 fail/an enumeration', 'certificateUploadCheck', 'lenient', 'one of none, tolerant, strict'],
    ['6 fail/an empty list', 'certificateUploadAllowedIssuerCNList', ''],
    ['6 fail/an empty entry', 'certificateUploadAllowedIssuerCNList', 'A||B'],
    [
      '6 fail/101 entries',
      'issuerDNUpdateList',
      Array.from({ length: 101 }, () => 'CN=A').join('|'),
      'at most 100 entries',
    ],
    ['6 fail/an entry of 251 characters', 'issuerDNUpdateList', 'x'.repeat(251), 'entries of at most 250 characters'],
    ['6 fail/a lifetime of zero', 'credentialLifetime', '0'],
    ['6 fail/a negative lifetime', 'credentialLifetime', '-1'],
    ['6 fail/a lifetime with a fraction', 'credentialLifetime', '1.5'],
    ['6 fail/a lifetime beyond all dates', 'credentialLifetime', '9007199254740993'],
    ['6 fail/zero failures', 'maxCredFailureCount', '0'],
    ['6 fail/-2 failures', 'tmpLockingThreshold', '-2'],
    ['6 fail/failures beyond int32', 'maxCredFailureCount', '2147483648'],
    ['6 fail/an exponent', 'tmpLockingDuration', '6e4'],
    ['6 fail/a mode', 'tmpLockingMode', 'Strict', 'one of strict, threshold'],
    ['2.12 fail/a common boolean', 'auditCredentialValue', '1', 'true or false'],
    ['2.12 fail/a common enumeration', 'validityDateCalculationVersion', 'v3', 'one of v1, v2'],
    ['6.1 fail/an unknown key type', 'keyTypes', 'RSA:2048,ECDSA:P-256'],
    ['6.1 fail/a key type without its size', 'keyTypes', 'RSA'],
    ['6.1 fail/a key type without its curve', 'keyTypes', 'EC'],
    ['6.1 fail/a curve by its size', 'keyTypes', 'EC:256'],
    ['6.1 fail/an unknown curve', 'keyTypes', 'EC:P-257'],
    ['6.1 fail/a type that cannot sign', 'keyTypes', 'X25519'],
    ['6.1 fail/a size for a type without sizes', 'keyTypes', 'Ed25519:256'],
    ['6.1 fail/a size of zero', 'keyTypes', 'RSA:0'],
    ['6.1 fail/too many parts', 'keyTypes', 'RSA:2048:3'],
    [
      "6.1 fail/OpenSSL's short name",
      'signatureAlgorithms',
      'RSA-SHA256',
      "a list of signature algorithms with OpenSSL's long names, perhaps sha256WithRSAEncryption",
    ],
    ['6.1 fail/zero days', 'maxValidityDays', '0'],
    ['6.1 fail/too many days', 'maxValidityDays', '36501', 'a whole number from 1 to 36500'],
    [
      '6.1 fail/a key usage',
      'requiredKeyUsage',
      'digitalSignatur',
      'a list of key usages with their names in RFC 5280, perhaps digitalSignature',
    ],
    [
      '6.1 fail/an extended key usage',
      'requiredExtendedKeyUsage',
      'clientauth',
      'a list of extended key usages with their names in RFC 5280, or dotted OIDs, perhaps clientAuth',
    ],
    ['6.1 fail/an invalid OID', 'requiredExtendedKeyUsage', '3.1.2'],
    ['6.1 fail/the name of an object member', 'requiredExtendedKeyUsage', 'constructor'],
    [
      '6.2 fail/an unknown variable',
      'certificateUploadCheckSubjectDNElements',
      'USER_LASTNAME',
      'elements with one of the variables USER_NAME, USER_FIRSTNAME, USER_LOGINID, USER_EXTID, USER_EMAIL',
    ],
    ['6.2 fail/a variable in another case', 'certificateUploadCheckSubjectDNElements', 'user_name'],
    ['6.2 fail/a variable of nevisIDM that is not supported', 'certificateUploadCheckSubjectDNElements', 'CRED_X'],
    [
      '6.2 fail/an attribute type',
      'certificateUploadCheckSubjectDNElements',
      'XY=Acme',
      'elements whose attribute type is a short name such as CN or a dotted OID',
    ],
    [
      '6.2 fail/an attribute type in another case',
      'certificateUploadCheckSubjectDNElements',
      'cn=Acme',
      'elements whose attribute type is a short name such as CN or a dotted OID, perhaps CN',
    ],
    ['6.2 fail/no attribute type at all', 'certificateUploadCheckSubjectDNElements', '=Acme'],
    ['6.2 fail/an attribute without a value', 'certificateUploadCheckSubjectDNElements', 'O='],
    ['6.2 fail/a variable behind an attribute type', 'certificateUploadCheckSubjectDNElements', 'CN=USER_NAME'],
    ['6.2 fail/an element without a word', 'certificateUploadCheckSubjectDNElements', '\\,'],
    ['13.1 fail/revocationCheck hard without trustAnchors', 'revocationCheck', 'hard', 'trustAnchors beside it'],
    ['13.1 fail/revocationCheck soft without trustAnchors', 'revocationCheck', 'soft', 'trustAnchors beside it'],
    ['11.4 fail/no extId of a trust-anchor set', 'trustAnchors', 'two words'],
    ['13.1 fail/another revocationCheck', 'revocationCheck', 'Hard', 'one of none, soft, hard'],
  ])('%s', (_title, name, value, expected) => {
    const errors = errorsOf({ [name]: value });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'errors.invalidData',
        field: `parameters.${name}`,
        parameter: name,
        message: expect.stringContaining(name) as string,
      }),
    ]);
    if (expected !== undefined) expect(errors[0]?.expected).toBe(expected);
  });

  it.each([
    ['certificateUploadChek', 'certificateUploadCheck'],
    ['maxvaliditydays', 'maxValidityDays'],
    ['keyType', 'keyTypes'],
  ])('2.12 fail/the error on the unknown parameter %s suggests %s', (name, near) => {
    expect(errorsOf({ [name]: '1' })).toEqual([
      {
        code: 'errors.invalidData',
        message: `There is no parameter ${name}. Did you mean ${near}?`,
        field: `parameters.${name}`,
        parameter: name,
      },
    ]);
  });

  it.each(['colour', 'constructor', 'toString', 'x'.repeat(10_000)])(
    '2.12 fail/the error on the unknown parameter %.20s has no suggestion',
    (name) => {
      const [error] = errorsOf({ [name]: '1' });
      expect(error?.message).not.toContain('Did you mean');
      expect(error?.message.length).toBeLessThan(150);
    },
  );

  it('2.12 fail/__proto__ from a JSON body is an unknown parameter', () => {
    const parameters = JSON.parse('{"__proto__":"1"}') as Record<string, string>;
    expect(errorsOf(parameters)).toEqual([expect.objectContaining({ field: 'parameters.__proto__' })]);
  });

  it('6.3 fail/the value in an error is escaped and limited in length', () => {
    const [error] = errorsOf({ keyTypes: `\n\u202e${'x'.repeat(200)}` });
    expect(error?.found).toBe(`\\E2\\80\\AE${'x'.repeat(200)}`);
    expect(error?.message).not.toMatch(/[\n\u202e]/);
  });

  it('2.12 fail/all errors are reported at once, in a fixed order', () => {
    const fields = errorsOf({ keyTypes: 'X', colour: 'red', maxValidityDays: 'long', revocationCheck: 'a' }).map(
      ({ field }) => field,
    );
    expect(fields).toEqual([
      'parameters.colour',
      'parameters.keyTypes',
      'parameters.maxValidityDays',
      'parameters.revocationCheck',
    ]);
  });

  it('6.1 fail/checks beside certificateUploadCheck none are named, with the remedy', () => {
    expect(errorsOf({ certificateUploadCheck: 'none', maxValidityDays: '1', keyTypes: 'Ed25519' })).toEqual([
      {
        code: 'errors.invalidData',
        message: 'certificateUploadCheck none would leave keyTypes, maxValidityDays without effect.',
        field: 'parameters.certificateUploadCheck',
        parameter: 'certificateUploadCheck',
        expected: 'tolerant or strict',
        found: 'none',
        remedy: 'Set it to tolerant or strict, or remove the checks.',
      },
    ]);
  });

  it.each([
    ['\\,', 'elements that contain at least one word'],
    ['CN=USER_NAME', 'elements in which a variable stands alone, without an attribute type'],
    ['O=', 'elements with a value; the value of O is empty'],
  ])('6.2 fail/the error on the element %s says what is expected', (element, expected) => {
    expect(errorsOf({ certificateUploadCheckSubjectDNElements: element })[0]?.expected).toBe(expected);
  });

  it('6.1 fail/every known parameter is validated', () => {
    for (const name of Object.keys(CERTIFICATE_PARAMETERS)) {
      expect([name, errorsOf({ [name]: '' }).length]).toEqual([name, 1]);
    }
  });
});
