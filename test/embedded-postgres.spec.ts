import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { ask, EmbeddedPostgresFixture } from './support/embedded-postgres-fixture.js';
import { freePort } from './support/free-port.js';

const asRoot = process.getuid?.() === 0;

let fixture: EmbeddedPostgresFixture;

beforeAll(async () => {
  fixture = await EmbeddedPostgresFixture.prepare();
});

afterAll(async () => await fixture.remove());

beforeEach(async () => await fixture.beginTest());

afterEach(async () => await fixture.endTest());

async function modeOf(...path: string[]): Promise<string> {
  return ((await stat(join(fixture.dataDirectory, ...path))).mode & 0o777).toString(8);
}

test('the first start creates a database, the second one uses it', async () => {
  const first = await fixture.start({ port: await freePort() });
  await ask(first.url, 'create table kept as select 7 as answer');
  await first.stop();
  await expect(ask(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED');

  const second = await fixture.start();
  expect(await ask(second.url, 'select answer from kept')).toBe(7);
});

test('it has UTF-8, byte order and UTC, and is durable where that is asked for', async () => {
  const { url } = await fixture.start({ durable: true });
  expect(await ask(url, `select current_setting('server_encoding') as answer`)).toBe('UTF8');
  expect(await ask(url, `select datcollate as answer from pg_database where datname = current_database()`)).toBe('C');
  expect(await ask(url, `select current_setting('timezone') as answer`)).toBe('UTC');
  expect(await ask(url, `select current_setting('fsync') as answer`)).toBe('on');
  expect(await ask(url, `select current_setting('synchronous_commit') as answer`)).toBe('on');
});

test('its buffers are a part of the memory of the machine', async () => {
  fixture.usePrepared();
  const { url } = await fixture.start({ durable: true });
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const buffers = await ask(url, `select pg_size_bytes(current_setting('shared_buffers'))::float8 as answer`);
  expect(buffers).toBeGreaterThanOrEqual(Math.min(memory / 5, 2 ** 31));
  expect(buffers).toBeLessThanOrEqual(Math.max(memory / 4, 2 ** 27));
});

test('it accepts connections from loopback only, and only with the password', async () => {
  fixture.usePrepared();
  const { url } = await fixture.start();
  expect(await ask(url, `select current_setting('listen_addresses') as answer`)).toBe('127.0.0.1');
  expect(await ask(url, `select current_setting('unix_socket_directories') as answer`)).toBe('');
  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  expect(await ask(url, `select string_agg(distinct auth_method, ',') as answer from pg_hba_file_rules`)).toBe(
    'scram-sha-256',
  );
});

test('secret files are readable by their owner only', async () => {
  fixture.usePrepared();
  expect(await modeOf('secrets')).toBe('700');
  expect(await modeOf('secrets', 'postgres-password')).toBe('600');
  expect(await modeOf('postgres')).toBe('700');
});

test('it listens on the given port', async () => {
  fixture.usePrepared();
  const port = await freePort();
  const probe = createServer().listen(port, '127.0.0.1');
  await once(probe, 'listening');

  const taken = await fixture.refusal({ port });
  expect(taken).toContain(`port ${port}`);
  expect(taken).toContain('the port is already in use');

  probe.close();
  await once(probe, 'close');
  const { url } = await fixture.start({ port });
  expect(new URL(url).port).toBe(String(port));
});

test('a second stop does nothing', async () => {
  fixture.usePrepared();
  const server = await fixture.start();
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
});

test('after a killed initdb the next start removes what is left and runs it again', async () => {
  const dead = spawn(process.execPath, ['-e', '0']);
  await once(dead, 'exit');
  const remains = join(fixture.dataDirectory, `postgres.partial-${dead.pid}`);
  await mkdir(join(remains, 'cluster', 'base'), { recursive: true });
  await writeFile(join(remains, 'cluster', 'PG_VERSION'), '18\n');

  const { url } = await fixture.start();
  expect(await ask(url, 'select 7 as answer')).toBe(7);
  expect((await readdir(fixture.dataDirectory)).toSorted()).toEqual(['postgres', 'secrets']);
});

test('data of another major version is refused, and the message names it', async () => {
  await fixture.copyPrepared();
  await writeFile(join(fixture.dataDirectory, 'postgres', 'PG_VERSION'), '15\n');
  expect(await fixture.refusal()).toMatch(/belongs to PostgreSQL 15, the embedded server is 18.*pg_dump/);
});

test('a folder with other content is refused and not changed', async () => {
  await mkdir(join(fixture.dataDirectory, 'postgres'), { recursive: true });
  await writeFile(join(fixture.dataDirectory, 'postgres', 'notes.txt'), 'mine');
  expect(await fixture.refusal()).toContain('is not empty, but is not a PostgreSQL database');
  expect(await readdir(join(fixture.dataDirectory, 'postgres'))).toEqual(['notes.txt']);
});

test('a data directory that is a file is refused, and the message says what to do', async () => {
  await writeFile(fixture.dataDirectory, '');
  const message = await fixture.refusal();
  expect(message).toContain(`${fixture.dataDirectory} cannot be used`);
  expect(message).toContain('CERTKEEP_DATA');
});

test('a lost or replaced password file is refused, and the message names it', async () => {
  await fixture.copyPrepared();
  const file = join(fixture.dataDirectory, 'secrets', 'postgres-password');
  await writeFile(file, 'another');
  expect(await fixture.refusal()).toContain('does not accept the password');
  await rm(file);
  expect(await fixture.refusal()).toMatch(/its password cannot be read.*remove the whole data directory/);
});

test.runIf(asRoot)(
  'as root: where its account cannot reach the data directory, the data is kept elsewhere, and the start says so',
  async () => {
    await chmod(fixture.parent, 0o700);
    const reachable = await mkdtemp(join(tmpdir(), 'certkeep-shared-'));
    await chmod(reachable, 0o755);
    try {
      const first = await fixture.start({ sharedDirectory: reachable });
      await ask(first.url, 'create table kept as select 7 as answer');
      const place = await readlink(join(fixture.dataDirectory, 'postgres'));
      expect(place.startsWith(reachable)).toBe(true);
      expect(fixture.announced.join('\n')).toContain(place);
      await first.stop();

      const second = await fixture.start({ sharedDirectory: reachable });
      expect(await ask(second.url, 'select answer from kept')).toBe(7);
      await second.stop();

      await rm(fixture.dataDirectory, { recursive: true });
      const moved = await fixture.start({ sharedDirectory: reachable });
      await expect(ask(moved.url, 'select answer from kept')).rejects.toThrow('does not exist');
      await moved.stop();
    } finally {
      await rm(reachable, { recursive: true });
    }
  },
);
