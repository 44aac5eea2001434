import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { BuiltProgram, temporaryDataDirectory } from '../support/process.js';

/** Raising a priority needs CAP_SYS_NICE, which only root is sure to have. */
const MAY_RAISE = process.platform === 'linux' && process.getuid?.() === 0;

let data: Awaited<ReturnType<typeof temporaryDataDirectory>>;
let program: BuiltProgram;

beforeAll(async () => {
  data = await temporaryDataDirectory();
  program = BuiltProgram.start('main.js', { CERTKEEP_DATA: data.path, PORT: '0' });
  await program.says(/To start over:/);
});

afterAll(async () => {
  program.signal('SIGKILL');
  await program.exit();
  await data.remove();
});

/** Nice value: the 19th member of proc_pid_stat(5); the second one, the name, may contain blanks. */
const niceOf = (path: string): number =>
  Number(
    readFileSync(`${path}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[16],
  );

test.runIf(MAY_RAISE)('the event loop goes before all other threads and PostgreSQL', () => {
  const { pid } = program;
  const threads = readdirSync(`/proc/${pid}/task`).filter((thread) => thread !== String(pid));
  const postgres = readFileSync(join(data.path, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0];
  expect(niceOf(`/proc/${pid}`)).toBe(getPriority() - 5);
  expect(threads.length).toBeGreaterThan(4);
  expect(Math.min(...threads.map((thread) => niceOf(`/proc/${pid}/task/${thread}`)))).toBe(getPriority());
  expect(niceOf(`/proc/${postgres}`)).toBe(getPriority());
});
