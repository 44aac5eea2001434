import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { variablesBeside } from '../support/built-server.js';
import { BuiltProgram } from '../support/process.js';
import { SettingsFolder } from '../support/settings-folder.js';

// What a server loads stays in the memory of each of its processes (docs/performance.md, Memory).

/** Large, and of no use to a server whose database is migrated, until somebody asks for the OpenAPI document. */
const UNUSED = [
  'typeorm',
  '@nestjs/swagger',
  '@nestjs/mapped-types',
  'class-transformer',
  'es-toolkit',
  'js-yaml',
  'swagger-ui-dist',
  'libphonenumber-js',
  'validator',
  '@peculiar/x509',
  'certkeep/conformance',
  'certkeep/demo',
  'certkeep/explanation',
];

const PRELOADED = join(import.meta.dirname, '..', 'support', 'list-modules.mjs');
const LONG = { timeout: 600_000 };

let app: TestApp;
let folder: SettingsFolder;
const programs: BuiltProgram[] = [];

beforeAll(async () => {
  app = await startApp();
  folder = new SettingsFolder();
});

afterAll(async () => {
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(async (program) => await program.exit()));
  folder.remove();
  await app.close();
});

test.each(['1', '2'])('a server of %s processes loads no large package that it does not use', LONG, async (WORKERS) => {
  const list = folder.file(`modules-${WORKERS}`, '');
  const variables = { ...variablesBeside(app, folder), PORT: '0', WORKERS, MODULES_FILE: list };
  const program = BuiltProgram.start('main.js', variables, [], 'pipe', ['--import', PRELOADED]);
  programs.push(program);
  const [, url] = await program.says(/certkeep listens on (http:\S+)\n/);
  const loaded = await packagesIn(list);
  // Of every process that serves.
  expect(loaded).toContain('@nestjs/core');
  expect(UNUSED.filter((name) => loaded.has(name))).toEqual([]);

  expect((await fetch(`${url}/api/openapi.json`)).status).toBe(200);
  expect(await packagesIn(list)).toContain('@nestjs/swagger');
});

/** Packages, and our own folders as packages of certkeep. */
async function packagesIn(list: string): Promise<ReadonlySet<string>> {
  const urls = (await readFile(list, 'utf8')).split('\n');
  return new Set(
    urls.map((url) => {
      const [, name = ''] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
      return name === '' ? `certkeep/${/\/dist\/src\/([^/]+)\//.exec(url)?.[1] ?? ''}` : name;
    }),
  );
}
