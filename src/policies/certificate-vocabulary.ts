import { KEY_USAGES as KEY_USAGE_NAMES, type KeyUsage } from '../x509/certificate/certificate.js';
import { keyPurposes } from '../x509/certificate/key-purposes.js';
import { signatureAlgorithms } from '../x509/certificate/signature-algorithms.js';
import { attributeNames } from '../x509/name/attribute-names.js';
import type { ExtendedKeyUsage } from './certificate-policy.model.js';

/** OpenSSL's long names, which are also used for the algorithm of a certificate. */
export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, string> = new Map(
  [...signatureAlgorithms.values()].map((name) => [name, name]),
);

/** OpenSSL's short names, which it accepts on the command line but never prints. */
export const SIGNATURE_ALGORITHM_SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['RSA-MD5', 'md5WithRSAEncryption'],
  ['RSA-SHA1', 'sha1WithRSAEncryption'],
  ['RSA-SHA224', 'sha224WithRSAEncryption'],
  ['RSA-SHA256', 'sha256WithRSAEncryption'],
  ['RSA-SHA384', 'sha384WithRSAEncryption'],
  ['RSA-SHA512', 'sha512WithRSAEncryption'],
  ['RSASSA-PSS', 'rsassaPss'],
]);

export const KEY_USAGES: ReadonlyMap<string, KeyUsage> = new Map(KEY_USAGE_NAMES.map((name) => [name, name]));

export const EXTENDED_KEY_USAGES: ReadonlyMap<string, ExtendedKeyUsage> = new Map(
  [...keyPurposes].map(([name, oid]) => [name, { name, oid }]),
);

/** Dotted OIDs by the short names used in a subject DN; any other type is written as its OID. */
export const ATTRIBUTE_TYPES: ReadonlyMap<string, string> = new Map(
  [...attributeNames].map(([oid, name]) => [name, oid]),
);

/** RFC 5280 writes OIDs dotted; the first arc is 0, 1 or 2 (X.660). */
export function isObjectIdentifier(text: string): boolean {
  return /^[0-2](\.(0|[1-9]\d{0,38})){1,31}$/.test(text);
}
