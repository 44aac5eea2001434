import { readCharacterString } from '../../der/character-string.js';
import { DerError } from '../../der/der-error.js';
import type { DerReader, DerValue } from '../../der/der-reader.js';
import { readObjectIdentifier } from '../../der/object-identifier.js';
import { reading } from '../../der/reading.js';
import { contextConstructed, contextPrimitive, Tag } from '../../der/tag.js';
import type { Name } from '../../name/name.js';
import { readName } from '../../name/read-name.js';

/** RFC 5280 section 4.2.1.6. An unreadable name is kept as `unreadable`, so that it cannot bypass a name constraint. */
export type GeneralName =
  | { readonly kind: 'rfc822Name' | 'dNSName' | 'uniformResourceIdentifier'; readonly value: string }
  | { readonly kind: 'directoryName'; readonly value: Name }
  | { readonly kind: 'iPAddress'; readonly value: Buffer }
  | { readonly kind: 'registeredID'; readonly value: string }
  | { readonly kind: 'otherName'; readonly type: string; readonly value: Buffer }
  | { readonly kind: 'x400Address' | 'ediPartyName' | 'unreadable'; readonly value: Buffer };

/** Octets of an address; in a name constraint the mask follows and doubles them. */
const ADDRESS_LENGTHS = [4, 16];

/** The names of a non-empty SEQUENCE; an unreadable name does not affect the others. */
export function readGeneralNames(names: DerReader, problems: string[]): GeneralName[] {
  const list: GeneralName[] = [];
  while (!names.atEnd) list.push(readGeneralName(names.next(), problems));
  if (list.length === 0) problems.push('a list of names is empty');
  return list;
}

export function readGeneralName(
  name: DerValue,
  problems: string[],
  addressLengths: readonly number[] = ADDRESS_LENGTHS,
): GeneralName {
  const { value, problems: own } = reading((found) => read(name, found, addressLengths));
  problems.push(...own);
  return value ?? { kind: 'unreadable', value: name.bytes };
}

function read(name: DerValue, problems: string[], addressLengths: readonly number[]): GeneralName {
  switch (name.tag) {
    case contextConstructed(0):
      return readOtherName(name.inside());
    case contextPrimitive(1):
      return { kind: 'rfc822Name', value: ia5(name, problems) };
    case contextPrimitive(2):
      return { kind: 'dNSName', value: ia5(name, problems) };
    case contextConstructed(3):
      return { kind: 'x400Address', value: name.bytes };
    case contextConstructed(4):
      return readDirectoryName(name.inside(), problems);
    case contextConstructed(5):
      return { kind: 'ediPartyName', value: name.bytes };
    case contextPrimitive(6):
      return { kind: 'uniformResourceIdentifier', value: ia5(name, problems) };
    case contextPrimitive(7):
      if (!addressLengths.includes(name.length)) throw new DerError('an IP address has a wrong length');
      return { kind: 'iPAddress', value: name.content };
    case contextPrimitive(8):
      return { kind: 'registeredID', value: readObjectIdentifier(name) };
    default:
      throw new DerError('a name is of no known kind');
  }
}

function ia5(name: DerValue, problems: string[]): string {
  if (name.length === 0) problems.push('a name is empty');
  return readCharacterString(name.retagged(Tag.ia5String), problems) ?? '';
}

function readOtherName(fields: DerReader): GeneralName {
  const type = readObjectIdentifier(fields.take(Tag.objectIdentifier, 'the type of another name'));
  const explicit = fields.take(contextConstructed(0), 'the value of another name').inside();
  fields.finish('another name');
  const value = explicit.next();
  explicit.finish('the value of another name');
  return { kind: 'otherName', type, value: value.bytes };
}

/** Name is a CHOICE, so its tag is EXPLICIT. */
function readDirectoryName(explicit: DerReader, problems: string[]): GeneralName {
  const value = readName(explicit.take(Tag.sequence, 'a directory name'), problems);
  explicit.finish('a directory name');
  return { kind: 'directoryName', value };
}
