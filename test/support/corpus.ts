import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CertificateEntry } from '../../src/conformance/certificate-corpus.js';

export type Entry = CertificateEntry;

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
