import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect, test } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '..', 'scripts', 'node26.mjs');

/** Writes its process id, then every signal, and ends with 7 once its input ends. */
const PROGRAM = `
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => console.log(signal));
  process.stdin.resume().on('end', () => process.exit(7));
  console.log(process.pid);`;

/** Older versions of Node cannot replace their own process. */
const WAYS = [
  { way: 'replaced by the program', options: [] },
  { way: 'with the program as its child', options: ['--import', 'data:text/javascript,delete process.execve'] },
];

function launch(options: readonly string[], program: string): ChildProcess {
  return spawn(process.execPath, [...options, LAUNCHER, '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // A process group of its own.
    detached: true,
  });
}

async function nextLine(child: ChildProcess): Promise<string> {
  return String(await once(child.stdout!.setEncoding('utf8'), 'data')).trim();
}

async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each(WAYS)('the launcher, $way, keeps the exit code', async ({ options }) => {
  const child = launch(options, PROGRAM);
  await nextLine(child);
  child.stdin?.end();
  expect(await ended(child)).toMatchObject({ code: 7 });
});

test.each(
  WAYS.flatMap((one) =>
    (['SIGTERM', 'SIGINT', 'SIGHUP'] as const).flatMap((signal) => [
      { ...one, signal, to: 'it' },
      { ...one, signal, to: 'all of its process group' },
    ]),
  ),
)(
  '$signal to $to reaches the program of the launcher, $way, and no process is left',
  async ({ options, signal, to }) => {
    const child = launch(options, PROGRAM);
    const pid = Number(await nextLine(child));
    process.kill(to === 'it' ? child.pid! : -child.pid!, signal);
    expect(await nextLine(child)).toContain(signal);
    child.stdin?.end();
    expect(await ended(child)).toMatchObject({ code: 7 });
    expect(isAlive(pid)).toBe(false);
  },
);

test.each(WAYS)('the launcher, $way, ends by the signal that ended the program', async ({ options }) => {
  const child = launch(options, PROGRAM);
  const pid = Number(await nextLine(child));
  process.kill(pid, 'SIGKILL');
  const { code, signal } = await ended(child);
  expect(signal ?? code).toBe(child.pid === pid ? 'SIGKILL' : 137);
});
