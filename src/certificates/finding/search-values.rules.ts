import { isExternalId } from '../../common/external-id.js';
import { foldCase } from '../../common/fold-case.js';
import { ALTERNATIVE_NAME_TYPES } from '../../x509/certificate/alternative-name.js';
import { keyPurposes } from '../../x509/certificate/key-purposes.js';
import { parseName } from '../../x509/name/parse-name.js';
import { nameDigest, searchedName } from '../search-columns.js';

// What a filter of F1 accepts (contract 16.1). Each function returns undefined for a text that is no such value.

/** In digits; more than any serial number that OpenSSL prints. */
const MAX_DECIMAL = 1000;

/** Hex in any case, with or without colons. */
export function readHex(text: string): Buffer | undefined {
  const hex = text.replaceAll(':', '');
  return hex.length > 0 && hex.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(hex) ? Buffer.from(hex, 'hex') : undefined;
}

export function readDigest(text: string, ...octets: readonly number[]): Buffer | undefined {
  const digest = readHex(text);
  return digest !== undefined && octets.includes(digest.length) ? digest : undefined;
}

/**
 * Hex with or without colons, or `dec:` and a decimal number. Returns it as the index has it: in upper case, without
 * leading zeros; a negative one as OpenSSL prints it.
 */
export function readSerial(text: string): string | undefined {
  // These letters are hex digits as well.
  if (/^dec:/i.test(text)) {
    const [, sign = '', digits] = /^dec:(-?)(\d+)$/i.exec(text) ?? [];
    if (digits === undefined || digits.length > MAX_DECIMAL) return undefined;
    return serialOf(sign, BigInt(digits).toString(16));
  }
  const [, sign = '', hex] = /^(-?)(?:0x)?([0-9A-Fa-f:]+)$/i.exec(text) ?? [];
  if (hex === undefined || /^:|:$|::/.test(hex)) return undefined;
  return serialOf(sign, hex.replaceAll(':', ''));
}

function serialOf(sign: string, hex: string): string {
  const digits = hex.replace(/^0+/, '').toUpperCase();
  if (sign === '' || digits === '') return digits;
  return `-${digits.padStart(digits.length + (digits.length % 2), '0')}`;
}

/** The digest of a distinguished name, as `formatName` writes it or in a similar form. */
export function readNameDigest(text: string): Buffer | undefined {
  const rdns = parseName(text);
  return rdns === undefined ? undefined : nameDigest(rdns);
}

/** `email:jane@acme.test`, in any case, as OpenSSL writes `DNS:`; or a value alone, which stands for a name of any type. */
export function readAlternativeName(text: string): readonly string[] | undefined {
  if (text === '') return undefined;
  const colon = text.indexOf(':');
  const sent = text.slice(0, Math.max(0, colon)).toLowerCase();
  const named = ALTERNATIVE_NAME_TYPES.find((type) => type.toLowerCase() === sent);
  if (named !== undefined) return [searchedName({ type: named, value: text.slice(colon + 1) })];
  return ALTERNATIVE_NAME_TYPES.map((type) => searchedName({ type, value: text }));
}

/** An OID, or a name of the RFCs such as `clientAuth`. */
export function readKeyPurpose(text: string): string | undefined {
  return keyPurposes.get(text) ?? (/^[0-2](?:\.\d{1,39}){1,30}$/.test(text) ? text : undefined);
}

export function readExternalId(text: string): string | undefined {
  return isExternalId(text) ? text : undefined;
}

/** In characters (contract 16.2): PostgreSQL finds text by groups of three. */
export const MIN_PART = 3;
const MAX_PART = 250;

/** A part of a text as a pattern of LIKE, folded as what it is searched in. */
export function readPart(text: string): string | undefined {
  const folded = foldCase(text.trim());
  const length = Array.from(folded).length;
  if (length < MIN_PART || length > MAX_PART) return undefined;
  return `%${folded.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
