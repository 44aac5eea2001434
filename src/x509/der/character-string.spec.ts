import { describe, expect, it } from 'vitest';

import { readCharacterString } from './character-string.js';
import { DerError } from './der-error.js';
import { DerReader } from './der-reader.js';
import { Tag } from './tag.js';

function read(tag: number, hex: string) {
  const content = Buffer.from(hex, 'hex');
  const problems: string[] = [];
  const value = new DerReader(Buffer.concat([Buffer.from([tag, content.length]), content])).next();
  return { text: readCharacterString(value, problems), problems };
}

describe('readCharacterString', () => {
  it.each([
    ['UTF8String', Tag.utf8String, 'c3a9e29c94f09f9880', 'é✔😀'],
    ['UTF8String with a BOM', Tag.utf8String, 'efbbbf41', '\ufeffA'],
    ['UTF8String with NUL', Tag.utf8String, '410042', 'A\u0000B'],
    ['PrintableString', Tag.printableString, '4a616e6520446f65', 'Jane Doe'],
    ['NumericString', Tag.numericString, '31203233', '1 23'],
    ['VisibleString', Tag.visibleString, '417e', 'A~'],
    ['IA5String', Tag.ia5String, '6140620a', 'a@b\n'],
    ['TeletexString, read as Latin-1', Tag.teletexString, '476f8574e9', 'Go\u0085té'],
    ['BMPString', Tag.bmpString, '004100e92714', 'Aé✔'],
    ['UniversalString', Tag.universalString, '000000410001f600', 'A😀'],
    ['empty', Tag.utf8String, '', ''],
  ])('ok/%s', (_, tag, hex, text) => {
    expect(read(tag, hex)).toEqual({ text, problems: [] });
  });

  it.each([
    ['PrintableString', Tag.printableString, '4140', 'A@'],
    ['PrintableString with UTF-8 in it', Tag.printableString, 'c3a9', 'Ã©'],
    ['IA5String', Tag.ia5String, 'e9', 'é'],
    ['NumericString', Tag.numericString, '41', 'A'],
    ['VisibleString', Tag.visibleString, '0a', '\n'],
  ])('ok/problem/%s', (_, tag, hex, text) => {
    expect(read(tag, hex)).toEqual({ text, problems: [expect.stringContaining('characters that the type forbids')] });
  });

  it.each([
    ['overlong UTF-8', Tag.utf8String, 'c0af'],
    ['UTF-8 surrogate', Tag.utf8String, 'eda080'],
    ['cut UTF-8', Tag.utf8String, 'e29c'],
    ['half a BMP character', Tag.bmpString, '004100'],
    ['BMP surrogate', Tag.bmpString, 'd83dde00'],
    ['three quarters of a universal character', Tag.universalString, '000041'],
    ['universal surrogate', Tag.universalString, '0000d800'],
    ['beyond Unicode', Tag.universalString, '00110000'],
  ])('fail/%s', (_, tag, hex) => {
    expect(() => read(tag, hex)).toThrow(DerError);
  });

  it.each([
    ['bit string', Tag.bitString, '0041'],
    ['sequence', Tag.sequence, ''],
  ])('no string/%s', (_, tag, hex) => {
    expect(read(tag, hex).text).toBeUndefined();
  });

  it.each([
    ['UTF8String', 0x2c],
    ['BMPString', 0x3e],
  ])('no string/problem/constructed %s', (_, tag) => {
    expect(read(tag, '0c0141')).toEqual({ text: undefined, problems: ['a string consists of several strings'] });
  });
});
