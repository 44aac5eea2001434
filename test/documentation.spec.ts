import { globSync } from 'node:fs';
import { glob, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { settingNames } from './support/setting-names.js';

const ROOT = join(import.meta.dirname, '..');
const PAGES = globSync(['*.md', 'docs/**/*.md', '.github/*.md'], { cwd: ROOT }).toSorted();

const read = async (path: string): Promise<string> => await readFile(join(ROOT, path), 'utf8');

test('docs/settings.md has a line for every setting, and none for an unknown setting', async () => {
  const known = await settingNames();
  const rows = (await read('docs/settings.md')).split('\n').filter((line) => line.startsWith('| `'));
  const described = rows.flatMap((row) => row.split('|')[1]?.match(/[A-Z][A-Z_]+/g) ?? []);
  expect(described.toSorted()).toEqual([...known].toSorted());
});

test.each(PAGES)('the links of %s have targets', async (page) => {
  const text = await read(page);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? '');
  for (const link of links) {
    await expect(stat(join(ROOT, dirname(page), link)), link).resolves.toBeDefined();
  }
});

test('docs/adr/README.md lists every decision', async () => {
  const list = await read('docs/adr/README.md');
  for await (const file of glob('0*.md', { cwd: join(ROOT, 'docs', 'adr') })) expect(list).toContain(`(${file})`);
});
