import { isUtf8 } from 'node:buffer';

import { DerError } from './der-error.js';
import type { DerValue } from './der-reader.js';
import { Tag } from './tag.js';

const OUTSIDE_PRINTABLE = /[^A-Za-z0-9 '()+,\-./:=?]/;
const OUTSIDE_NUMERIC = /[^0-9 ]/;
const OUTSIDE_ASCII = /[^\u0000-\u007f]/;
const OUTSIDE_VISIBLE = /[^\u0020-\u007e]/;

const CONSTRUCTED = 0x20;
const STRING_TAGS: ReadonlySet<number> = new Set([
  Tag.utf8String,
  Tag.printableString,
  Tag.ia5String,
  Tag.numericString,
  Tag.visibleString,
  Tag.teletexString,
  Tag.bmpString,
  Tag.universalString,
]);

/**
 * The text of a character string type, undefined for any other type. Characters that the type forbids are a problem,
 * not an error: such a string with one octet per character is read as Latin-1, as OpenSSL does.
 *
 * @throws DerError if the octets are not text: invalid UTF-8, an incomplete character, or an unpaired surrogate
 */
export function readCharacterString(value: DerValue, problems: string[]): string | undefined {
  switch (value.tag) {
    case Tag.utf8String:
      return utf8(value.content);
    case Tag.printableString:
      return latin1(value.content, OUTSIDE_PRINTABLE, 'a PrintableString', problems);
    case Tag.ia5String:
      return latin1(value.content, OUTSIDE_ASCII, 'an IA5String', problems);
    case Tag.numericString:
      return latin1(value.content, OUTSIDE_NUMERIC, 'a NumericString', problems);
    case Tag.visibleString:
      return latin1(value.content, OUTSIDE_VISIBLE, 'a VisibleString', problems);
    case Tag.teletexString:
      return value.content.toString('latin1');
    case Tag.bmpString:
      return bmp(value.content);
    case Tag.universalString:
      return universal(value.content);
    default:
      // X.690 section 10.2; OpenSSL reads it.
      if (STRING_TAGS.has(value.tag & ~CONSTRUCTED)) problems.push('a string consists of several strings');
      return undefined;
  }
}

function utf8(content: Buffer): string {
  if (!isUtf8(content)) throw new DerError('a UTF8String is not valid UTF-8');
  return content.toString('utf8');
}

function latin1(content: Buffer, outside: RegExp, type: string, problems: string[]): string {
  const text = content.toString('latin1');
  if (outside.test(text)) problems.push(`${type} contains characters that the type forbids`);
  return text;
}

/** UCS-2, big-endian; surrogates are not allowed. */
function bmp(content: Buffer): string {
  if (content.length % 2 !== 0) throw new DerError('a BMPString ends within a character');
  const text = Buffer.from(content).swap16().toString('utf16le');
  if (/[\ud800-\udfff]/.test(text)) throw new DerError('a BMPString contains surrogates');
  return text;
}

function universal(content: Buffer): string {
  if (content.length % 4 !== 0) throw new DerError('a UniversalString ends within a character');
  const characters: string[] = [];
  for (let offset = 0; offset < content.length; offset += 4) {
    const point = content.readUInt32BE(offset);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      throw new DerError('a UniversalString contains an invalid character');
    }
    characters.push(String.fromCodePoint(point));
  }
  return characters.join('');
}
