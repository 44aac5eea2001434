import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Pkcs12Entry as EvaluatedEntry } from '../../src/conformance/pkcs12-corpus.js';

export interface Pkcs12Entry extends EvaluatedEntry {
  readonly max_iterations: number | null;
}

/** The selection in this repository, or a larger corpus in the same format. */
const folder = process.env['CERTKEEP_PKCS12_CORPUS'] ?? join(import.meta.dirname, '..', 'fixtures', 'pkcs12');

export const pkcs12Entries = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Pkcs12Entry[];
export const readPkcs12File = (file: string): Buffer => readFileSync(join(folder, file));
