import type { KeyUsage } from '../x509/certificate/certificate.js';
import { attributeNames } from '../x509/name/attribute-names.js';
import type { ExtendedKeyUsage } from './certificate-policy.model.js';

/** The signature algorithms that a policy may name, in OpenSSL's long names. */
const SIGNATURE_ALGORITHM_NAMES = [
  'md5WithRSAEncryption',
  'sha1WithRSAEncryption',
  'sha224WithRSAEncryption',
  'sha256WithRSAEncryption',
  'sha384WithRSAEncryption',
  'sha512WithRSAEncryption',
  'rsassaPss',
  'RSA-SHA3-256',
  'RSA-SHA3-384',
  'RSA-SHA3-512',
  'ecdsa-with-SHA1',
  'ecdsa-with-SHA224',
  'ecdsa-with-SHA256',
  'ecdsa-with-SHA384',
  'ecdsa-with-SHA512',
  'ecdsa_with_SHA3-256',
  'ecdsa_with_SHA3-384',
  'ecdsa_with_SHA3-512',
  'dsaWithSHA1',
  'dsa_with_SHA224',
  'dsa_with_SHA256',
  'ED25519',
  'ED448',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
] as const;

/** RFC 5280 section 4.2.1.3. */
const KEY_USAGE_NAMES: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** RFC 5280 section 4.2.1.12, RFC 3161's timeStamping among them, and the two that client cards carry. */
const EXTENDED_KEY_USAGE_OIDS: Readonly<Record<string, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  msSmartcardLogin: '1.3.6.1.4.1.311.20.2.2',
  pkInitClientAuth: '1.3.6.1.5.2.3.4',
};

export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, string> = new Map(
  SIGNATURE_ALGORITHM_NAMES.map((name) => [name, name]),
);

/** OpenSSL's short names, which it takes on the command line but never prints. */
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
  Object.entries(EXTENDED_KEY_USAGE_OIDS).map(([name, oid]) => [name, { name, oid }]),
);

/** Dotted OIDs by the short names that a subject DN is shown with; any other type is written as its OID. */
export const ATTRIBUTE_TYPES: ReadonlyMap<string, string> = new Map(
  [...attributeNames].map(([oid, name]) => [name, oid]),
);

/** RFC 5280 writes OIDs dotted; the first arc is 0, 1 or 2 (X.660). */
export function isObjectIdentifier(text: string): boolean {
  return /^[0-2](\.(0|[1-9]\d{0,38})){1,31}$/.test(text);
}
