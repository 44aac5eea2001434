import { globSync } from 'node:fs';
import { glob, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { REASON_TEXTS } from '../src/x509/path/reason-texts.js';
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

test.each(PAGES)('the sections that %s links to exist', async (page) => {
  const text = await read(page);
  for (const [, target, section] of text.matchAll(/\]\((?!https?:)([^)#]*\.md)?#([^)]+)\)/g)) {
    const linked = target === undefined ? text : await read(join(dirname(page), target));
    expect(anchorsOf(linked), `${target ?? ''}#${section}`).toContain(section);
  }
});

test.each(PAGES)('the npm scripts that %s names exist', async (page) => {
  const { scripts } = JSON.parse(await read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const named = [...(await read(page)).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name);
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
});

/** Those that GitHub makes of headings, and those that a page sets itself. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  const own = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  return [...headings, ...own];
}

test('no version of the changelog has two sections of one kind', async () => {
  const versions = (await read('CHANGELOG.md')).split(/^## /m).slice(1);
  for (const version of versions) {
    const kinds = [...version.matchAll(/^### (.+)$/gm)].map(([, kind]) => kind);
    expect(kinds).toEqual([...new Set(kinds)]);
  }
});

test('each decision is in the list of decisions, with its title', async () => {
  const list = await read('docs/adr/README.md');
  for await (const file of glob('0*.md', { cwd: join(ROOT, 'docs', 'adr') })) {
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(await read(`docs/adr/${file}`)) ?? [];
    expect(list).toContain(`| [${number}](${file}) | ${title} |`);
  }
});

test('12.4 docs/trust.md explains every reason for which a path is refused, in the words of the command', async () => {
  const rows = (await read('docs/trust.md')).split('\n').filter((line) => /^\| `[a-z]\w+` \| .+ \| .+ \|$/i.test(line));
  const reasons = rows.filter((row) => !/^\| `(production|section4|soft|hard)`/.test(row));
  expect(reasons).toEqual(
    Object.entries(REASON_TEXTS).map(([reason, { meaning, remedy }]) => `| \`${reason}\` | ${meaning} | ${remedy} |`),
  );
});
