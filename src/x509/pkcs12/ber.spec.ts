import { describe, expect, it } from 'vitest';

import { hex } from '../../../test/support/der.js';
import { pkcs12Entries, readPkcs12File } from '../../../test/support/pkcs12-corpus.js';
import { DerError } from '../der/der-error.js';
import { toDer } from './ber.js';

describe('BER converted to definite lengths', () => {
  it.each([
    ['a primitive value', '0403010203', '0403010203'],
    ['a SEQUENCE', '3006020101020102', '3006020101020102'],
    ['an indefinite length', '30800201010000', '3003020101'],
    ['one inside another', '3080308002010100000000', '30053003020101'],
    ['a length that is not minimal', '30820003020101', '3003020101'],
    ['an OCTET STRING in pieces', '248004010104010200 00', '04020102'],
    ['pieces that are in pieces', '24802480040101000004010200 00', '04020102'],
    ['an empty OCTET STRING', '24800000', '0400'],
    ['a context tag, whose pieces keep their tags', 'a08004010104010200 00', 'a006040101040102'],
  ])('PKCS#12: %s', (_, ber, der) => {
    expect(toDer(hex(ber.replaceAll(' ', ''))).toString('hex')).toBe(der);
  });

  it('PKCS#12: a content over 127 octets gets a length in long form', () => {
    const content = Buffer.alloc(300, 7);
    const ber = Buffer.concat([hex('24800482012c'), content, hex('0000')]);
    expect(toDer(ber)).toEqual(Buffer.concat([hex('0482012c'), content]));
  });

  it.each([
    ['nothing', '', 'the data ends too early'],
    ['a tag alone', '30', 'the data ends too early'],
    ['a length cut off', '308201', 'the data ends too early'],
    ['a content cut off', '0403010200'.slice(0, 8), 'a length is beyond the data'],
    ['an element beyond its parent', '3003020301', 'a length is beyond the data'],
    ['a length of 2⁶⁴', '3088ffffffffffffffff', 'a length is beyond the data'],
    ['a length of 126 octets', `30fe${'ff'.repeat(126)}`, 'a length is beyond the data'],
    ['a length of 126 octets that are missing', '30fe01', 'the data ends too early'],
    ['no end-of-contents', '3080020101', 'the data ends too early'],
    ['half an end-of-contents', '308002010100', 'the data ends too early'],
    ['a wrong end-of-contents', '30800201010001', 'the end-of-contents octets are wrong'],
    ['an indefinite primitive value', '04800000', 'a primitive value has an indefinite length'],
    ['a high tag number', '1f810100', 'a tag number is above 30'],
    ['an OCTET STRING of integers', '2403020101', 'a constructed octet string contains another type'],
    ['bytes that follow', '04010100', 'bytes follow the end of the value'],
  ])('PKCS#12: refuses %s', (_, ber, message) => {
    expect(() => toDer(hex(ber))).toThrow(new DerError(message));
  });

  it.each([
    ['definite', nestedDefinite(100_000)],
    ['indefinite', Buffer.concat([Buffer.alloc(200_000, hex('3080'))])],
    ['pieces', Buffer.alloc(200_000, hex('2480'))],
  ])('PKCS#12: refuses 100,000 levels, %s', (_, ber) => {
    expect(() => toDer(ber)).toThrow(new DerError('values are nested too deeply'));
  });

  it('PKCS#12: files in DER are not changed', () => {
    const accepted = pkcs12Entries.filter(({ expected }) => expected !== 'reject');
    const changed = accepted.filter(({ file }) => {
      const bytes = readPkcs12File(file);
      return !toDer(bytes).equals(bytes);
    });
    // NSS, and so Firefox, writes indefinite lengths.
    expect(changed.map(({ file }) => file)).toEqual([
      'openssl/test-BER.p12',
      'boringssl/empty_password_ber.p12',
      'boringssl/empty_password_ber_nested.p12',
      'boringssl/nss.p12',
      'rustcrypto/ValidCertificatePathTest1EE_firefox.p12',
    ]);
  });
});

function nestedDefinite(levels: number): Buffer {
  const ber = Buffer.alloc(levels * 5);
  for (let level = 0; level < levels; level += 1) {
    ber.writeUInt16BE(0x3083, level * 5);
    ber.writeUIntBE((levels - level - 1) * 5, level * 5 + 2, 3);
  }
  return ber;
}
