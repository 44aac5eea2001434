import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Pkcs12Entry {
  readonly file: string;
  /** null: none is given. */
  readonly password: string | null;
  readonly expected: 'open' | 'reject' | 'exotic';
  /** SHA-256 of each certificate inside, in hexadecimal. */
  readonly certs: readonly string[] | null;
  readonly keys: number | null;
  readonly max_iterations: number | null;
}

/** The repository's own selection, or a larger one of the same form. */
const folder = process.env['CERTKEEP_PKCS12_CORPUS'] ?? join(import.meta.dirname, '..', 'fixtures', 'pkcs12');

export const pkcs12Entries = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Pkcs12Entry[];
export const readPkcs12File = (file: string): Buffer => readFileSync(join(folder, file));
