import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import type { Kv2Login } from '../../src/config/vault-settings.js';
import { OutgoingClient } from '../../src/outgoing/outgoing-client.js';
import { Kv2Vault } from '../../src/vault/kv2/kv2-vault.js';
import type { SecretVault } from '../../src/vault/secret-vault.js';
import { TestClock } from '../support/clock.js';
import { freePort } from '../support/free-port.js';
import { breaksHalfWay, dropsTheConnection, FakeVault, neverReplies, answers, stopsHalfWay } from './fake-vault.js';
import { InstantTiming } from './instant-timing.js';

const ADDRESS = { accountId: 'le1234', keyStoreId: 2_147_483_649 };
const SECRET = new Secret({ p12: Buffer.from('correct horse'), password: 'staple' });
/** Longer than a test may take: one that waits for the limit sets a short one first. */
const LIMIT_MS = 600_000;
const SHORT_MS = 150;

const CALLS: readonly [string, (vault: SecretVault) => Promise<{ outcome: string }>][] = [
  ['the first write', async (vault) => await vault.write(ADDRESS, 0, SECRET)],
  ['a later write', async (vault) => await vault.write(ADDRESS, 3, SECRET)],
  ['read', async (vault) => await vault.read(ADDRESS)],
  ['readMetadata', async (vault) => await vault.readMetadata(ADDRESS)],
  ['list', async (vault) => await vault.list(ADDRESS.accountId)],
  ['softDelete', async (vault) => await vault.softDelete(ADDRESS, 1)],
  ['destroy', async (vault) => await vault.destroy(ADDRESS, 1)],
  ['erase', async (vault) => await vault.erase(ADDRESS)],
];

const client = new OutgoingClient();
let server: FakeVault;
let folder: string;
let timing: InstantTiming;
let clock: TestClock;
let tokenFile: string;
let limits: { callMs: number; healthMs: number };

beforeAll(async () => {
  server = await FakeVault.start();
  folder = await mkdtemp(join(tmpdir(), 'certkeep-vault-'));
});

afterAll(async () => {
  client.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  timing = new InstantTiming();
  clock = new TestClock('2026-06-01T12:00:00.000Z');
  limits = { callMs: LIMIT_MS, healthMs: LIMIT_MS };
  tokenFile = join(folder, 'token');
  await writeFile(tokenFile, 'first-token\n');
});

function newVault(login: Kv2Login = { method: 'token', tokenFile }, address = server.address): Kv2Vault {
  const settings = { kind: 'kv2', address, mount: 'secret', namespace: undefined, login } as const;
  return new Kv2Vault(settings, client, clock, timing, limits);
}

const token = (ttl: number, renewable = true) => answers(200, { data: { ttl, renewable } });

/** A vault that has its token already, so that the next request is the call's. */
async function vaultInUse(ttl = 0): Promise<Kv2Vault> {
  const vault = newVault();
  server.will(token(ttl), answers(200, { data: { keys: [] } }));
  expect(await vault.list('le1')).toEqual({ outcome: 'listed', keyStoreIds: [] });
  return vault;
}

const FAILURES = [
  ['drops the connection', dropsTheConnection, 'unreachable'],
  ['breaks off its answer', breaksHalfWay, 'unreachable'],
  ['is sealed', answers(503, { errors: ['Vault is sealed'] }), 'sealed'],
  ['fails', answers(500, { errors: ['internal error'] }), 'failed'],
  ['is behind a failing proxy', answers(502, '<html>Bad Gateway</html>'), 'failed'],
  ['is overloaded', answers(429, { errors: ['request path "secret": rate limit quota exceeded'] }), 'overloaded'],
  ['refuses the token', answers(403, { errors: ['permission denied'] }), 'refused'],
  ['answers 401', answers(401, { errors: [] }), 'refused'],
  ['answers no JSON', answers(200, '<html>Welcome</html>'), 'unintelligible'],
  ['answers other JSON', answers(200, { data: { hello: 'there' } }), 'unintelligible'],
  ['answers a list', answers(200, [1, 2]), 'unintelligible'],
  ['answers without end', answers(200, `{"data":"${'x'.repeat(1_100_000)}"}`), 'unintelligible'],
  ['redirects', answers(307, ''), 'unintelligible'],
  ['answers 404 with HTML', answers(404, '<html>Not Found</html>'), 'unintelligible'],
  ['does not have the mount', answers(404, { errors: ['no handler for route "secret/data"'] }), 'failed'],
] as const;

/** The answer to a change is its status; its body is not read. */
const changesOnly = (call: string, failure: string): boolean =>
  /^(softDelete|destroy|erase)$/.test(call) && /^answers (other JSON|a list)$/.test(failure);

