import type { Certificate } from '../x509/certificate/certificate.js';
import { formatName } from '../x509/name/format-name.js';

/** The fields of a certificate as OpenSSL 3.6, pyca and its octets have them; null: that parser does not read it. */
export interface ExpectedFields {
  readonly der_sha256: string;
  readonly not_before_raw: string;
  readonly not_after_raw: string;
  readonly subject_der: string;
  readonly issuer_der: string;
  readonly openssl36_subject: string | null;
  readonly openssl36_issuer: string | null;
  readonly openssl36_ski: string | null;
  readonly pyca: { readonly serial: string } | null;
}

const EMPTY_NAME = '3000';

/** The fields that are not the expected ones, each with both values. */
export function wrongFields(certificate: Certificate, expected: ExpectedFields): readonly string[] {
  const { sha256, subject, issuer, notBefore, notAfter, serial, subjectKeyIdentifier } = certificate;
  const { openssl36_subject: subjectText, openssl36_issuer: issuerText, pyca } = expected;
  const compared: readonly (readonly [string, string | null, string | null])[] = [
    ['SHA-256', sha256.toString('hex'), expected.der_sha256],
    ['DER of the subject', subject?.der.toString('hex') ?? EMPTY_NAME, expected.subject_der],
    ['DER of the issuer', issuer?.der.toString('hex') ?? EMPTY_NAME, expected.issuer_der],
    ['notBefore', notBefore.toISOString(), isoTime(expected.not_before_raw)],
    ['notAfter', notAfter.toISOString(), isoTime(expected.not_after_raw)],
    ['serial', signedSerial(serial), pyca === null ? signedSerial(serial) : pyca.serial],
  ];
  const named: typeof compared =
    subjectText === null || issuerText === null
      ? []
      : [
          ['subject', subject === undefined ? '' : formatName(subject), withAddedEscapes(subjectText)],
          ['issuer', issuer === undefined ? '' : formatName(issuer), withAddedEscapes(issuerText)],
          ['subject key identifier', subjectKeyIdentifier?.toString('hex') ?? null, expected.openssl36_ski],
        ];
  return [...compared, ...named]
    .filter(([, found, wanted]) => found !== wanted)
    .map(([field, found, wanted]) => `${field}: ${found} instead of ${wanted}`);
}

/** Adds the escapes that contract 2.8 requires beyond those of OpenSSL. */
export function withAddedEscapes(name: string): string {
  return name.replace(/[\u0080-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) =>
    Array.from(Buffer.from(character), (octet) => `\\${octet.toString(16).toUpperCase()}`).join(''),
  );
}

const UTC_TIME = /^\d{10}(?:\d\d)?(?:Z|[+-]\d{4})$/;

/**
 * `raw`: a UTCTime or GeneralizedTime, also in a form that RFC 5280 forbids and OpenSSL reads: without seconds, with a
 * fraction, which does not count, or with an offset.
 */
export function isoTime(raw: string): string {
  const full = UTC_TIME.test(raw) ? `${Number(raw.slice(0, 2)) < 50 ? '20' : '19'}${raw}` : raw;
  const iso = full
    .replace(
      /^(....)(..)(..)(..)(..)(\d\d)?(?:\.\d+)?/,
      (_, ...[year, month, day, hour, minute, second = '00']) =>
        `${year}-${month}-${day}T${hour}:${minute}:${second}.000`,
    )
    .replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? raw : time.toISOString();
}

export function signedSerial(serial: string): string {
  const value = BigInt(`0x${serial.replace('-', '')}`).toString(16);
  return `${serial.startsWith('-') ? '-' : ''}0x${value}`;
}
