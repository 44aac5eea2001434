import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { findEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { ask, EmbeddedPostgresFixture } from './support/embedded-postgres-fixture.js';
import { freePort } from './support/free-port.js';

let fixture: EmbeddedPostgresFixture;
let children: ChildProcess[];

beforeAll(async () => {
  fixture = await EmbeddedPostgresFixture.prepare();
});

afterAll(async () => await fixture.remove());

beforeEach(async () => {
  await fixture.beginTest();
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await fixture.endTest();
});

async function startElsewhere(): Promise<string> {
  const script = join(import.meta.dirname, 'support', 'start-embedded-postgres.ts');
  const loader = join(import.meta.dirname, 'support', 'typescript-loader.mjs');
  const port = String(await freePort());
  const child = spawn(process.execPath, ['--import', loader, script, fixture.dataDirectory, port], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return line.toString().trim();
}

async function killChildren(signal: NodeJS.Signals): Promise<void> {
  const gone = children.map(async (child) => await once(child, 'exit'));
  for (const child of children) child.kill(signal);
  await Promise.all(gone);
  children = [];
}

async function postmaster(): Promise<number> {
  return Number((await readFile(join(fixture.dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

test('a server that outlived a killed Node process is used again', async () => {
  fixture.usePrepared();
  const url = await startElsewhere();
  await ask(url, 'create table kept as select 7 as answer');
  const before = await postmaster();
  await killChildren('SIGKILL');

  const again = await fixture.start();
  expect(await postmaster()).toBe(before);
  expect(again.url).toBe(url);
  expect(await ask(again.url, 'select answer from kept')).toBe(7);
});

test('a server that was killed is started again', async () => {
  await fixture.copyPrepared();
  const first = await fixture.start({ durable: true });
  await ask(first.url, 'create table survivor as select 7 as answer');
  process.kill(await postmaster(), 'SIGKILL');
  await first.stop();

  const second = await fixture.start();
  expect(await ask(second.url, 'select answer from survivor')).toBe(7);
});

test('a second process is refused, and the first one keeps its database', async () => {
  fixture.usePrepared();
  const url = await startElsewhere();
  expect(await fixture.refusal()).toContain('Another certkeep already uses the data directory');
  expect(await ask(url, 'select 7 as answer')).toBe(7);
  await killChildren('SIGKILL');
  await fixture.start();
});

test('a command uses the server of another process and starts none', async () => {
  fixture.usePrepared();
  const options = { dataDirectory: fixture.dataDirectory, announce: () => undefined };
  expect(await findEmbeddedPostgres(options)).toBeUndefined();
  const server = await fixture.start();
  expect(await findEmbeddedPostgres(options)).toBe(server.url);
  await server.stop();
  expect(await findEmbeddedPostgres(options)).toBeUndefined();
});

test('Ctrl-C does not reach PostgreSQL', async () => {
  fixture.usePrepared();
  const url = await startElsewhere();
  // A terminal sends the signal to the whole process group.
  for (const child of children) process.kill(-(child.pid ?? 0), 'SIGINT');
  await Promise.all(children.map(async (child) => await once(child, 'exit')));
  expect(await ask(url, 'select 7 as answer')).toBe(7);
  await fixture.start();
});

test('a process that ends by itself stops the server first', async () => {
  fixture.usePrepared();
  const url = await startElsewhere();
  const [child] = children;
  child?.stdin?.end();
  expect(await once(child ?? process, 'exit')).toEqual([0, null]);
  await expect(ask(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
});
