import { readCharacterString } from '../der/character-string.js';
import type { DerReader, DerValue } from '../der/der-reader.js';
import { readObjectIdentifier } from '../der/object-identifier.js';
import { Tag } from '../der/tag.js';
import type { Name, NameAttribute } from './name.js';

/**
 * Reads a Name (RFC 5280 section 4.1.2.4); an empty one has no RDNs.
 *
 * @throws DerError if any part cannot be decoded, because a partial name would be a different name
 */
export function readName(value: DerValue, problems: string[]): Name {
  const relativeDistinguishedNames: NameAttribute[][] = [];
  for (const names = value.inside(); !names.atEnd;) {
    const attributes = readRelativeDistinguishedName(names.take(Tag.set, 'a relative distinguished name'), problems);
    relativeDistinguishedNames.push(attributes);
  }
  return { der: value.bytes, relativeDistinguishedNames };
}

/** `value` may have an IMPLICIT tag instead of SET's. */
export function readRelativeDistinguishedName(value: DerValue, problems: string[]): NameAttribute[] {
  const attributes: NameAttribute[] = [];
  const encodings: Buffer[] = [];
  for (const set = value.inside(); !set.atEnd;) {
    const attribute = set.take(Tag.sequence, 'an attribute');
    encodings.push(attribute.bytes);
    attributes.push(readAttribute(attribute.inside(), problems));
  }
  if (!isInDerOrder(encodings)) problems.push('a set is not in the order of DER');
  if (attributes.length === 0) problems.push('a relative distinguished name is empty');
  return attributes;
}

/**
 * X.690 section 11.6: the elements of a SET OF are sorted by their encodings; the shorter one is compared as if padded
 * with zeros.
 */
function isInDerOrder(encodings: readonly Buffer[]): boolean {
  return encodings.every((encoding, index) => {
    const previous = encodings[index - 1];
    return previous === undefined || Buffer.compare(previous, encoding) <= 0;
  });
}

function readAttribute(attribute: DerReader, problems: string[]): NameAttribute {
  const type = readObjectIdentifier(attribute.take(Tag.objectIdentifier, 'an attribute type'));
  const value = attribute.next();
  attribute.finish('an attribute');
  return { type, value: readCharacterString(value, problems), der: value.bytes };
}
