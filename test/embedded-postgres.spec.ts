import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { StartError } from '../src/common/start-error.js';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../src/database/embedded-postgres.js';

const asRoot = process.getuid?.() === 0;

/** Holds a data directory whose cluster exists: creating one takes longer than all else here. */
let prepared: string;
let parent: string;
let dataDirectory: string;
let said: string[];
let running: EmbeddedPostgres[];
let children: ChildProcess[];

beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), 'certkeep-prepared-'));
  await chmod(prepared, 0o711);
  const options = { dataDirectory: join(prepared, 'data'), durable: false, announce: () => undefined };
  await (await startEmbeddedPostgres(options)).stop();
});

afterAll(async () => {
  await rm(prepared, { recursive: true });
});

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'certkeep-embedded-'));
  await chmod(parent, 0o711);
  dataDirectory = join(parent, 'data');
  said = [];
  running = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of running) await server.stop();
  await rm(parent, { recursive: true, force: true });
});

async function start(more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDirectory,
    durable: false,
    sharedDirectory: join(parent, 'shared'),
    announce: (line) => said.push(line),
    ...more,
  });
  running.push(server);
  return server;
}

/** The data directory of an earlier run. Who damages it takes a copy, owners kept. */
function usePrepared(): void {
  dataDirectory = join(prepared, 'data');
}

async function copyPrepared(): Promise<void> {
  const child = spawn('cp', ['-a', join(prepared, 'data'), dataDirectory]);
  await once(child, 'exit');
}

async function ask(url: string, sql: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: string }>(sql);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

async function refusal(more: Partial<EmbeddedPostgresOptions> = {}): Promise<string> {
  const error = await start(more).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(StartError);
  return error instanceof Error ? error.message : '';
}

