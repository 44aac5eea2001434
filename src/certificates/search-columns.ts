import { foldCase } from '../common/fold-case.js';
import type { SearchColumns } from '../credentials/credential.table.js';
import type { AlternativeName } from '../x509/certificate/alternative-name.js';
import type { Certificate, PublicKeyInfo } from '../x509/certificate/certificate.js';

/** What a certificate is searched by; null where it has no such member, or an unreadable one. */
export function searchColumns(certificate: Certificate): SearchColumns {
  const { keyUsage, extendedKeyUsage, subjectAlternativeNames } = certificate;
  return {
    keyType: keyTypeText(certificate.publicKey),
    publicKeySha256: certificate.publicKeySha256,
    signatureAlgorithm: certificate.signatureAlgorithm,
    subjectAlternativeNames: listOrNull(subjectAlternativeNames.map(searchedName)),
    keyUsage: listOrNull(keyUsage ?? []),
    extendedKeyUsage: listOrNull(extendedKeyUsage ?? []),
    authorityKeyIdentifier: certificate.authorityKeyIdentifier?.keyIdentifier ?? null,
    describedSha256: certificate.sha256,
  };
}

/** As the policy parameter `keyTypes` spells it: `RSA:2048`, `EC:P-256`, `Ed25519`. */
export function keyTypeText({ type, bits, curve }: PublicKeyInfo): string {
  const size = curve ?? bits;
  return size === undefined ? type : `${type}:${size}`;
}

/** In characters. PostgreSQL refuses a GIN index entry of more than 2,700 octets, and so the row with it. */
const SEARCHED_START = /^.{0,512}/su;

/** `email:jane@acme.test`: folded, as a search folds what it looks for, and only the start of a very long name. */
export function searchedName({ type, value }: AlternativeName): string {
  return `${type}:${SEARCHED_START.exec(foldCase(value))?.[0] ?? ''}`;
}

/** Each value once. */
function listOrNull(values: Iterable<string>): readonly string[] | null {
  const distinct = [...new Set(values)];
  return distinct.length === 0 ? null : distinct;
}
