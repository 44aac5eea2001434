import { readCharacterString } from '../der/character-string.js';
import { DerReader } from '../der/der-reader.js';
import { reading } from '../der/reading.js';
import { attributeNames } from './attribute-names.js';
import type { Name, NameAttribute } from './name.js';

type Rdns = Name['relativeDistinguishedNames'];

/** Names of attribute types that OpenSSL's table does not have: long names, and those of Windows and Java. */
const ALIASES: Readonly<Record<string, string>> = {
  commonname: 'CN',
  countryname: 'C',
  localityname: 'L',
  stateorprovincename: 'ST',
  organizationname: 'O',
  organizationalunitname: 'OU',
  domaincomponent: 'DC',
  userid: 'UID',
  streetaddress: 'street',
  surname: 'SN',
  givenname: 'GN',
  g: 'GN',
  i: 'initials',
  t: 'title',
  s: 'ST',
  sp: 'ST',
  e: 'emailAddress',
  email: 'emailAddress',
};

/** By the short name, and by its lower case where that is another; the first of two with the same one counts. */
const TYPES: ReadonlyMap<string, string> = new Map(
  [...attributeNames].toReversed().flatMap(([oid, name]) => [[name.toLowerCase(), oid] as const]),
);
const EXACT_TYPES: ReadonlyMap<string, string> = new Map([...attributeNames].map(([oid, name]) => [name, oid]));

const DOTTED = /^(?:OID\.)?(\d+(?:\.\d+)+)$/i;

/**
 * Reads a name as people and programs write it, in encoding order: the form of `formatName`, with spaces, quotes or one
 * attribute on a line as well (`CN = Jane Doe, O = "Acme, Inc."`), or OpenSSL's older form (`/O=Acme/CN=Jane Doe`).
 * Undefined if it is no such name. Only for searches.
 *
 * @param order - of the attributes in the text; OpenSSL's older form is always in encoding order
 */
export function parseName(
  text: string,
  order: 'mostSpecificFirst' | 'encoding' = 'mostSpecificFirst',
): Rdns | undefined {
  const isSlashForm = text.startsWith('/');
  const parts = isSlashForm ? slashParts(text) : partsOf(text);
  const rdns = parts.map((attributes) => attributes.map(readAttribute));
  if (rdns.length === 0 || rdns.some((attributes) => attributes.includes(undefined))) return undefined;
  const read = rdns as NameAttribute[][];
  return isSlashForm || order === 'encoding' ? read : read.toReversed();
}

/** A slash begins an attribute only where a type and `=` follow. */
function slashParts(text: string): readonly string[][] {
  return text
    .split(/\/(?=[A-Za-z0-9.]{1,40}=)/)
    .slice(1)
    .map((part) => [part]);
}

/** The RDNs, each with its attributes, in the order of the text. */
function partsOf(text: string): string[][] {
  const rdns: string[][] = [];
  let attributes: string[] = [];
  let start = 0;
  let isQuoted = false;
  const end = (index: number, endsRdn: boolean): void => {
    const part = text.slice(start, index).trimStart();
    start = index + 1;
    if (part.trim() !== '') attributes.push(part);
    if (!endsRdn || attributes.length === 0) return;
    rdns.push(attributes);
    attributes = [];
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\') index += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '+') end(index, false);
    else if (',;\n\r'.includes(character)) end(index, true);
  }
  end(text.length, true);
  return rdns;
}

function readAttribute(text: string): NameAttribute | undefined {
  const equals = text.indexOf('=');
  if (equals === -1) return undefined;
  const written = text.slice(0, equals).trim();
  const lower = written.toLowerCase();
  const known = EXACT_TYPES.get(written) ?? TYPES.get((ALIASES[lower] ?? lower).toLowerCase());
  const type = known ?? DOTTED.exec(written)?.[1];
  if (type === undefined) return undefined;
  const value = text.slice(equals + 1).trimStart();
  if (/^#(?:[0-9A-Fa-f]{2})+\s*$/.test(value)) return encodedAttribute(type, Buffer.from(value.slice(1).trim(), 'hex'));
  return { type, value: unescaped(value), der: NOT_ENCODED };
}

/** The DER of a value that was read from text is not known, and not compared. */
const NOT_ENCODED = Buffer.alloc(0);

function encodedAttribute(type: string, der: Buffer): NameAttribute {
  const { value } = reading(() => readCharacterString(new DerReader(der).next(), []));
  return { type, value, der };
}

const ESCAPES = /\\((?:[0-9A-Fa-f]{2}\\)*[0-9A-Fa-f]{2})|\\([^])/g;

function unescaped(written: string): string {
  const trimmed = withoutEndOfValue(written);
  const inner = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed;
  return inner.replace(ESCAPES, (_, octets: string | undefined, character: string | undefined) =>
    octets === undefined ? (character ?? '') : Buffer.from(octets.replaceAll('\\', ''), 'hex').toString('utf8'),
  );
}

/** Spaces at the end are no part of the value, except an escaped one. */
function withoutEndOfValue(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith('\\') && trimmed.length < text.length ? `${trimmed} ` : trimmed;
}
