import { createSecretKey, randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { SignJWT } from 'jose';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SystemClock } from '../src/common/clock.js';
import { knownState } from '../src/database/schema-state.js';
import { compatibilityOf } from '../src/database/schema-state.rules.js';
import { createDatabase } from './support/database.js';
import { type Answer, CORE, send } from './support/http.js';
import { issueCertificate } from './support/pki.js';
import { buildPreviousVersion, previousTag } from './support/previous-version.js';
import { BuiltProgram } from './support/process.js';
import { SettingsFolder } from './support/settings-folder.js';

// The steps of an upgrade and a roll-back, in order, on one database that the previous version has made:
// docs/operations/upgrades.md promises what they prove.

const LIMIT_MS = 600_000;
const BUILD_LIMIT_MS = 900_000;
const THIS = knownState('this version');

const tag = previousTag();

let admin: Client;
let variables: Readonly<Record<string, string>>;
let token: string;
/** The path of the programs of the previous version. */
let previous: string;
/** The last migration that the previous version knows. */
let previousSchema: number;

const programs: BuiltProgram[] = [];
const cleanups: (() => Promise<void> | void)[] = [];

interface Server {
  readonly url: string;
  readonly program: BuiltProgram;
}

beforeAll(async () => {
  if (tag === undefined) return;
  previous = await buildPreviousVersion(tag);
  const database = await createDatabase();
  cleanups.unshift(database.drop);
  admin = new Client({ connectionString: database.url });
  await admin.connect();
  cleanups.unshift(async () => await admin.end());
  await admin.query('drop schema public cascade; create schema public');
  // Text, since a line end after a secret in a file is not part of it.
  const key = Buffer.from(randomBytes(48).toString('base64url'));
  const folder = new SettingsFolder();
  cleanups.unshift(() => folder.remove());
  variables = {
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_POOL: '5',
    DRAIN_SECONDS: '0',
    JWT_ISSUER: 'issuer',
    JWT_AUDIENCE: 'audience',
    JWT_SECRET_FILE: folder.file('jwt', key),
    X_TOKEN_SECRET_FILE: folder.file('x-token', randomBytes(48).toString('base64url')),
    VAULT_KEY_FILE: folder.file('vault-key', randomBytes(32).toString('base64')),
    LOG_LEVEL: 'error',
  };
  const claims = { sub: 'admin-1', client_ext_id: '100', roles: ['nevisIdm.Root'], data_room: { clients: ['*'] } };
  token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('issuer')
    .setAudience('audience')
    .setExpirationTime(new Date(new SystemClock().now().getTime() + 3_600_000))
    .sign(createSecretKey(key));
}, BUILD_LIMIT_MS);

afterAll(async () => {
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(async (program) => await program.exit()));
  for (const cleanUp of cleanups) await cleanUp();
});

function start(path: string, more: Readonly<Record<string, string>> = {}): BuiltProgram {
  const program = BuiltProgram.start(path, { ...variables, ...more });
  programs.push(program);
  return program;
}

async function serve(path: string, more: Readonly<Record<string, string>> = {}): Promise<Server> {
  const program = start(path, more);
  const [, url = ''] = await program.says(/certkeep listens on (\S+)/);
  return { url, program };
}

const previousServer = (): string => join(previous, 'main.js');

async function stop({ program }: Server): Promise<void> {
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
}

async function storedSchema(): Promise<number> {
  const { rows } = await admin.query<{ schema: string }>('select schema from schema_state');
  return Number(rows[0]?.schema);
}

/** Whether the previous version may use the schema of this one. */
const isCompatible = (): boolean => compatibilityOf(THIS, previousSchema) !== 'tooNew';

async function ask(server: Server, expected: number, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await send(server, method, CORE + path, { token, body });
  expect([method, path, answer.status, answer.body]).toEqual([method, path, expected, answer.body]);
  return answer;
}

const certificateOf = (client: string): string => `/${client}/users/jane/certificates/laptop`;

