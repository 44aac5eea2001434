import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Pkcs12Entry {
  readonly file: string;
  /** null: the file is opened without a password. */
  readonly password: string | null;
  readonly expected: 'open' | 'reject' | 'exotic';
  /** The SHA-256 of each certificate in it, in hexadecimal. */
  readonly certs: readonly string[] | null;
  readonly keys: number | null;
  readonly max_iterations: number | null;
}

/** The selection in this repository, or a larger corpus in the same format. */
const folder = process.env['CERTKEEP_PKCS12_CORPUS'] ?? join(import.meta.dirname, '..', 'fixtures', 'pkcs12');

export const pkcs12Entries = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Pkcs12Entry[];
export const readPkcs12File = (file: string): Buffer => readFileSync(join(folder, file));
