import { describe, expect, it } from 'vitest';

import { cpuMilliseconds } from '../../../test/support/cpu-time.js';
import {
  certificateOf,
  distinguishedName,
  extension,
  hex,
  objectIdentifier,
  sequence,
  tlv,
} from '../../../test/support/der.js';
import { issueCertificate } from '../../../test/support/pki.js';
import { Tag } from '../der/tag.js';
import { formatName } from '../name/format-name.js';
import type { Certificate } from './certificate.js';
import { keyPurposes } from './key-purposes.js';
import { toPem } from './pem.js';
import { readCertificate } from './read-certificate.js';

function accepted(der: Buffer): Certificate {
  const result = readCertificate(der);
  if (!result.ok) throw new Error(result.message);
  return result.certificate;
}

/** Reads every member. */
function readAll(certificate: Certificate): unknown[] {
  const { subject, issuer } = certificate;
  return [
    certificate.sha256,
    certificate.sha1,
    subject && formatName(subject),
    issuer && formatName(issuer),
    certificate.serial,
    certificate.subjectKeyIdentifier,
    certificate.signatureAlgorithm,
    certificate.publicKey,
    certificate.keyUsage,
    certificate.extendedKeyUsage,
    certificate.hasSubjectAlternativeName,
    certificate.findings,
  ];
}

const utcTime = (text: string) => tlv(Tag.utcTime, Buffer.from(text));
const generalizedTime = (text: string) => tlv(Tag.generalizedTime, Buffer.from(text));

