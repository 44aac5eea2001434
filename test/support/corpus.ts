import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate of the corpus with its fields as OpenSSL 3.6, pyca and the raw octets have them. */
export interface Expected {
  readonly der_sha256: string;
  readonly serial_octets: string;
  readonly not_before_raw: string;
  readonly not_after_raw: string;
  readonly subject_der: string;
  readonly issuer_der: string;
  readonly openssl36_subject: string | null;
  readonly openssl36_issuer: string | null;
  readonly openssl36_ski: string | null;
  readonly pyca: { readonly serial: string } | null;
}

export interface Entry {
  readonly file: string;
  readonly format: 'pem' | 'der' | 'pem-raw';
  readonly class: 'wellformed' | 'disputed' | 'malformed';
  readonly expected?: Expected;
}

/** The selection in this repository, or a larger corpus in the same format. */
export const corpusFolder =
  process.env['CERTKEEP_CORPUS'] ?? join(import.meta.dirname, '..', 'fixtures', 'certificates');
export const entries = JSON.parse(readFileSync(join(corpusFolder, 'manifest.json'), 'utf8')) as Entry[];
export const ofClass = (wanted: Entry['class']) => entries.filter((entry) => entry.class === wanted);

/** The certificate as a caller sends it: a DER file in PEM, a text unchanged. */
export function pemOf({ file, format }: Pick<Entry, 'file' | 'format'>): string {
  const bytes = readFileSync(join(corpusFolder, file));
  if (format !== 'der') return bytes.toString('latin1');
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

/** Adds the escapes that contract 2.8 requires beyond those of OpenSSL. */
export function withAddedEscapes(name: string): string {
  return name.replace(/[\u0080-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) =>
    Array.from(Buffer.from(character), (octet) => `\\${octet.toString(16).toUpperCase()}`).join(''),
  );
}

export function isoTime(raw: string): string {
  const full = raw.length === 13 ? `${Number(raw.slice(0, 2)) < 50 ? '20' : '19'}${raw}` : raw;
  return full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
}

export function signedSerial(serial: string): string {
  const value = BigInt(`0x${serial.replace('-', '')}`).toString(16);
  return `${serial.startsWith('-') ? '-' : ''}0x${value}`;
}
