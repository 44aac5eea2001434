import { expect, test } from 'vitest';

import { certificateOf, extension, hex, sequence } from '../../test/support/der.js';
import { type CertificateExtensions, testAuthority } from '../../test/support/pki.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { unusableReason } from './trust-set-certificates.rules.js';

const NOW = new Date('2026-06-01T12:00:00Z');

function read(der: Buffer): DerCertificate {
  const result = readCertificate(der);
  if (!result.ok) throw new Error(result.message);
  return result.certificate;
}

const authority = async (extensions: CertificateExtensions = {}) => read((await testAuthority({ extensions })).der);

const BASIC_CONSTRAINTS = extension('2.5.29.19', sequence(hex('0101ff')));

test('11.2 ok/an anchor that is not self-signed', async () => {
  const root = await testAuthority({ name: 'Root' });
  const { der } = await testAuthority({ name: 'Issuing', issuer: root });
  expect(unusableReason(read(der), NOW)).toBeUndefined();
});

test.each<[string, CertificateExtensions, string | undefined]>([
  ['ok/no key usage', { keyUsage: undefined } as never, undefined],
  ['ok/keyCertSign among others', { keyUsage: ['keyCertSign', 'digitalSignature'] }, undefined],
  ['fail/a key usage without keyCertSign', { keyUsage: ['cRLSign'] }, 'keyUsage'],
  ['fail/no basic constraints', { basicConstraints: undefined } as never, 'notCa'],
  ['fail/basic constraints without CA', { basicConstraints: { ca: false } }, 'notCa'],
])('11.2 %s', async (_, extensions, reason) => {
  expect(unusableReason(await authority(extensions), NOW)).toBe(reason);
});

test.each<[string, string, string | undefined]>([
  ['ok/at notBefore', '2020-01-01T00:00:00Z', undefined],
  ['fail/a millisecond before notBefore', '2019-12-31T23:59:59.999Z', 'notYetValid'],
  ['ok/at notAfter', '2040-01-01T00:00:00Z', undefined],
  ['fail/a millisecond after notAfter', '2040-01-01T00:00:00.001Z', 'expired'],
])('11.2 %s', async (_, instant, reason) => {
  expect(unusableReason(await authority(), new Date(instant))).toBe(reason);
});

test('11.2 fail/a v1 certificate, which cannot say that it is a CA', () => {
  const v1 = read(certificateOf({ version: Buffer.alloc(0) }));
  expect([v1.structure.version, v1.structure.extensions]).toEqual([0, undefined]);
  expect(unusableReason(v1, NOW)).toBe('notCa');
});

test.each<[string, Parameters<typeof certificateOf>[0]]>([
  ['an empty subject', { subject: sequence(), extensions: [BASIC_CONSTRAINTS] }],
  ['basic constraints that cannot be read', { extensions: [extension('2.5.29.19', hex('0101ff'))] }],
  ['basic constraints twice', { extensions: [BASIC_CONSTRAINTS, BASIC_CONSTRAINTS] }],
  ['a key usage that cannot be read', { extensions: [BASIC_CONSTRAINTS, extension('2.5.29.15', hex('0500'))] }],
])('11.2 fail/%s: what cannot be read is not trusted', (_, parts) => {
  expect(unusableReason(read(certificateOf(parts)), NOW)).toBe('malformed');
});
