import { foldCase } from '../../common/fold-case.js';
import type { Name, NameAttribute } from './name.js';

const PRINTABLE_ASCII = /^[ -~]*$/;

/** RFC 4518 section 2.2: controls and format characters that a comparison ignores. */
const IGNORED =
  // oxlint-disable-next-line no-misleading-character-class
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u06dd\u070f\u1806\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2063\u206a-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/gu;

/** RFC 4518 section 2.2: tabulators, line ends and separators count as SPACE. */
const SPACES = /[\u0009-\u000d\u0085\p{Z}]/gu;

/** RFC 4518 section 2.6.1: a SPACE before a combining mark is part of a character. */
const SPACE_OF_A_MARK = / (?=\p{M})/gu;

/** No prepared text contains these, because IGNORED removes them; so different names have different keys. */
const KEPT_SPACE = '\u0000';
const TEXT = '\u0001';
const DER = '\u0002';
const END_OF_ATTRIBUTE = '\u0003';
const END_OF_RDN = '\u0004';

/** Names are immutable, and an issuer's name is compared again and again. */
const keys = new WeakMap<Name, string>();

/**
 * Two names have the same key if and only if they are equal by RFC 5280 section 7.1: equal sets of attributes in the
 * same order. All string types are compared alike, by the caseIgnoreMatch that section 7.1 requires (RFC 4518), which
 * includes domainComponent and emailAddress; other values by their DER.
 */
export function nameKey(name: Name): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = keyOfRdns(name.relativeDistinguishedNames);
  keys.set(name, key);
  return key;
}

/** Like `nameKey`, for a name that was read from text. */
export function keyOfRdns(rdns: Name['relativeDistinguishedNames']): string {
  return rdns.map(rdnKey).join('');
}

/** Whether `name` equals `subtree` or lies below it: it begins with the same RDNs. */
export function isWithinSubtree(name: Name, subtree: Name): boolean {
  return nameKey(name).startsWith(nameKey(subtree));
}

/** The attributes of an RDN are a set, so that their order is without meaning. */
function rdnKey(attributes: readonly NameAttribute[]): string {
  const [first, second] = attributes;
  if (first !== undefined && second === undefined) return attributeKey(first) + END_OF_RDN;
  return attributes.map(attributeKey).toSorted().join('') + END_OF_RDN;
}

function attributeKey({ type, value, der }: NameAttribute): string {
  return type + (value === undefined ? DER + der.toString('hex') : TEXT + prepared(value)) + END_OF_ATTRIBUTE;
}

/**
 * RFC 4518 for caseIgnoreMatch. Characters that section 2.4 prohibits are compared as they are: they can only make
 * names different.
 */
function prepared(value: string): string {
  if (PRINTABLE_ASCII.test(value)) return withoutInsignificantSpaces(value.toLowerCase());
  const mapped = value.replace(IGNORED, '').replace(SPACES, ' ');
  return withoutInsignificantSpaces(foldCase(mapped).replace(SPACE_OF_A_MARK, KEPT_SPACE));
}

function withoutInsignificantSpaces(text: string): string {
  if (!text.includes('  ') && !text.startsWith(' ') && !text.endsWith(' ')) return text;
  return text
    .split(' ')
    .filter((word) => word !== '')
    .join(' ');
}