test.each(
  CALLS.flatMap(([name, call]) =>
    FAILURES.filter(([failure]) => !changesOnly(name, failure)).map(
      ([failure, reply, reason]) => [name, failure, reason, call, reply] as const,
    ),
  ),
)('%s: a vault that %s is unavailable (%s)', async (_, __, reason, call, reply) => {
  const vault = await vaultInUse();
  server.will(reply);
  expect(await call(vault)).toEqual({ outcome: 'unavailable', reason });
});

test.each([
  ['never answers', neverReplies],
  ['stops in the middle of its answer', stopsHalfWay],
])('a call to a vault that %s ends at its time limit', async (_, reply) => {
  const vault = await vaultInUse();
  server.will(reply);
  limits.callMs = SHORT_MS;
  limits.healthMs = SHORT_MS;
  const outcomes = await Promise.all(CALLS.map(async ([, call]) => await call(vault)));
  expect(outcomes).toEqual(CALLS.map(() => ({ outcome: 'unavailable', reason: 'timeout' })));
  expect(await vault.isReachable()).toBe(false);
});

test.each(FAILURES)('a vault that %s is not reachable', async (_, reply) => {
  const vault = await vaultInUse();
  server.will(reply);
  expect(await vault.isReachable()).toBe(false);
});

test('a closed port is unreachable', async () => {
  const vault = newVault(undefined, new URL(`http://127.0.0.1:${await freePort()}`));
  for (const [, call] of CALLS) expect(await call(vault)).toEqual({ outcome: 'unavailable', reason: 'unreachable' });
  expect(await vault.isReachable()).toBe(false);
});

test('429 and 5xx are retried three times at most, with growing waits', async () => {
  const vault = await vaultInUse();
  server.will(answers(429, ''), answers(500, ''), answers(503, ''), answers(200, { data: { keys: ['7'] } }));
  expect(await vault.list('le1')).toEqual({ outcome: 'listed', keyStoreIds: [7] });
  expect(timing.waits).toEqual([150, 300, 600]);
  server.will(answers(500, ''));
  expect(await vault.list('le1')).toEqual({ outcome: 'unavailable', reason: 'failed' });
  expect(server.received).toHaveLength(4);
});

test.each([400, 404, 405, 413])('%s is not retried', async (status) => {
  const vault = await vaultInUse();
  server.will(answers(status, { errors: ['no'] }));
  expect(await vault.list('le1')).toEqual({ outcome: 'unavailable', reason: 'failed' });
  expect(server.received).toHaveLength(1);
});

test('a broken connection is not retried, as the write may have happened', async () => {
  const vault = await vaultInUse();
  server.will(dropsTheConnection);
  expect(await vault.write(ADDRESS, 3, SECRET)).toEqual({ outcome: 'unavailable', reason: 'unreachable' });
  expect(server.received).toHaveLength(1);
});

test('the caller’s own limit ends a call, waits between retries included', async () => {
  const vault = await vaultInUse();
  const caller = new AbortController();
  server.will((response) => {
    caller.abort();
    answers(503, { errors: ['Vault is sealed'] })(response, server.received[0] as (typeof server.received)[0]);
  });
  const answer = await vault.list('le1', caller.signal);
  expect(answer).toMatchObject({ outcome: 'unavailable' });
  expect(server.received).toHaveLength(1);
});

const CONFLICT = { errors: ['check-and-set parameter did not match the current version'] };

test('a retry recognizes its own earlier write whose answer was lost', async () => {
  const vault = await vaultInUse();
  server.will(answers(502, ''), answers(400, CONFLICT), (response) => {
    const { data } = firstReceived().body as { data: unknown };
    answers(200, { data: { data, metadata: { version: 4 } } })(response, firstReceived());
  });
  expect(await vault.write(ADDRESS, 3, SECRET)).toEqual({ outcome: 'written', version: 4 });
  expect(server.received.map(({ method, path }) => `${method} ${path.replace(/accounts.*\//, '')}`)).toEqual([
    'POST /v1/secret/data/2147483649',
    'POST /v1/secret/data/2147483649',
    'GET /v1/secret/data/2147483649?version=4',
  ]);
});

test('another writer’s write between two attempts is a conflict', async () => {
  const vault = await vaultInUse();
  const foreign = { data: { data: { p12: '', writeId: 'theirs' }, metadata: { version: 4 } } };
  server.will(answers(502, ''), answers(400, CONFLICT), answers(200, foreign));
  expect(await vault.write(ADDRESS, 3, SECRET)).toEqual({ outcome: 'conflict' });
});

test('the outcome is unknown where the writer cannot be read', async () => {
  const vault = await vaultInUse();
  server.will(answers(502, ''), answers(400, CONFLICT), dropsTheConnection);
  expect(await vault.write(ADDRESS, 3, SECRET)).toEqual({ outcome: 'unavailable', reason: 'unreachable' });
});

