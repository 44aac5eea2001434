import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { exportName } from '../../src/audit/export-file.js';
import { startApp, type TestApp } from '../support/app.js';
import { variablesBeside } from '../support/built-server.js';
import { withEarlierLog } from '../support/earlier-audit-log.js';
import { BuiltProgram } from '../support/process.js';
import { SettingsFolder } from '../support/settings-folder.js';

const LOG = { clients: 2, users: 5, versions: 480, others: 100 };
const EVENTS = LOG.users * LOG.versions + LOG.others;

let app: TestApp;
let settings: SettingsFolder;
let folder: string;

beforeAll(async () => {
  app = await startApp({}, async (url) => await withEarlierLog(url, LOG));
  settings = new SettingsFolder();
});

afterAll(async () => {
  settings.remove();
  await app.close();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certkeep-export-'));
});

afterEach(async () => await rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: readonly string[]): Promise<Ended> {
  const output = join(settings.path, 'stdout');
  const descriptor = openSync(output, 'w');
  const program = BuiltProgram.start('commands/audit-export.js', variablesBeside(app, settings), args, descriptor);
  const code = await program.exit();
  closeSync(descriptor);
  return { code, stdout: await readFile(output, 'utf8'), stderr: program.output };
}

const file = (name = 'events.ndjson.zst'): string => join(folder, name);

interface Line {
  readonly clientExtId: string;
  readonly at: string;
}

const linesOf = async (path: string): Promise<readonly Line[]> =>
  zstdDecompressSync(await readFile(path))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** A message for a person: no stack trace. */
function expectMessage({ code, stderr }: Ended, expected: number, ...words: readonly string[]): void {
  expect(code).toBe(expected);
  for (const some of words) expect(stderr).toContain(some);
  expect(stderr).not.toMatch(/^ +at /m);
}

test('--help explains each option', async () => {
  const { code, stdout, stderr } = await run('--help');
  expect([code, stderr]).toEqual([0, '']);
  for (const option of ['--client', '--from', '--to', '--output']) expect(stdout).toContain(option);
});

test.each([
  ['100', 'audit-100.ndjson.zst'],
  ['../a', 'audit-..%2Fa.ndjson.zst'],
  ['a b', 'audit-a%20b.ndjson.zst'],
])('10.1 the file of client %j is in the current folder: %s', (client, name) => {
  expect(exportName(client)).toBe(name);
});

test.each([
  [[], '--client must be the extId of a client', 'Usage: npm run audit:export'],
  [['--client', ''], '--client must be the extId of a client', 'Usage: npm run audit:export'],
  [['--customer', 'c0'], "Unknown option '--customer'", 'Usage: npm run audit:export'],
  [['c0'], "Unexpected argument 'c0'", 'Usage: npm run audit:export'],
  [['--client', 'c0', '--from', 'yesterday'], '--from must be a date and time such as', ''],
  [['--client', 'c0', '--to', '2026-02-31T00:00:00Z'], '--to must be a date and time such as', ''],
  [
    ['--client', 'c0', '--from', '2026-02-01T00:00:00Z', '--to', '2026-02-01T00:00:00Z'],
    '--from must be earlier than --to',
    '',
  ],
])('wrong arguments (%j) are one message and exit code 2', async (args, message, more) => {
  expectMessage(await run(...args), 2, message, more);
});

test("10.1 a client's events are exported, with progress on the standard error, and a digest that sha256sum checks", async () => {
  const { code, stdout, stderr } = await run('--client', 'c0', '--output', file());
  expect([code, stdout]).toEqual([
    0,
    `${EVENTS} events of client c0 in ${file()}; check it with: sha256sum --check ${file()}.sha256\n`,
  ]);
  expect(stderr).toMatch(new RegExp(`^(\\d+ % \\(\\d+ of ${EVENTS} events\\)\\n)+$`));
  expect(stderr).toContain(`100 % (${EVENTS} of ${EVENTS} events)`);

  expect(await readdir(folder)).toEqual(['events.ndjson.zst', 'events.ndjson.zst.sha256']);
  const digest = createHash('sha256')
    .update(await readFile(file()))
    .digest('hex');
  expect(await readFile(`${file()}.sha256`, 'utf8')).toBe(`${digest}  events.ndjson.zst\n`);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  const lines = await linesOf(file());
  expect(lines).toHaveLength(EVENTS);
  expect(new Set(lines.map(({ clientExtId }) => clientExtId))).toEqual(new Set(['c0']));
  const times = lines.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
});

test('10.1 --from is included and --to is not, and both are bound to the client', async () => {
  await run('--client', 'c1', '--output', file('all'));
  const all = await linesOf(file('all'));
  const [from, to] = [all[100], all[900]].map((line) => line?.at ?? '') as [string, string];
  expect((await run('--client', 'c1', '--from', from, '--to', to, '--output', file())).code).toBe(0);
  expect(await linesOf(file())).toEqual(all.filter(({ at }) => at >= from && at < to));
});

test.each(['', '.sha256'])('an existing file (…%s) is not overwritten', async (suffix) => {
  await writeFile(`${file()}${suffix}`, 'mine');
  expectMessage(await run('--client', 'c0', '--output', file()), 2, `${file()}${suffix} exists already`, '--output');
  expect(await readFile(`${file()}${suffix}`, 'utf8')).toBe('mine');
  expect(await readdir(folder)).toHaveLength(1);
});

test('10.1 a client that never existed is one message, and no file is written', async () => {
  const ended = await run('--client', 'c99', '--output', file());
  expectMessage(ended, 2, 'There is no client c99, and no audit event of one.');
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that cannot be made is one message with cause and remedy', async () => {
  await writeFile(file('taken'), '');
  const ended = await run('--client', 'c0', '--output', join(file('taken'), 'events'));
  expectMessage(ended, 1, 'could not be written: a file is in its place', 'Remove that file, or name another file');
});

test.skipIf(process.getuid?.() === 0)('a folder without the right to write is one message with cause', async () => {
  await chmod(folder, 0o500);
  const ended = await run('--client', 'c0', '--output', file());
  await chmod(folder, 0o700);
  expectMessage(ended, 1, 'could not be written: it is not writable', 'or name another file with --output');
});

const isMounted = (size: string, path: string): boolean =>
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', path]).status === 0;

test('a full disk is one message with cause and remedy, and leaves nothing behind', async ({ skip }) => {
  if (!isMounted('16k', folder)) skip('Only root on Linux can mount a small disk.');
  try {
    const ended = await run('--client', 'c0', '--output', file());
    expectMessage(ended, 1, 'could not be written: its disk is full', 'Make room there, or name another file');
    expect(await readdir(folder)).toEqual([]);
  } finally {
    spawnSync('umount', [folder]);
  }
});