async function postmaster(): Promise<number> {
  return Number((await readFile(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function modeOf(...path: string[]): Promise<string> {
  return ((await stat(join(dataDirectory, ...path))).mode & 0o777).toString(8);
}

test('a first start makes a database, a second one goes on with it', async () => {
  const first = await start();
  await ask(first.url, 'create table kept as select 7 as answer');
  await first.stop();
  await expect(ask(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED');

  const second = await start();
  expect(await ask(second.url, 'select answer from kept')).toBe(7);
});

test('it speaks UTF-8, compares bytes, counts time in UTC, and is kept safe where that is asked for', async () => {
  const { url } = await start({ durable: true });
  expect(await ask(url, `select current_setting('server_encoding') as answer`)).toBe('UTF8');
  expect(await ask(url, `select datcollate as answer from pg_database where datname = current_database()`)).toBe('C');
  expect(await ask(url, `select current_setting('timezone') as answer`)).toBe('UTC');
  expect(await ask(url, `select current_setting('fsync') as answer`)).toBe('on');
  expect(await ask(url, `select current_setting('synchronous_commit') as answer`)).toBe('on');
});

test('only loopback, only with the password', async () => {
  usePrepared();
  const { url } = await start();
  expect(await ask(url, `select current_setting('listen_addresses') as answer`)).toBe('127.0.0.1');
  expect(await ask(url, `select current_setting('unix_socket_directories') as answer`)).toBe('');
  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  expect(await ask(url, `select string_agg(distinct auth_method, ',') as answer from pg_hba_file_rules`)).toBe(
    'scram-sha-256',
  );
});

test('what is secret is readable to the owner alone', async () => {
  usePrepared();
  expect(await modeOf('secrets')).toBe('700');
  expect(await modeOf('secrets', 'postgres-password')).toBe('600');
  expect(await modeOf('postgres')).toBe('700');
});

test('the given port is used', async () => {
  usePrepared();
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const taken = await refusal({ port });
  expect(taken).toContain(`port ${port}`);
  expect(taken).toContain('the port is already in use');

  probe.close();
  await once(probe, 'close');
  const { url } = await start({ port });
  expect(new URL(url).port).toBe(String(port));
});

test('a server that outlived a killed Node process is used again', async () => {
  usePrepared();
  const url = await startElsewhere();
  await ask(url, 'create table kept as select 7 as answer');
  const before = await postmaster();
  await killChildren('SIGKILL');

  const again = await start();
  expect(await postmaster()).toBe(before);
  expect(again.url).toBe(url);
  expect(await ask(again.url, 'select answer from kept')).toBe(7);
});

test('a server that was killed is started again', async () => {
  await copyPrepared();
  const first = await start({ durable: true });
  await ask(first.url, 'create table survivor as select 7 as answer');
  process.kill(await postmaster(), 'SIGKILL');
  await first.stop();

  const second = await start();
  expect(await ask(second.url, 'select answer from survivor')).toBe(7);
});

test('a second process is refused and leaves the first one its database', async () => {
  usePrepared();
  const url = await startElsewhere();
  expect(await refusal()).toContain('Another certkeep already uses the data directory');
  expect(await ask(url, 'select 7 as answer')).toBe(7);
  await killChildren('SIGKILL');
  await start();
});

test('a command finds the server of another process, and starts none', async () => {
  usePrepared();
  const options = { dataDirectory, announce: (line: string) => void said.push(line) };
  expect(await findEmbeddedPostgres(options)).toBeUndefined();
  const server = await start();
  expect(await findEmbeddedPostgres(options)).toBe(server.url);
  await server.stop();
  expect(await findEmbeddedPostgres(options)).toBeUndefined();
});

test('Ctrl-C reaches Node alone', async () => {
  usePrepared();
  const url = await startElsewhere();
  // What a terminal does: the signal goes to the whole process group.
  for (const child of children) process.kill(-(child.pid ?? 0), 'SIGINT');
  await Promise.all(children.map(async (child) => await once(child, 'exit')));
  expect(await ask(url, 'select 7 as answer')).toBe(7);
  await start();
});

test('an initdb that was killed half-way is done again, and its remains are removed', async () => {
  const dead = spawn(process.execPath, ['-e', '0']);
  await once(dead, 'exit');
  const remains = join(dataDirectory, `postgres.partial-${dead.pid}`);
  await mkdir(join(remains, 'cluster', 'base'), { recursive: true });
  await writeFile(join(remains, 'cluster', 'PG_VERSION'), '18\n');

  const { url } = await start();
  expect(await ask(url, 'select 7 as answer')).toBe(7);
  expect((await readdir(dataDirectory)).toSorted()).toEqual(['postgres', 'secrets']);
});

test('data of another major version is refused by name', async () => {
  await copyPrepared();
  await writeFile(join(dataDirectory, 'postgres', 'PG_VERSION'), '15\n');
  expect(await refusal()).toMatch(/belongs to PostgreSQL 15, the embedded server is 18.*pg_dump/);
});

test('a folder that holds something else is left alone', async () => {
  await mkdir(join(dataDirectory, 'postgres'), { recursive: true });
  await writeFile(join(dataDirectory, 'postgres', 'notes.txt'), 'mine');
  expect(await refusal()).toContain('holds something, but not a PostgreSQL database');
  expect(await readdir(join(dataDirectory, 'postgres'))).toEqual(['notes.txt']);
});

test('a data directory that is a file is refused with the remedy', async () => {
  await writeFile(dataDirectory, '');
  const message = await refusal();
  expect(message).toContain(`${dataDirectory} cannot be used`);
  expect(message).toContain('CERTKEEP_DATA');
});

test('a password that was lost or exchanged is named', async () => {
  await copyPrepared();
  const file = join(dataDirectory, 'secrets', 'postgres-password');
  await writeFile(file, 'another');
  expect(await refusal()).toContain('refuses the password');
  await rm(file);
  expect(await refusal()).toMatch(/its password cannot be read.*remove the whole data directory/);
});

test('a process that has nothing else to do stops the server before it ends', async () => {
  usePrepared();
  const url = await startElsewhere();
  const [child] = children;
  child?.stdin?.end();
  expect(await once(child ?? process, 'exit')).toEqual([0, null]);
  await expect(ask(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
});

test('stopping twice is stopping once', async () => {
  usePrepared();
  const server = await start();
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
});

test.runIf(asRoot)(
  'as root: data that its account cannot reach are kept elsewhere, and the start says so',
  async () => {
    await chmod(parent, 0o700);
    const reachable = await mkdtemp(join(tmpdir(), 'certkeep-shared-'));
    await chmod(reachable, 0o755);
    try {
      const first = await start({ sharedDirectory: reachable });
      await ask(first.url, 'create table kept as select 7 as answer');
      const place = await readlink(join(dataDirectory, 'postgres'));
      expect(place.startsWith(reachable)).toBe(true);
      expect(said.join('\n')).toContain(place);
      await first.stop();

      const second = await start({ sharedDirectory: reachable });
      expect(await ask(second.url, 'select answer from kept')).toBe(7);
      await second.stop();

      await rm(dataDirectory, { recursive: true });
      const anew = await start({ sharedDirectory: reachable });
      await expect(ask(anew.url, 'select answer from kept')).rejects.toThrow('does not exist');
      await anew.stop();
    } finally {
      await rm(reachable, { recursive: true });
    }
  },
);

async function startElsewhere(): Promise<string> {
  const script = join(import.meta.dirname, 'support', 'start-embedded-postgres.ts');
  const loader = join(import.meta.dirname, 'support', 'typescript-loader.mjs');
  const child = spawn(process.execPath, ['--import', loader, script, dataDirectory], {
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
