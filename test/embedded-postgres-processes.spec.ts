import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { findEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { ask, EmbeddedPostgresWorld } from './support/embedded-postgres-world.js';

let world: EmbeddedPostgresWorld;
let children: ChildProcess[];

beforeAll(async () => {
  world = await EmbeddedPostgresWorld.prepare();
});

afterAll(async () => await world.remove());

beforeEach(async () => {
  await world.beginTest();
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await world.endTest();
});

async function startElsewhere(): Promise<string> {
  const script = join(import.meta.dirname, 'support', 'start-embedded-postgres.ts');
  const loader = join(import.meta.dirname, 'support', 'typescript-loader.mjs');
  const child = spawn(process.execPath, ['--import', loader, script, world.dataDirectory], {
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
  return Number((await readFile(join(world.dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

test('a server that outlived a killed Node process is used again', async () => {
  world.usePrepared();
  const url = await startElsewhere();
  await ask(url, 'create table kept as select 7 as answer');
  const before = await postmaster();
  await killChildren('SIGKILL');

  const again = await world.start();
  expect(await postmaster()).toBe(before);
  expect(again.url).toBe(url);
  expect(await ask(again.url, 'select answer from kept')).toBe(7);
});

test('a server that was killed is started again', async () => {
  await world.copyPrepared();
  const first = await world.start({ durable: true });
  await ask(first.url, 'create table survivor as select 7 as answer');
  process.kill(await postmaster(), 'SIGKILL');
  await first.stop();

  const second = await world.start();
  expect(await ask(second.url, 'select answer from survivor')).toBe(7);
});

test('a second process is refused and leaves the first one its database', async () => {
  world.usePrepared();
  const url = await startElsewhere();
  expect(await world.refusal()).toContain('Another certkeep already uses the data directory');
  expect(await ask(url, 'select 7 as answer')).toBe(7);
  await killChildren('SIGKILL');
  await world.start();
});

test('a command finds the server of another process, and starts none', async () => {
  world.usePrepared();
  const options = { dataDirectory: world.dataDirectory, announce: () => undefined };
  expect(await findEmbeddedPostgres(options)).toBeUndefined();
  const server = await world.start();
  expect(await findEmbeddedPostgres(options)).toBe(server.url);
  await server.stop();
  expect(await findEmbeddedPostgres(options)).toBeUndefined();
});

test('Ctrl-C reaches Node alone', async () => {
  world.usePrepared();
  const url = await startElsewhere();
  // What a terminal does: the signal goes to the whole process group.
  for (const child of children) process.kill(-(child.pid ?? 0), 'SIGINT');
  await Promise.all(children.map(async (child) => await once(child, 'exit')));
  expect(await ask(url, 'select 7 as answer')).toBe(7);
  await world.start();
});

test('a process that has nothing else to do stops the server before it ends', async () => {
  world.usePrepared();
  const url = await startElsewhere();
  const [child] = children;
  child?.stdin?.end();
  expect(await once(child ?? process, 'exit')).toEqual([0, null]);
  await expect(ask(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
});
