import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jwtVerify } from 'jose';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { SystemClock } from '../../src/common/clock.js';
import { Secret } from '../../src/common/secret.js';
import { readSettings } from '../../src/config/read-settings.js';
import { Database } from '../../src/database/database.js';
import { openPool } from '../../src/database/pool.js';
import { SealedVault } from '../../src/vault/sealed/sealed-vault.js';
import { createDatabase } from '../support/database.js';
import { BuiltProgram } from '../support/process.js';

const [OLD_KEY, NEW_KEY] = ['o', 'n'].map((letter) => Buffer.alloc(32, letter).toString('base64')) as [string, string];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certkeep-commands-'));
});

afterAll(async () => await rm(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function run(path: string, args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Ended> {
  const program = BuiltProgram.start(path, variables, args);
  return { code: await program.exit(), output: program.output };
}

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** The settings that a server with its own database requires. */
async function production(databaseUrl: string): Promise<Record<string, string>> {
  return {
    DATABASE_URL: databaseUrl,
    JWT_ISSUER: 'issuer',
    JWT_AUDIENCE: 'audience',
    JWT_SECRET_FILE: await file('a', 'a'.repeat(32)),
    X_TOKEN_SECRET_FILE: await file('b', 'b'.repeat(32)),
    VAULT_KEY_FILE: await file('vault-key', OLD_KEY),
  };
}

const token = async (...args: string[]): Promise<Ended> =>
  await run('commands/token.js', args, { CERTKEEP_DATA: join(folder, 'data') });

const secret = async (name: string): Promise<Buffer> => await readFile(join(folder, 'data', 'secrets', name));

test('the output is the token and nothing else, signed with the secret of the embedded mode', async () => {
  const { code, output } = await token('--sub', 'helper-7', '--role', 'nevisIdm.Helpdesk', '--expires', '90s');
  expect(code).toBe(0);
  expect(output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const { payload } = await jwtVerify(output.trim(), await secret('jwt'), { issuer: 'certkeep', audience: 'certkeep' });
  expect(payload).toMatchObject({ sub: 'helper-7', client_ext_id: '100', roles: ['nevisIdm.Helpdesk'] });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(90);
});

test('4.5 an X-Token is signed with its own secret and lives as long as the setting says', async () => {
  const { output } = await token('--sub', 'jane', '--client', '200', '--x-token');
  const { payload } = await jwtVerify(output.trim(), await secret('x-token'), { audience: 'certkeep:x-token' });
  expect(payload).toMatchObject({ sub: 'jane', client_ext_id: '200' });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(3600);
});

test('wrong arguments are one message and exit code 2', async () => {
  const { code, output } = await token('--subject', 'jane');
  expect(code).toBe(2);
  expect(output).toContain("Unknown option '--subject'");
  expect(output).toContain('Usage: npm run -s token');
  expect(output).not.toMatch(/^ +at /m);
});

test('outside the embedded mode no token is issued', async () => {
  const variables = await production('postgres://127.0.0.1/certkeep');
  const { code, output } = await run('commands/token.js', ['--sub', 'jane'], variables);
  expect(code).toBe(1);
  expect(output).toContain('signs with the secret of the embedded mode only');
});

test('migrations can be run by themselves, and a server that may not run them refuses a database without them', async () => {
  const database = await createDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('drop schema public cascade; create schema public');
  await client.end();
  const variables = { ...(await production(database.url)), PORT: '0', MIGRATE: 'off' };
  try {
    const refused = await run('main.js', [], variables);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('The database lacks migrations, and MIGRATE is off');

    const first = await run('commands/migrate.js', [], variables);
    expect(first.output).toMatch(
      /^Migrated: InitialSchema1700000000001\n(Migrated: .*\n)*The schema is up to date\.\n$/,
    );
    expect(first.code).toBe(0);
    const second = await run('commands/migrate.js', [], variables);
    expect(second).toEqual({ code: 0, output: 'The schema was up to date already.\n' });

    const program = BuiltProgram.start('main.js', variables);
    await program.says(/certkeep listens on http:\/\/127\.0\.0\.1:\d+\n/);
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
    expect(program.output).not.toContain('To try it out');
  } finally {
    await database.drop();
  }
});

test('key rotation encrypts key stores under the new key, and the old one is no longer needed', async () => {
  const database = await createDatabase();
  const variables = await production(database.url);
  const keyFile = variables['VAULT_KEY_FILE'] ?? '';
  const rotate = async () => await run('commands/vault-rotate.js', [], variables);
  const pool = openPool({ url: database.url, poolSize: 1, statementTimeoutMs: 10_000 });
  const vault = () => {
    const settings = readSettings(variables).vault;
    if (settings.kind !== 'sealed') throw new Error('The vault is elsewhere.');
    return new SealedVault(new Database(pool), settings.keys, new SystemClock());
  };
  let refused: BuiltProgram | undefined;
  try {
    const address = { accountId: 'le1234', keyStoreId: 1 };
    await vault().write(address, 0, new Secret({ p12: Buffer.from('p12'), password: undefined }));

    await writeFile(keyFile, `${NEW_KEY}\n`);
    const lost = await rotate();
    expect(lost.code).toBe(1);
    expect(lost.output).toContain('Secrets that no key in VAULT_KEY_FILE can decrypt: 1.');
    refused = BuiltProgram.start('main.js', { ...variables, PORT: '0' });
    const [said] = await refused.says(
      /certkeep listens|that no key in VAULT_KEY_FILE can decrypt: 1\.\n {2}encrypted with the key /,
    );
    expect(said).not.toContain('listens');
    expect(await refused.exit()).toBe(1);
    expect(refused.output).not.toMatch(/^ +at /m);

    await writeFile(keyFile, `${NEW_KEY}\n${OLD_KEY}\n`);
    const done = await rotate();
    expect(done.output).toMatch(/^1 of 1 …\nSecrets rewrapped with the key [0-9a-f]{16}: 1\.\n$/);
    expect(done.code).toBe(0);
    expect((await rotate()).output).toMatch(/: 0\.\n$/);

    await writeFile(keyFile, NEW_KEY);
    expect(await vault().read(address)).toMatchObject({ outcome: 'found', version: 1 });
    const program = BuiltProgram.start('main.js', { ...variables, PORT: '0' });
    await program.says(/certkeep listens on/);
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
  } finally {
    refused?.signal('SIGKILL');
    await pool.end();
    await database.drop();
  }
});

test('key rotation is refused for a vault over HTTP, which rotates its own keys', async () => {
  const { VAULT_KEY_FILE: tokenFile = '', ...variables } = await production('postgres://127.0.0.1/certkeep');
  const elsewhere = { ...variables, VAULT_ADDR: 'https://vault.acme.example', VAULT_TOKEN_FILE: tokenFile };
  const { code, output } = await run('commands/vault-rotate.js', [], elsewhere);
  expect(code).toBe(1);
  expect(output).toContain('With VAULT_ADDR the secrets are in that vault');
});
