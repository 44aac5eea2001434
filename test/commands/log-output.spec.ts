import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { variablesBeside } from '../support/built-server.js';
import { freePort } from '../support/free-port.js';
import { BuiltProgram } from '../support/process.js';
import { SettingsFolder } from '../support/settings-folder.js';

const LONG = { timeout: 600_000 };

let app: TestApp;
let folder: SettingsFolder;
let variables: Readonly<Record<string, string>>;
let directory: string;
const programs: BuiltProgram[] = [];

beforeAll(async () => {
  app = await startApp();
  folder = new SettingsFolder();
  variables = { ...variablesBeside(app, folder), DRAIN_SECONDS: '0' };
  directory = mkdtempSync(join(tmpdir(), 'certkeep-log-'));
});

afterAll(async () => {
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(async (program) => await program.exit()));
  rmSync(directory, { recursive: true });
  folder.remove();
  await app.close();
});

/** Starts a server whose standard output is this descriptor, and waits until it answers. */
async function startWith(output: number): Promise<{ program: BuiltProgram; url: string }> {
  const port = await freePort();
  const program = BuiltProgram.start('main.js', { ...variables, PORT: String(port) }, [], output);
  programs.push(program);
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => await fetch(`${url}/health/live`), { timeout: 300_000, interval: 100 });
  return { program, url };
}

async function droppedBy(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^certkeep_log_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
}

/** Sends requests that are logged, and waits for all answers. */
async function ask(url: string, count: number): Promise<void> {
  const path = `${url}/${'x'.repeat(300)}`;
  const answers = await Promise.all(
    Array.from({ length: count }, async () => {
      const answer = await fetch(path);
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  expect(new Set(answers)).toEqual(new Set([404]));
}

async function askUntilLinesAreDropped(url: string): Promise<void> {
  for (let round = 0; round < 100 && (await droppedBy(url)) === 0; round += 1) await ask(url, 100);
  expect(await droppedBy(url)).toBeGreaterThan(0);
}

test(
  'a log pipe that nobody reads delays no request, dropped lines are counted, and SIGTERM ends the process',
  LONG,
  async () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Opened for reading too: without a reader the call would wait for one.
    const output = openSync(pipe, 'r+');
    try {
      const { program, url } = await startWith(output);
      await askUntilLinesAreDropped(url);
      await ask(url, 10);
      program.signal('SIGTERM');
      expect(await program.exit()).toBe(0);
    } finally {
      closeSync(output);
    }
  },
);

/** Mounts a file system of 256 KiB; undefined where this account may not. */
function mountSmall(): string | undefined {
  const at = mkdtempSync(join(tmpdir(), 'certkeep-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', at], { stdio: 'ignore' });
    return at;
  } catch {
    rmSync(at, { recursive: true });
    console.log('No small file system can be mounted by this account: logging to a full disk is not tested.');
    return undefined;
  }
}

const small = mountSmall();

afterAll(() => {
  if (small === undefined) return;
  execFileSync('umount', [small]);
  rmSync(small, { recursive: true });
});

test.skipIf(small === undefined)(
  'a full disk delays no request, the log goes on when there is room, and SIGTERM ends the process',
  LONG,
  async () => {
    const log = join(small ?? '', 'log');
    const filler = join(small ?? '', 'filler');
    writeFileSync(filler, Buffer.alloc(200 * 1024));
    const output = openSync(log, 'a');
    try {
      const { program, url } = await startWith(output);
      await askUntilLinesAreDropped(url);
      rmSync(filler);
      await ask(url, 10);
      await expect.poll(() => readFileSync(log, 'utf8')).toContain('"message":"log lines dropped"');
      const [line] = /^\{.*"log lines dropped".*$/m.exec(readFileSync(log, 'utf8')) ?? [];
      expect((JSON.parse(line ?? '{}') as { lost: number }).lost).toBeGreaterThan(0);

      program.signal('SIGTERM');
      expect(await program.exit()).toBe(0);
    } finally {
      closeSync(output);
    }
  },
);
