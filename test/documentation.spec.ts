import { glob, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/settings.md',
  'docs/tokens.md',
  'docs/adr/README.md',
];

const read = async (path: string): Promise<string> => await readFile(join(ROOT, path), 'utf8');

test('every setting has its line in docs/settings.md, and no line a setting that does not exist', async () => {
  let code = '';
  for await (const file of glob('src/config/*.ts', { cwd: ROOT }))
    if (!file.endsWith('.spec.ts')) code += await read(file);
  const known = new Set([...code.matchAll(/\(\s*(?:environment, )?'([A-Z][A-Z_]+)'/g)].map(([, name]) => name ?? ''));
  // Given by the image, not by a person; a text that may come as a file has a second name.
  known.delete('CERTKEEP_IMAGE');
  known.add('DATABASE_URL_FILE');
  const rows = (await read('docs/settings.md')).split('\n').filter((line) => line.startsWith('| `'));
  const described = rows.flatMap((row) => row.split('|')[1]?.match(/[A-Z][A-Z_]+/g) ?? []);
  expect(described.toSorted()).toEqual([...known].toSorted());
});

test.each(PAGES)('the links of %s lead somewhere', async (page) => {
  const text = await read(page);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? '');
  for (const link of links) {
    await expect(stat(join(ROOT, dirname(page), link)), link).resolves.toBeDefined();
  }
});

test('each decision is in the list of decisions', async () => {
  const list = await read('docs/adr/README.md');
  for await (const file of glob('0*.md', { cwd: join(ROOT, 'docs', 'adr') })) expect(list).toContain(`(${file})`);
});