function firstReceived() {
  const [first] = server.received;
  if (first === undefined) throw new Error('Nothing was received.');
  return first;
}

test('a refused token is read again once, and the call goes on', async () => {
  const vault = await vaultInUse();
  await writeFile(tokenFile, 'second-token');
  server.will(answers(403, { errors: ['permission denied'] }), token(0), answers(200, { data: { keys: ['7'] } }));
  expect(await vault.list('le1')).toEqual({ outcome: 'listed', keyStoreIds: [7] });
  expect(server.received.map(({ token: sent }) => sent)).toEqual(['first-token', 'second-token', 'second-token']);
});

test('concurrent calls share one login', async () => {
  const vault = newVault();
  server.will(token(0), answers(200, { data: { keys: [] } }));
  await Promise.all(Array.from({ length: 10 }, async () => await vault.list('le1')));
  expect(server.received.filter(({ path }) => path.includes('lookup-self'))).toHaveLength(1);
  expect(server.received).toHaveLength(11);
});

test('a login without an answer ends at the caller’s own limit', async () => {
  server.will(neverReplies);
  expect(await newVault().list('le1', AbortSignal.timeout(20))).toEqual({ outcome: 'unavailable', reason: 'timeout' });
});

test('a failed renewal has no effect while the token is valid', async () => {
  const vault = await vaultInUse(3600);
  clock.advance(41 * 60_000);
  server.will(answers(500, ''), answers(200, { data: { keys: ['7'] } }));
  expect(await vault.list('le1')).toMatchObject({ outcome: 'listed' });
  expect(server.received.map(({ path }) => path.replace(/accounts.*/, ''))).toEqual([
    '/v1/auth/token/renew-self',
    '/v1/secret/metadata/',
  ]);
});

test('a token that cannot be renewed is read again from its file before it expires', async () => {
  const vault = await vaultInUse(3600);
  clock.advance(41 * 60_000);
  await writeFile(tokenFile, 'second-token');
  server.will(answers(403, ''), token(3600), answers(200, { data: { keys: [] } }));
  await vault.list('le1');
  expect(server.received.map(({ token: sent }) => sent)).toEqual(['first-token', 'second-token', 'second-token']);
});

test.each([
  ['is missing', undefined],
  ['is empty', ''],
  ['has two lines', 'first\nsecond'],
])('a token file that %s is a refused login, and no request is sent', async (_, content) => {
  await (content === undefined ? rm(tokenFile) : writeFile(tokenFile, content));
  server.will(neverReplies);
  expect(await newVault().list('le1')).toEqual({ outcome: 'unavailable', reason: 'refused' });
  expect(server.received).toEqual([]);
});

test('a wrong secret id is sent again after 30 s and then every 16 min, and another one from the file at once', async () => {
  const vault = newVault({ method: 'appRole', roleId: 'role-1', secretIdFile: tokenFile });
  server.will(answers(400, { errors: ['invalid role or secret ID'] }));
  const sent: number[] = [];
  for (const pause of [0, 29_999, 1, 959_999, 1]) {
    clock.advance(pause);
    expect(await vault.list('le1')).toEqual({ outcome: 'unavailable', reason: 'refused' });
    sent.push(server.received.length);
  }
  expect(sent).toEqual([1, 1, 2, 2, 3]);
  await writeFile(tokenFile, 'second-token');
  server.will(
    answers(200, { auth: { client_token: 'issued', lease_duration: 60 } }),
    answers(200, { data: { keys: [] } }),
  );
  expect(await vault.list('le1')).toMatchObject({ outcome: 'listed' });
  expect(server.received[0]).toMatchObject({ body: { secret_id: 'second-token' } });
});

test.each([
  ['a wrong secret id', answers(400, { errors: ['invalid role or secret ID'] }), 'refused'],
  ['a login without a token', answers(200, { auth: {} }), 'unintelligible'],
  ['an invalid token', answers(200, { auth: { client_token: 'a\nb', lease_duration: 60 } }), 'unintelligible'],
  ['a vault that is sealed', answers(503, { errors: ['Vault is sealed'] }), 'sealed'],
])('a role’s login with %s', async (_, reply, reason) => {
  const vault = newVault({ method: 'appRole', roleId: 'role-1', secretIdFile: tokenFile });
  server.will(reply);
  expect(await vault.list('le1')).toEqual({ outcome: 'unavailable', reason });
  expect(firstReceived()).toMatchObject({
    path: '/v1/auth/approle/login',
    token: undefined,
    body: { role_id: 'role-1', secret_id: 'first-token' },
  });
});
