import { attributeNames } from './attribute-names.js';
import type { Name, NameAttribute } from './name.js';
import { hexPairs } from './safe-text.js';

/** The characters that RFC 4514 section 2.4 always escapes. */
const SPECIAL = ',+"\\<>;';

/** SPECIAL, and the characters that are unsafe in any text. */
const ESCAPED =
  // oxlint-disable-next-line no-misleading-character-class
  /[,+"\\<>;\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * The form of `openssl x509 -nameopt RFC2253,-esc_msb,utf8`: the most specific RDN first, no spaces after commas. An
 * attribute type without a name and a value that is not a string are written as `#` and the DER in hex. In addition to
 * OpenSSL's escapes C1 controls, U+2028, U+2029 and bidirectional controls are written as `\` and UTF-8 hex. Only for
 * display and search: different names may have the same text, so names are compared by their DER.
 */
export function formatName(name: Name): string {
  return name.relativeDistinguishedNames
    .filter((attributes) => attributes.length > 0)
    .map((attributes) => attributes.map(formatAttribute).toReversed().join('+'))
    .toReversed()
    .join(',');
}

/** Upper limit of displayed characters per octet of DER. */
const MAX_CHARACTERS_PER_OCTET = 9;

/** Whether the displayed form of `name` has more than `limit` characters. */
export function isFormattedLonger(name: Name, limit: number): boolean {
  return name.der.length * MAX_CHARACTERS_PER_OCTET > limit && Array.from(formatName(name)).length > limit;
}

function formatAttribute({ type, value, der }: NameAttribute): string {
  const known = attributeNames.get(type);
  if (known === undefined || value === undefined) {
    return `${known ?? type}=${hexValue(der)}`;
  }
  return `${known}=${escapeValue(value)}`;
}

function escapeValue(value: string): string {
  const inner = value.replace(ESCAPED, (character) =>
    SPECIAL.includes(character) ? `\\${character}` : hexPairs(character),
  );
  // OpenSSL treats a single character as the last and not as the first, so a lone `#` is not escaped.
  const trailing = value.endsWith(' ') ? `${inner.slice(0, -1)}\\ ` : inner;
  return value.length > 1 && (value.startsWith(' ') || value.startsWith('#')) ? `\\${trailing}` : trailing;
}

/** The form of a value that is not a text (RFC 4514 section 2.4). */
export function hexValue(der: Buffer): string {
  return `#${der.toString('hex').toUpperCase()}`;
}
