import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The rules that lint reports for `code` as a file of `src`, with the configuration of this repository. */
async function reportedFor(code: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'certkeep-lint-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  await mkdir(join(folder, 'src'));
  // The rule needs no types, and the type checker knows only files of this repository.
  const configuration = JSON.parse(await readFile(join(root, '.oxlintrc.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(
    join(folder, '.oxlintrc.json'),
    JSON.stringify({ ...configuration, options: {}, jsPlugins: [join(root, 'scripts', 'house-rules.mjs')] }),
  );
  await writeFile(join(folder, 'src', 'seeded.ts'), code);
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(
    process.execPath,
    [join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'), '--format=json', 'src'],
    { cwd: folder },
    (_, output) => resolve(output),
  );
  const { diagnostics } = JSON.parse(await promise) as { diagnostics: readonly { code: string; message: string }[] };
  return diagnostics.filter(({ code: rule }) => rule.includes('linear-expression')).map(({ message }) => message);
}

test.each([
  ['a search that starts at each blank', String.raw`export const a = (text: string) => text.replace(/\s+$/, '');`],
  ['two repetitions of the same character', 'export const a = /^a*a*$/;'],
  [
    'the parameters of a media type as an older parser read them',
    'export const a = / *; *([a-z-]+) *= *("[^"]*"|[a-z]+) */g;',
  ],
])('lint refuses an expression of quadratic time: %s', async (_, code) => {
  expect(await reportedFor(code)).toEqual(['This expression is not linear (2nd degree polynomial).']);
});

test('lint refuses an expression of exponential time, and one that is composed at run time', async () => {
  expect(await reportedFor(`export const a = /^(?:a|a)*$/;`)).toEqual(['This expression is not linear (exponential).']);
  expect(await reportedFor('export const a = (text: string) => new RegExp(text).test(text);')).toEqual([
    'Write a regular expression as a literal, so that it can be checked.',
  ]);
});

test('lint accepts a linear expression', async () => {
  expect(await reportedFor(String.raw`export const a = /^[ \t]*"[^"]*"(?:,"[^"]*")*$/;`)).toEqual([]);
});