describe('readCertificate', () => {
  it('2.8 reads every field of an ordinary certificate, without a finding', async () => {
    const { der } = await issueCertificate({
      subject: [{ C: ['CH'] }, { O: ['Acme AG'] }, { CN: ['Jane Doe'] }],
      keyType: 'EC-P256',
      serial: '00c0ffee',
      notBefore: '2026-02-03T04:05:06Z',
      notAfter: '2060-02-03T04:05:06Z',
      extensions: {
        keyUsage: ['digitalSignature', 'keyAgreement'],
        extendedKeyUsage: ['clientAuth', 'emailProtection'],
        subjectAlternativeNames: [{ type: 'email', value: 'jane@acme.test' }],
        subjectKeyIdentifier: 'abcdef',
        basicConstraints: { ca: true },
      },
    });
    const certificate = accepted(der);
    expect(certificate.subject && formatName(certificate.subject)).toBe('CN=Jane Doe,O=Acme AG,C=CH');
    expect(certificate.serial).toBe('C0FFEE');
    expect(certificate.notBefore).toEqual(new Date('2026-02-03T04:05:06Z'));
    expect(certificate.notAfter).toEqual(new Date('2060-02-03T04:05:06Z'));
    expect(certificate.signatureAlgorithm).toBe('ecdsa-with-SHA256');
    expect(certificate.publicKey).toEqual({ type: 'EC', bits: 256, curve: 'P-256' });
    expect([...(certificate.keyUsage ?? [])]).toEqual(['digitalSignature', 'keyAgreement']);
    expect(certificate.extendedKeyUsage).toEqual(
      new Set([keyPurposes.get('clientAuth'), keyPurposes.get('emailProtection')]),
    );
    expect(certificate.hasSubjectAlternativeName).toBe(true);
    expect(certificate.subjectKeyIdentifier).toEqual(hex('abcdef'));
    expect(certificate.findings).toEqual([]);
  });

  it('2.8 leaves out absent members', () => {
    const certificate = accepted(certificateOf({}));
    expect(certificate.keyUsage).toBeUndefined();
    expect(certificate.extendedKeyUsage).toBeUndefined();
    expect(certificate.subjectKeyIdentifier).toBeUndefined();
    expect(certificate.hasSubjectAlternativeName).toBe(false);
    expect(certificate.publicKey).toEqual({ type: 'Ed25519', bits: undefined, curve: undefined });
    expect(certificate.findings).toEqual([]);
  });

  it.each([
    ['0a', '0A'],
    ['00', '00'],
    ['00ff', 'FF'],
    ['8001', '-7FFF'],
    ['8000', '-8000'],
    ['ff', '-01'],
    ['ff01', '-FF'],
    ['01'.repeat(40), '01'.repeat(40)],
  ])('2.8 serial %s is %s', (octets, serial) => {
    expect(accepted(certificateOf({ serialNumber: tlv(Tag.integer, hex(octets)) })).serial).toBe(serial);
  });

  it.each([
    ['an offset', utcTime('260101000000+0100'), '2025-12-31T23:00:00.000Z'],
    ['a fraction', generalizedTime('20260101000000.5Z'), '2026-01-01T00:00:00.000Z'],
    ['the year 0', generalizedTime('00000101000000Z'), '0000-01-01T00:00:00.000Z'],
    ['a GeneralizedTime before 2050', generalizedTime('20260101000000Z'), '2026-01-01T00:00:00.000Z'],
  ])('2.9 a time that node:crypto reads and RFC 5280 forbids is a finding: %s', (_, notBefore, iso) => {
    const certificate = accepted(certificateOf({ notBefore }));
    expect(certificate.notBefore.toISOString()).toBe(iso);
    expect(certificate.findings).toMatchObject([{ part: 'validity' }]);
  });

  it.each([
    ['a day that does not exist', utcTime('260230000000Z')],
    ['month 16', utcTime('261601000000Z')],
    ['a second too many', utcTime('260101000060Z')],
    ['no seconds', utcTime('0908080100Z')],
    ['a year before 0', generalizedTime('00000101000000+0100')],
    ['beyond the year 9999', generalizedTime('99991231235959-0100')],
    ['letters', utcTime('abcdefghijklZ')],
  ])('2.9 a time that cannot be read is refused: %s', (_, time) => {
    expect(readCertificate(certificateOf({ notBefore: time }))).toEqual({
      ok: false,
      message: 'The notBefore time of the certificate cannot be read.',
    });
    expect(readCertificate(certificateOf({ notAfter: time }))).toEqual({
      ok: false,
      message: 'The notAfter time of the certificate cannot be read.',
    });
  });

  it('2.9 refuses trailing bytes', () => {
    expect(readCertificate(Buffer.concat([certificateOf({}), hex('00')]))).toEqual({
      ok: false,
      message: 'There is data after the end of the certificate; remove it: openssl x509 -in FILE -out NEWFILE.',
    });
  });

  it('2.9 says of base64 in place of the octets that it is no certificate, and not that something follows one', () => {
    expect(readCertificate(Buffer.from(certificateOf({}).toString('base64')))).toEqual({
      ok: false,
      message: 'The data is not a well-formed X.509 certificate.',
    });
  });

  it('2.9 refuses two different signature algorithms, also if only the parameters differ', () => {
    const signature = sequence(objectIdentifier('1.3.101.112'), tlv(Tag.null));
    expect(readCertificate(certificateOf({ signature }))).toEqual({
      ok: false,
      message: 'The signature algorithm inside the certificate is not the one outside.',
    });
  });

  it('2.9 ignores a PEM block inside the data', () => {
    const comment = Buffer.from(`\n${toPem(certificateOf({}))}`);
    const extensions = [extension('2.16.840.1.113730.1.13', comment)];
    // OpenSSL refuses the name of the second one, and would then read the inner block as the certificate.
    const subject = distinguishedName([['2.5.4.3', Tag.utf8String, hex('c0af')]]);
    for (const withInnerBlock of [certificateOf({ extensions }), certificateOf({ subject, extensions })]) {
      expect(readCertificate(withInnerBlock)).toEqual({ ok: false, message: 'The certificate is not encoded in DER.' });
    }
    expect(readCertificate(sequence(comment))).toMatchObject({ ok: false });
    expect(readCertificate(Buffer.from(toPem(certificateOf({}))))).toMatchObject({ ok: false });
  });

  it('2.9 refuses BER in the outer structure', () => {
    const validity = hex('a080020102 0000'.replaceAll(' ', ''));
    expect(readCertificate(certificateOf({ version: validity }))).toEqual({
      ok: false,
      message: 'The certificate is not encoded in DER.',
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('Hello')],
    ['an empty sequence', sequence()],
    ['deep nesting', Buffer.concat(Array.from({ length: 5000 }, () => hex('3080')))],
    ['deep nesting in the subject', certificateOf({ subject: nested(3000) })],
    ['an infinite length', hex('3084ffffffff')],
  ])('2.9 refuses %s', (_, der) => {
    expect(readCertificate(der)).toMatchObject({ ok: false });
  });

  it('2.9 refuses a certificate that is truncated at any octet', () => {
    const der = certificateOf({ extensions: [extension('2.5.29.14', tlv(Tag.octetString, hex('ab')))] });
    for (let length = 0; length < der.length; length += 1) {
      expect(readCertificate(der.subarray(0, length)).ok, `${length} octets`).toBe(false);
    }
  });

  it('2.9 a damaged octet never throws, and an accepted result has another fingerprint', async () => {
    const { der } = await issueCertificate({
      subject: [{ O: ['Acme AG'] }, { CN: ['Jane Doe'] }],
      extensions: {
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: ['clientAuth'],
        subjectAlternativeNames: [{ type: 'email', value: 'jane@acme.test' }],
        subjectKeyIdentifier: true,
        authorityKeyIdentifier: true,
        basicConstraints: { ca: false },
      },
    });
    const original = accepted(der).sha256;
    for (let index = 0; index < der.length; index += 1) {
      for (const mask of [0x01, 0x20, 0x80, 0xff]) {
        const damaged = Buffer.from(der);
        damaged.writeUInt8(damaged.readUInt8(index) ^ mask, index);
        const result = readCertificate(damaged);
        if (!result.ok) continue;
        expect(readAll(result.certificate)[0]).not.toEqual(original);
      }
    }
  });

  it('2.8 reads a subject of 4,000 characters, including control characters', () => {
    const value = 'a\u0000\u202e\u0085\n'.repeat(700);
    const certificate = accepted(certificateOf({ subject: distinguishedName([['2.5.4.3', Tag.utf8String, value]]) }));
    expect(certificate.subject && formatName(certificate.subject)).toBe(
      `CN=${'a\\00\\E2\\80\\AE\\C2\\85\\0A'.repeat(700)}`,
    );
  });

  it('2.9 an empty issuer is absent and a finding; an empty subject is only absent', () => {
    const critical = extension('2.5.29.17', sequence(tlv(0x82, Buffer.from('a.test'))), true);
    const certificate = accepted(certificateOf({ issuer: sequence(), subject: sequence(), extensions: [critical] }));
    expect([certificate.subject, certificate.issuer]).toEqual([undefined, undefined]);
    expect(certificate.findings).toMatchObject([{ part: 'issuer', detail: 'It is empty.' }]);
  });

  it('2.9 48 KiB of names and extensions cost little CPU time', () => {
    const emptyName = tlv(0x81);
    for (const extensions of [
      [extension('2.5.29.17', sequence(...many(20_000, emptyName)))],
      many(4_000, extension('2.5.29.15', hex('030200'))),
      [extension('2.5.29.37', sequence(tlv(Tag.objectIdentifier, Buffer.alloc(40_000, 0xff))))],
      [extension('2.5.29.30', hex('3000'), true), extension('2.5.29.31', nested(3000))],
    ]) {
      const der = certificateOf({ extensions });
      const cost = cpuMilliseconds(() => {
        const result = readCertificate(der);
        if (result.ok) expect(result.certificate.findings.length).toBeLessThan(10);
      });
      expect(cost).toBeLessThan(500);
    }
  });
});

const many = (count: number, unit: Buffer) => Array.from({ length: count }, () => unit);

function nested(depth: number): Buffer {
  let der: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level += 1) der = sequence(der);
  return der;
}
