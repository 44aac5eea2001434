import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

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

function start(url: string, variables: Readonly<Record<string, string>> = {}): BuiltProgram {
  return BuiltProgram.start('main.js', {
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

test('a start does not wait for a database that refuses the password', async () => {
  const url = new URL(database.url);
  url.password = 'wrong';
  const program = start(url.href);
  expect(await program.exit()).toBe(1);
  expect(program.output).toMatch(/cannot connect to its database: password authentication failed.*Check DATABASE_URL/);
  expect(program.output).not.toContain('Waiting');
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
