import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** The settings that the code reads and an operator may set. */
export async function settingNames(): Promise<ReadonlySet<string>> {
  let code = '';
  for await (const file of glob('src/config/*.ts', { cwd: ROOT }))
    if (!file.endsWith('.spec.ts')) code += await readFile(join(ROOT, file), 'utf8');
  const known = new Set([...code.matchAll(/\(\s*(?:environment, )?'([A-Z][A-Z_]+)'/g)].map(([, name]) => name ?? ''));
  // Variables that the image sets are left out; a setting that may be a file has a second name.
  known.delete('CERTKEEP_IMAGE');
  known.add('DATABASE_URL_FILE');
  known.add('DATABASE_DIRECT_URL_FILE');
  known.add('DATABASE_REPLICA_URL_FILE');
  return known;
}