/** Creates a client with a user, a policy and a certificate, changes the certificate, and reads everything. */
async function smokeRun(server: Server, client: string): Promise<void> {
  const { pem } = await issueCertificate({
    subject: [{ CN: ['Jane Doe'] }],
    extensions: { subjectKeyIdentifier: true },
  });
  const name = { firstName: 'Jane', familyName: 'Doe' };
  const policy = { extId: 'tolerant', name: 'Tolerant', policyType: 'CertificatePolicy', defaultPolicy: false };
  const certificate = { extId: 'laptop', certificate: pem, policyExtId: 'tolerant' };
  await ask(server, 201, 'POST', '/clients', { extId: client, name: client });
  await ask(server, 201, 'POST', `/${client}/users`, { extId: 'jane', loginId: 'jane', name });
  await ask(server, 201, 'POST', `/${client}/policies`, { ...policy, parameters: { maxValidityDays: '397' } });
  await ask(server, 201, 'POST', `/${client}/users/jane/certificates`, certificate);
  const path = certificateOf(client);
  const changed = await ask(server, 200, 'PATCH', path, { modificationComment: 'smoke run', version: 1 });
  expect(changed.body).toMatchObject({ extId: 'laptop', version: 2, modificationComment: 'smoke run' });
  expect((await ask(server, 200, 'GET', path)).body).toEqual(changed.body);
  expect(await eventsOf(server, client)).toEqual(
    expect.arrayContaining([
      ['client', 'created', client],
      ['user', 'created', 'jane'],
      ['policy', 'created', 'tolerant'],
      ['certificate', 'created', 'laptop'],
      ['certificate', 'changed', 'laptop'],
    ]),
  );
}

async function eventsOf(server: Server, client: string): Promise<(string | undefined)[][]> {
  const answer = await ask(server, 200, 'GET', `/${client}/audit-events?limit=100`);
  const { items } = answer.body as { items: Readonly<Record<'kind' | 'action' | 'extId', string>>[] };
  return items.map(({ kind, action, extId }) => [kind, action, extId]);
}

/** Reads the client's certificate, user and policy. */
async function recordsOf(server: Server, client: string): Promise<object> {
  const paths = [certificateOf(client), `/${client}/users/jane`, `/${client}/policies/tolerant`, `/clients/${client}`];
  return await Promise.all(paths.map(async (path) => (await ask(server, 200, 'GET', path)).body as unknown));
}

/** Reads the client through both servers, then changes its certificate through the one that did not write it last. */
async function takeOver(client: string, older: Server, newer: Server, writer: Server): Promise<void> {
  // A newer version may have more members.
  expect(await recordsOf(newer, client)).toMatchObject(await recordsOf(older, client));
  const comment = { modificationComment: 'by the other version' };
  expect((await ask(writer, 200, 'PATCH', certificateOf(client), comment)).body).toMatchObject({
    version: 3,
    ...comment,
  });
  expect(await recordsOf(newer, client)).toMatchObject(await recordsOf(older, client));
}

describe.skipIf(tag === undefined)(`upgrade from ${tag} and roll-back`, { timeout: LIMIT_MS }, () => {
  let running: Server;

  test('the previous version makes its schema and passes the smoke run', async () => {
    running = await serve(previousServer());
    previousSchema = await storedSchema();
    await smokeRun(running, 'previous');
  });

  test('this version with MIGRATE=off refuses the schema of the previous one and names the command, unless it is its own', async () => {
    const program = start('main.js', { MIGRATE: 'off' });
    if (previousSchema === THIS.schema) {
      await program.says(/certkeep listens on/);
      program.signal('SIGTERM');
      expect(await program.exit()).toBe(0);
      return;
    }
    expect(await program.exit()).toBe(1);
    expect(program.output).toContain(
      'The database lacks migrations, and MIGRATE is off. Run them first: npm run migrate',
    );
  });

  test('a running server of the previous version serves on while this one migrates, unless a migration breaks it', async () => {
    if (!isCompatible()) await stop(running);
    const migration = start('commands/migrate.js');
    expect([await migration.exit(), migration.output]).toEqual([0, migration.output]);
    expect(await storedSchema()).toBe(THIS.schema);
    if (isCompatible()) await smokeRun(running, 'previous-beside-migration');
  });

  test('this version on the migrated schema passes the smoke run, and reads and changes what the previous one wrote', async () => {
    const server = await serve('main.js');
    await smokeRun(server, 'current');
    await takeOver('previous', isCompatible() ? running : server, server, server);
    if (isCompatible()) await takeOver('current', running, server, running);
    await stop(server);
    if (isCompatible()) await stop(running);
  });

  test('the previous version on the new schema starts and passes the smoke run, or refuses and names the reason', async () => {
    if (!isCompatible()) {
      const refused = start(previousServer());
      expect(await refused.exit()).toBe(1);
      // An earlier version may end the sentence in other words.
      expect(refused.output).toMatch(/The database has schema \d+ of certkeep .* knows schema \d+\. It must not /);
      return;
    }
    const server = await serve(previousServer());
    const expected = previousSchema === THIS.schema ? /^certkeep listens/m : /; it can use the database\./;
    expect(server.program.output).toMatch(expected);
    await smokeRun(server, 'rolled-back');
    expect((await ask(server, 200, 'GET', certificateOf('current'))).body).toMatchObject({ version: 3 });
    await stop(server);
  });
});
