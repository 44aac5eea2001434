import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ADVISORY_LOCKS } from '../../src/database/locks.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { BuiltProgram } from '../support/process.js';
import { TcpProxy } from '../support/tcp-proxy.js';

let folder: string;
let database: TestDatabase;
let admin: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certkeep-start-'));
  for (const letter of 'ab') await writeFile(join(folder, letter), letter.repeat(32));
  await writeFile(join(folder, 'vault-key'), Buffer.alloc(32, 'k').toString('base64'));
  database = await createDatabase();
  admin = new Client({ connectionString: database.url });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

function start(url: string, variables: Readonly<Record<string, string>> = {}, path = 'main.js'): BuiltProgram {
  return BuiltProgram.start(path, {
    PORT: '0',
    DATABASE_URL: url,
    JWT_ISSUER: 'issuer',
    JWT_AUDIENCE: 'audience',
    JWT_SECRET_FILE: join(folder, 'a'),
    X_TOKEN_SECRET_FILE: join(folder, 'b'),
    VAULT_KEY_FILE: join(folder, 'vault-key'),
    ...variables,
  });
}

test('a start waits for a database that is not up yet, and says so', async () => {
  const wire = await TcpProxy.to(database.url);
  await wire.cut();
  const program = start(wire.url);
  await program.says(/Waiting up to 60 s for the database: .*ECONNREFUSED/);
  await wire.restore();
  await program.says(/certkeep listens on/);
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
  await wire.cut();
});

test.each([
  ['main.js', 'SIGTERM', {}],
  ['main.js', 'SIGINT', { WORKERS: '2' }],
  ['commands/migrate.js', 'SIGTERM', {}],
] as const)('%s ends with 0 on %s while it waits for its database', async (path, signal, variables) => {
  const wire = await TcpProxy.to(database.url);
  await wire.cut();
  const program = start(wire.url, variables, path);
  await program.says(/Waiting up to 60 s for the database/);
  program.signal(signal);
  // Where it does not stop waiting, it is ended with 1.
  expect([await program.exit(), program.output]).toEqual([0, program.output]);
});

test('a start says that it waits for the migrations of another server, and ends with 0 on a signal', async () => {
  const url = new URL(database.url);
  url.pathname = `unmigrated_${process.pid}`;
  await admin.query(`create database ${url.pathname.slice(1)}`);
  const other = new Client({ connectionString: url.href });
  await other.connect();
  await other.query('select pg_advisory_lock($1)', [ADVISORY_LOCKS.migration]);
  const [server, migration] = [start(url.href), start(url.href, {}, 'commands/migrate.js')];
  for (const program of [server, migration]) await program.says(/Waiting for another server.*migrations/);
  server.signal('SIGTERM');
  expect([await server.exit(), server.output]).toEqual([0, server.output]);
  await other.query('select pg_advisory_unlock_all()');
  expect([await migration.exit(), migration.output]).toEqual([0, migration.output]);
  await other.end();
  await admin.query(`drop database ${url.pathname.slice(1)} with (force)`);
});

test('a start does not wait for a database that refuses the password', async () => {
  const url = new URL(database.url);
  url.password = 'wrong';
  const program = start(url.href);
  expect(await program.exit()).toBe(1);
  expect(program.output).toMatch(/cannot connect to its database: password authentication failed.*Check DATABASE_URL/);
  expect(program.output).not.toContain('Waiting');
});

test('a role without rights is named, and what it needs', async () => {
  const role = `certkeep_no_rights_${process.pid}`;
  await admin.query(`create role ${role} login password 'secret'`);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'secret';
  const refused = start(url.href);
  expect(await refused.exit()).toBe(1);
  await admin.query(`drop role ${role}`);
  expect(refused.output).toMatch(
    /The role of DATABASE_URL lacks a right: permission denied for table \w+\. Let it own the database and all tables/,
  );
  expect(refused.output).not.toMatch(/^ +at /m);
});

test('a database that cannot store every name is refused', async () => {
  const name = `latin1_${process.pid}`;
  await admin.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
  const url = new URL(database.url);
  url.pathname = name;
  const refused = start(url.href);
  expect(await refused.exit()).toBe(1);
  await admin.query(`drop database ${name} with (force)`);
  expect(refused.output).toContain('needs a database with the encoding UTF8; this one has LATIN1');
});

test('an argument is refused, and --help names where the settings are described', async () => {
  const help = BuiltProgram.start('main.js', {}, ['--help']);
  expect([await help.exit(), help.output]).toEqual([0, expect.stringContaining('docs/settings.md')]);
  const refused = BuiltProgram.start('main.js', {}, ['--port', '3000']);
  expect([await refused.exit(), refused.output]).toEqual([2, expect.stringContaining("Unknown option '--port'")]);
});

test('a server on a newer schema names both versions, and refuses to start where the schema requires it', async () => {
  const newer = 'update schema_state set schema = 1900000000001, migrated_by = $1, oldest_schema = $2';
  await admin.query(newer, ['9.9.9', 1]);
  const program = start(database.url);
  await program.says(
    /has schema 1900000000001 of certkeep 9\.9\.9, and this is certkeep .* schema \d{13}; it can use the database/,
  );
  await program.says(/certkeep listens on/);
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);

  await admin.query(newer, ['9.9.9', 1900000000001]);
  const refused = start(database.url);
  expect(await refused.exit()).toBe(1);
  expect(refused.output).toMatch(/schema 1900000000001 of certkeep 9\.9\.9.* start a certkeep that knows schema 19/);
});
