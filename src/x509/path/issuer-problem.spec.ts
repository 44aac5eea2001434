import { expect, test } from 'vitest';

import { extension, hex, objectIdentifier, sequence } from '../../../test/support/der.js';
import {
  authority,
  type AuthorityRequest,
  ecKeys,
  extensions,
  type Issued,
  SERVER_AUTH,
} from '../../../test/support/signed-certificate.js';
import { issuerProblem } from './issuer-problem.js';
import type { PathReason } from './path-result.js';

const NOW = new Date('2026-06-01T12:00:00Z');

const reason = ({ certificate }: Issued, { isAnchor = true, at = NOW } = {}) =>
  issuerProblem(certificate, isAnchor, at)?.reason;

const ca = extensions.basicConstraints(true);
const root = authority('Root');

test('11.2 ok/an anchor that is not self-signed', () => {
  expect(reason(authority('Issuing', { issuer: root }))).toBeUndefined();
});

test.each<[string, AuthorityRequest, PathReason | undefined]>([
  ['ok/no key usage', { extensions: [ca] }, undefined],
  ['ok/keyCertSign among others', { extensions: [ca, extensions.keyUsage('keyCertSign', 'cRLSign')] }, undefined],
  ['ok/a purpose that a policy may ask for', { and: [extensions.extendedKeyUsage(SERVER_AUTH)] }, undefined],
  ['fail/a key usage without keyCertSign', { extensions: [ca, extensions.keyUsage('cRLSign')] }, 'keyUsage'],
  ['fail/no basic constraints', { extensions: [] }, 'notCa'],
  ['fail/basic constraints without CA', { extensions: [extensions.basicConstraints(false)] }, 'notCa'],
  ['fail/a v1 certificate, which cannot say that it is a CA', { version: 1, extensions: undefined }, 'notCa'],
  ['fail/an unknown critical extension', { and: [extensions.unknown(true)] }, 'unknownCriticalExtension'],
  ['fail/a curve that is too small', { keys: ecKeys('prime192v1') }, 'weakAlgorithm'],
  ['fail/an empty subject', { subject: sequence() }, 'malformed'],
  ['fail/basic constraints that cannot be read', { extensions: [extension('2.5.29.19', hex('0101ff'))] }, 'malformed'],
  ['fail/basic constraints twice', { extensions: [ca, ca] }, 'malformed'],
  ['fail/a key usage that cannot be read', { extensions: [ca, extension('2.5.29.15', hex('0500'))] }, 'malformed'],
])('11.2 %s', (_, request, expected) => {
  expect(reason(authority('CA', request))).toBe(expected);
});

test.each<[string, string, PathReason | undefined]>([
  ['ok/at notBefore', '2026-01-01T00:00:00Z', undefined],
  ['fail/a millisecond before notBefore', '2025-12-31T23:59:59.999Z', 'notYetValid'],
  ['ok/in the second of notAfter', '2027-01-01T00:00:00.999Z', undefined],
  ['fail/a second after notAfter', '2027-01-01T00:00:01Z', 'expired'],
])('11.2 %s', (_, at, expected) => {
  const dated = authority('CA', { notBefore: '260101000000Z', notAfter: '270101000000Z' });
  expect(reason(dated, { at: new Date(at) })).toBe(expected);
});

test('12.3 the signature of an anchor may be weak, that of an intermediate may not', () => {
  const sha1 = sequence(objectIdentifier('1.2.840.10045.4.1'));
  const weak = authority('Weak', { issuer: root, algorithm: sha1, digest: 'sha1' });
  expect(reason(weak)).toBeUndefined();
  expect(reason(weak, { isAnchor: false })).toBe('weakAlgorithm');
});
