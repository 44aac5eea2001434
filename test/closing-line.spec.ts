import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

// Each test runs Vitest in a process of its own: the last line must be right however the run ends.

const VITEST = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
const REPORTER = join(import.meta.dirname, 'support', 'closing-line-reporter.ts');

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'certkeep-closing-line-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function run(source: string | undefined, more: object = {}): { status: number | null; lastLine: string | undefined } {
  const options = { globals: true, include: ['*.spec.js'], reporters: ['default', REPORTER], ...more };
  writeFileSync(join(directory, 'vitest.config.mjs'), `export default ${JSON.stringify({ test: options })}`);
  if (source !== undefined) writeFileSync(join(directory, 'a.spec.js'), source);
  const { status, stdout } = spawnSync(process.execPath, [VITEST, 'run', '--root', directory], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { status, lastLine: /([^\n]*)\n$/.exec(stdout)?.[1] };
}

const LATE = `
test('a', () => { setTimeout(() => { throw new Error('late') }, 0) });
test('b', () => new Promise((resolve) => setTimeout(resolve, 50)));`;

test.each([
  ['all pass', `test('a', () => {})`, 0, '1 passed, 0 failed'],
  [
    'one fails, one is skipped',
    `test('a', () => { throw 1 }); test.skip('b'); test('c', () => {})`,
    1,
    '1 passed, 1 failed',
  ],
  ['a file cannot be loaded', `import './nowhere.js'`, 1, '0 passed, 1 failed'],
  [
    'a hook throws',
    `describe('x', () => { beforeAll(() => { throw 1 }); test('a', () => {}) })`,
    1,
    '0 passed, 1 failed',
  ],
  ['an error is thrown outside of any test', LATE, 1, '2 passed, 1 failed'],
  ['there is no test', undefined, 1, '0 passed, 1 failed'],
])('closing line: %s', (_, source, status, lastLine) => {
  expect(run(source)).toEqual({ status, lastLine });
});

test('closing line: the global setup throws', () => {
  writeFileSync(join(directory, 'setup.mjs'), `export default () => { throw new Error('no server') }`);
  expect(run(`test('a', () => {})`, { globalSetup: ['./setup.mjs'] })).toEqual({
    status: 1,
    lastLine: '0 passed, 1 failed',
  });
});
