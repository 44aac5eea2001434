import { describe, expect, it } from 'vitest';

import { DerError } from './der-error.js';
import { DerReader, type DerValue } from './der-reader.js';
import { readObjectIdentifier } from './object-identifier.js';
import { readBitString, readBoolean, readCount, readIntegerOctets, readNamedBits } from './primitives.js';
import { readTime } from './time.js';

const value = (hex: string): DerValue => new DerReader(Buffer.from(hex, 'hex')).next();
const withContent = (tag: number, content: Buffer): DerValue =>
  new DerReader(Buffer.concat([Buffer.from([tag, content.length]), content])).next();

describe('primitive types', () => {
  it('reads only booleans in DER', () => {
    expect([readBoolean(value('0101ff')), readBoolean(value('010100'))]).toEqual([true, false]);
    for (const wrong of ['010101', '0100', '0102ffff']) expect(() => readBoolean(value(wrong))).toThrow(DerError);
  });

  it('reads only minimal integers', () => {
    for (const hex of ['00', '7f', '0080', '80', 'ff7f', 'ff']) {
      expect(readIntegerOctets(withContent(2, Buffer.from(hex, 'hex'))).toString('hex')).toBe(hex);
    }
    for (const wrong of ['0200', '02020001', '0202ff80']) {
      expect(() => readIntegerOctets(value(wrong))).toThrow(DerError);
    }
  });

  it('reads counts from 0 to 2³¹-1', () => {
    expect([readCount(value('020100')), readCount(value('02047fffffff'))]).toEqual([0, 2 ** 31 - 1]);
    expect(() => readCount(value('0201ff'))).toThrow('negative');
    expect(() => readCount(value('02050080000000'))).toThrow('too large');
  });

  it('reads bit strings, and named bits with a problem for trailing zeros', () => {
    expect(readBitString(value('03020780'))).toEqual({ unusedBits: 7, octets: Buffer.from([0x80]) });
    for (const wrong of ['0300', '030101', '030208ff', '03020101']) {
      expect(() => readBitString(value(wrong))).toThrow(DerError);
    }
    const problems: string[] = [];
    expect(readNamedBits(value('030205a0'), problems)).toEqual([0, 2]);
    expect(readNamedBits(value('0303070080'), problems)).toEqual([8]);
    expect(readNamedBits(value('030100'), problems)).toEqual([]);
    expect(problems).toEqual([]);
    expect(readNamedBits(value('030204a0'), problems)).toEqual([0, 2]);
    expect(problems).toEqual(['a bit list has trailing zero bits']);
  });

  it.each([
    ['2a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['550403', '2.5.4.3'],
    ['883703', '2.999.3'],
    ['27', '0.39'],
    ['4f', '1.39'],
    ['50', '2.0'],
    ['6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776', '2.25.329800735698586629295641978511506172918'],
  ])('ok/object identifier %s', (hex, dotted) => {
    expect(readObjectIdentifier(withContent(6, Buffer.from(hex, 'hex')))).toBe(dotted);
  });

  it.each([
    ['empty', ''],
    ['ends within an arc', '5580'],
    ['padded arc', '558003'],
    ['longer than any', '01'.repeat(129)],
  ])('fail/object identifier: %s', (_, hex) => {
    const octets = Buffer.from(hex, 'hex');
    const encoded = Buffer.concat([
      Buffer.from(octets.length < 128 ? [6, octets.length] : [6, 0x81, octets.length]),
      octets,
    ]);
    expect(() => readObjectIdentifier(new DerReader(encoded).next())).toThrow(DerError);
  });

  it.each([
    [0x17, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [0x17, '240229120000Z', '2024-02-29T12:00:00.000Z'],
    [0x18, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    [0x18, '00010101000000Z', '0001-01-01T00:00:00.000Z'],
  ])('ok/time %i %s', (tag, text, iso) => {
    expect(readTime(withContent(tag, Buffer.from(text)))?.toISOString()).toBe(iso);
  });

  it.each([
    [0x17, '0908080100Z'],
    [0x17, '230229120000Z'],
    [0x17, '231601000000Z'],
    [0x17, '230001000000Z'],
    [0x17, '230100000000Z'],
    [0x17, '230101240000Z'],
    [0x17, '230101000060Z'],
    [0x17, '230101000000+0100'],
    [0x17, '20230101000000Z'],
    [0x18, '230101000000Z'],
    [0x18, '20500101000000.5Z'],
    [0x18, '20500101000000'],
    [0x04, '230101000000Z'],
  ])('fail/time %i %s', (tag, text) => {
    expect(readTime(withContent(tag, Buffer.from(text)))).toBeUndefined();
  });
});
