import { constants, generateKeyPairSync, sign } from 'node:crypto';

import { describe, expect, it, test } from 'vitest';

import { extension, hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { verdict } from '../../../test/support/path-search.js';
import { authority, type AuthorityRequest, endEntity, extensions } from '../../../test/support/signed-certificate.js';
import { readCertificate } from '../certificate/read-certificate.js';
import { Tag } from '../der/tag.js';

const root = authority('Root');

const basic = (value: Buffer) => extension('2.5.29.19', value, true);
const usage = (digits: string) => extension('2.5.29.15', hex(digits), true);
const issuer = (...list: readonly Buffer[]) => authority('CA', { issuer: root, extensions: list });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SHA256 = '2.16.840.1.101.3.4.2.1';
const SHA1 = '1.3.14.3.2.26';
const digestOf = (oid: string, ...more: readonly Buffer[]) => sequence(objectIdentifier(oid), ...more);
const pss = (...fields: readonly Buffer[]) => sequence(objectIdentifier('1.2.840.113549.1.1.10'), sequence(...fields));
const hashField = tlv(0xa0, digestOf(SHA256));
const mask = (digest: Buffer) => tlv(0xa1, sequence(objectIdentifier('1.2.840.113549.1.1.8'), digest));
const salt = (digits: string) => tlv(0xa2, tlv(Tag.integer, hex(digits)));
const rsaCa = authority('RSA', { issuer: root, keys: rsa });
const signing = (algorithm: Buffer) => ({
  algorithm,
  signing: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
});
const spki = (algorithm: Buffer, key: Buffer) => sequence(algorithm, tlv(Tag.bitString, hex('00'), key));
const zeroSignature = () => sequence(hex('020100'), hex('020100'));

describe('encodings', () => {
  test.each([
    ['two basicConstraints that differ', [basic(sequence()), basic(sequence(hex('0101ff')))]],
    ['BOOLEAN of 01', [basic(sequence(hex('010101')))]],
    ['BOOLEAN of two octets', [basic(sequence(hex('0102ffff')))]],
    ['a negative path length', [basic(sequence(hex('0101ff0201ff')))]],
    ['a path length that is not minimal', [basic(sequence(hex('0101ff02020000')))]],
    ['a path length before the flag', [basic(sequence(hex('0201000101ff')))]],
    ['data behind', [basic(Buffer.concat([sequence(hex('0101ff')), hex('00')]))]],
    ['an indefinite length', [basic(hex('30800101ff0000'))]],
    ['a length that is not minimal', [basic(hex('3081030101ff'))]],
    ['an empty value', [basic(Buffer.alloc(0))]],
    ['keyCertSign among the unused bits', [basic(sequence(hex('0101ff'))), usage('03020704')]],
    ['no usage at all', [basic(sequence(hex('0101ff'))), usage('030100')]],
    ['only zeros as usage', [basic(sequence(hex('0101ff'))), usage('03020000')]],
    ['empty constraints', [basic(sequence(hex('0101ff'))), extension('2.5.29.30', sequence(), true)]],
    ['an empty list of constraints', [basic(sequence(hex('0101ff'))), extension('2.5.29.30', hex('3002a000'))]],
    ['an empty list of purposes', [basic(sequence(hex('0101ff'))), extension('2.5.29.37', sequence())]],
    ['an empty list of policies', [basic(sequence(hex('0101ff'))), extension('2.5.29.32', sequence())]],
  ])('15. a CA with %s issues nothing', (_, list) => {
    const hostile = issuer(...list);
    expect(verdict([root, hostile, endEntity(hostile)])).toBe('malformed');
  });

  it('16. an extension cannot hide behind another writing of its identifier, nor a list behind its end', () => {
    const named = endEntity(root).der;
    const notMinimal = Buffer.from(named.toString('latin1').replace('\x55\x1d\x0f', '\x55\x80\x0f'), 'latin1');
    expect(readCertificate(notMinimal).ok).toBe(false);
    expect(readCertificate(Buffer.concat([named, hex('00')])).ok).toBe(false);
    expect(() =>
      endEntity(root, { extensions: [Buffer.concat([extensions.basicConstraints(true), hex('3000')])] }),
    ).toThrow();
  });

  test.each([
    ['UTCTime of 1950', { notAfter: '500101000000Z' }, 'expired'],
    ['GeneralizedTime of 2050', { notAfter: '20500101000000Z' }, 'proven'],
    ['UTCTime of 2049', { notAfter: '491231235959Z' }, 'proven'],
    ['the last second', { notAfter: '260601000000Z' }, 'proven'],
    ['the second before', { notAfter: '260531235959Z' }, 'expired'],
    ['year 0', { notAfter: '00000101000000Z' }, 'expired'],
    ['a fraction', { notAfter: '20300101000000.9Z' }, 'malformed'],
    ['notBefore of year 9999', { notBefore: '99991231235959Z', notAfter: '99991231235959Z' }, 'notYetValid'],
  ] as const)('17. %s', (_, period, expected) => {
    expect(verdict([root, endEntity(root, period)])).toBe(expected);
  });
});

describe('algorithms', () => {
  test.each([
    ['sound parameters', pss(hashField, mask(digestOf(SHA256)), salt('20')), 'proven'],
    ['another salt length', pss(hashField, mask(digestOf(SHA256)), salt('21')), 'badSignature'],
    ['a negative salt length', pss(hashField, mask(digestOf(SHA256)), salt('e0')), 'weakAlgorithm'],
    ['a huge salt length', pss(hashField, mask(digestOf(SHA256)), salt('7fffffff')), 'badSignature'],
    ['two digests', pss(hashField, mask(digestOf(SHA1)), salt('20')), 'weakAlgorithm'],
    ['the default digest, SHA-1', pss(salt('20')), 'weakAlgorithm'],
    ['another trailer', pss(hashField, mask(digestOf(SHA256)), salt('20'), tlv(0xa3, hex('020102'))), 'weakAlgorithm'],
    [
      'data behind the digest',
      pss(tlv(0xa0, digestOf(SHA256), hex('0500')), mask(digestOf(SHA256)), salt('20')),
      'weakAlgorithm',
    ],
    [
      'parameters of the digest',
      pss(tlv(0xa0, digestOf(SHA256, hex('020100'))), mask(digestOf(SHA256)), salt('20')),
      'weakAlgorithm',
    ],
    ['no parameters', sequence(objectIdentifier('1.2.840.113549.1.1.10')), 'weakAlgorithm'],
    ['the algorithm of ECDSA', sequence(objectIdentifier('1.2.840.10045.4.3.2')), 'badSignature'],
    [
      'the algorithm of RSA without PSS',
      sequence(objectIdentifier('1.2.840.113549.1.1.11'), hex('0500')),
      'badSignature',
    ],
  ])('18. a signature by RSASSA-PSS with %s', (_, algorithm, expected) => {
    expect(verdict([root, rsaCa, endEntity(rsaCa, signing(algorithm))])).toBe(expected);
  });

  it('19. a key that everybody can sign with, or that is not on its curve, issues nothing', () => {
    const withKey = (publicKey: Buffer, forge: AuthorityRequest['forge']) => {
      const hostile = authority('CA', { issuer: root, publicKey });
      return verdict([root, hostile, endEntity(hostile, forge === undefined ? {} : { forge })]);
    };
    const modulus = rsa.publicKey.export({ format: 'der', type: 'pkcs1' });
    const exponentOne = Buffer.from(modulus.toString('hex').replace(/0203010001$/, '0203000001'), 'hex');
    const rsaAlgorithm = sequence(objectIdentifier('1.2.840.113549.1.1.1'), hex('0500'));
    expect(withKey(spki(rsaAlgorithm, exponentOne), undefined)).not.toBe('proven');
    const p256 = sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier('1.2.840.10045.3.1.7'));
    for (const point of [hex('00'), Buffer.concat([hex('04'), Buffer.alloc(64, 1)]), Buffer.alloc(0)]) {
      expect(withKey(spki(p256, point), zeroSignature)).not.toBe('proven');
    }
    for (const digits of ['020100', '020101']) {
      const forge = () => sequence(hex(digits), hex(digits));
      expect(verdict([root, endEntity(root, { forge })])).toBe('badSignature');
    }
    const trailing = endEntity(root, {
      forge: (tbs) => Buffer.concat([sign('sha256', tbs, root.keys.privateKey), hex('00')]),
    });
    expect(verdict([root, trailing])).toBe('badSignature');
  });

  it('20. a signature of other than whole octets is none, so that nobody can change a certificate that is signed', () => {
    let signed = endEntity(root);
    while ((signed.der.at(-1) ?? 0) % 2 !== 0) signed = endEntity(root);
    expect(verdict([root, signed])).toBe('proven');
    const der = Buffer.from(signed.der);
    der.writeUInt8(1, der.length - signed.certificate.structure.signatureValue.octets.length - 1);
    const read = readCertificate(der);
    if (!read.ok) throw new Error(read.message);
    expect(verdict([root, { ...signed, certificate: read.certificate }])).toBe('badSignature');
  });
});
