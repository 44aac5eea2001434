import { X509Certificate } from 'node:crypto';

import { DerError } from '../der/der-error.js';
import { DerReader } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { readTime } from '../der/time.js';
import { isFormattedLonger } from '../name/format-name.js';
import { type CertificateStructure, readCertificateStructure } from './certificate-structure.js';
import { DerCertificate } from './der-certificate.js';
import { readValidityTime } from './validity.js';

/** `message`: one fixed sentence, safe for the caller. */
export type ReadResult =
  | { readonly ok: true; readonly certificate: DerCertificate }
  | { readonly ok: false; readonly message: string };

const UNREADABLE_NOT_BEFORE = 'The notBefore time of the certificate cannot be read.';
const UNREADABLE_NOT_AFTER = 'The notAfter time of the certificate cannot be read.';

/** Maximum length of subject and issuer in their displayed form. */
const MAX_NAME_LENGTH = 16_384;

/** node:crypto first looks for a PEM block anywhere in the data, so it might have accepted a different certificate. */
const PEM_MARKER = '-----BEGIN ';

/**
 * node:crypto accepts or rejects the certificate, but every field is read from the DER. Stricter than OpenSSL: no data
 * may follow the certificate, its outer structure must be DER, and the inner and outer signature algorithms must be
 * equal (RFC 5280 section 4.1.1.2). Never throws, whatever the input is.
 */
export function readCertificate(der: Buffer): ReadResult {
  if (hasTrailingBytes(der))
    return refuse('There is data after the end of the certificate; remove it: openssl x509 -in FILE -out NEWFILE.');
  const accepted = parseWithOpenSsl(der);
  const structure = parseStructure(der);
  if (accepted === undefined) return refuse(explainRejection(structure));
  if (structure === undefined || (der.includes(PEM_MARKER) && !accepted.raw.equals(der))) {
    return refuse('The certificate is not encoded in DER.');
  }
  if (!structure.signature.der.equals(structure.signatureAlgorithm.der)) {
    return refuse('The signature algorithm inside the certificate is not the one outside.');
  }
  const notBefore = readValidityTime(structure.notBefore);
  const notAfter = readValidityTime(structure.notAfter);
  if (notBefore === undefined) return refuse(UNREADABLE_NOT_BEFORE);
  if (notAfter === undefined) return refuse(UNREADABLE_NOT_AFTER);
  const certificate = new DerCertificate(der, structure, notBefore, notAfter);
  for (const part of ['subject', 'issuer'] as const) {
    const name = certificate[part];
    if (name !== undefined && isFormattedLonger(name, MAX_NAME_LENGTH)) {
      return refuse(`The ${part} of the certificate is longer than ${MAX_NAME_LENGTH} characters.`);
    }
  }
  return { ok: true, certificate };
}

function refuse(message: string): ReadResult {
  return { ok: false, message };
}

/** OpenSSL 3.5 rejects some invalid times immediately, older versions only when they are read. */
function explainRejection(structure: CertificateStructure | undefined): string {
  if (structure !== undefined && readTime(structure.notBefore) === undefined) return UNREADABLE_NOT_BEFORE;
  if (structure !== undefined && readTime(structure.notAfter) === undefined) return UNREADABLE_NOT_AFTER;
  return 'The data is not a well-formed X.509 certificate.';
}

function parseWithOpenSsl(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** Of something else, such as base64 in place of its octets, nothing is said to follow. */
function hasTrailingBytes(der: Buffer): boolean {
  const outer = orUndefined(() => new DerReader(der).next());
  return outer?.tag === Tag.sequence && outer.end < der.length;
}

function parseStructure(der: Buffer): CertificateStructure | undefined {
  return orUndefined(() => readCertificateStructure(der));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
