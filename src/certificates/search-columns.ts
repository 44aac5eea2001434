import { hash } from 'node:crypto';

import { foldCase } from '../common/fold-case.js';
import type { SearchColumns, ShownSearchColumns } from '../credentials/credential.table.js';
import type { AlternativeName } from '../x509/certificate/alternative-name.js';
import type { Certificate, PublicKeyInfo } from '../x509/certificate/certificate.js';
import { keyOfRdns } from '../x509/name/compare-names.js';
import { formatName } from '../x509/name/format-name.js';
import type { Name } from '../x509/name/name.js';

/** What a certificate is searched by; null where it has no such member, or an unreadable one. */
export function searchColumns(certificate: Certificate): SearchColumns {
  return { ...shownSearchColumns(certificate), ...hiddenSearchColumns(certificate) };
}

/** Those that are only searched. */
export function hiddenSearchColumns(certificate: Certificate): Omit<SearchColumns, keyof ShownSearchColumns> {
  const { subject, issuer } = certificate;
  return {
    subjectNameSha256: subject === undefined ? null : nameDigest(subject.relativeDistinguishedNames),
    issuerNameSha256: issuer === undefined ? null : nameDigest(issuer.relativeDistinguishedNames),
    searchedText: searchedText(certificate),
  };
}

/** Those that are returned as well. */
export function shownSearchColumns(certificate: Certificate): ShownSearchColumns {
  const { keyUsage, extendedKeyUsage, subjectAlternativeNames } = certificate;
  return {
    keyType: startOf(keyTypeText(certificate.publicKey)),
    publicKeySha256: certificate.publicKeySha256,
    signatureAlgorithm: startOf(certificate.signatureAlgorithm),
    subjectAlternativeNames: listOrNull(subjectAlternativeNames.map(searchedName)),
    keyUsage: listOrNull(keyUsage ?? []),
    extendedKeyUsage: listOrNull([...(extendedKeyUsage ?? [])].map(startOf)),
    authorityKeyIdentifier: certificate.authorityKeyIdentifier?.keyIdentifier ?? null,
    describedSha256: certificate.sha256,
  };
}

/** Equal exactly for names that are equal by RFC 5280 section 7.1. */
export function nameDigest(rdns: Name['relativeDistinguishedNames']): Buffer {
  return hash('sha256', keyOfRdns(rdns), 'buffer');
}

/** In characters: a certificate may have thousands of names. */
const MAX_SEARCHED_TEXT = 4096;

/** Subject, alternative names and serial number, folded, one on a line: a part of any of them is searched in it. */
function searchedText({ subject, subjectAlternativeNames, serial }: Certificate): string {
  const parts = [serial, ...(subject === undefined ? [] : [formatName(subject)])];
  const names = subjectAlternativeNames.map(({ value }) => value);
  const lines = [...parts, ...names].map((part) => startOf(foldCase(startOf(part))));
  return [...new Set(lines)].join('\n').slice(0, MAX_SEARCHED_TEXT).toWellFormed();
}

/** As the policy parameter `keyTypes` spells it: `RSA:2048`, `EC:P-256`, `Ed25519`. */
export function keyTypeText({ type, bits, curve }: PublicKeyInfo): string {
  const size = curve ?? bits;
  return size === undefined ? type : `${type}:${size}`;
}

/** In characters. PostgreSQL refuses a GIN index entry of more than 2,700 octets, and so the row with it. */
const MAX_SEARCHED = 512;
const SEARCHED_START = /^.{0,512}/su;

/** `email:jane@acme.test`: folded, as a search folds what it looks for, and only the start of a very long name. */
export function searchedName({ type, value }: AlternativeName): string {
  return `${type}:${startOf(foldCase(value))}`;
}

function startOf(text: string): string {
  return text.length <= MAX_SEARCHED ? text : (SEARCHED_START.exec(text)?.[0] ?? '');
}

/** Each value once. */
function listOrNull(values: Iterable<string>): readonly string[] | null {
  const distinct = [...new Set(values)];
  return distinct.length === 0 ? null : distinct;
}
