import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { migrate } from '../../src/database/migrate.js';
import { ReplicaWatch } from '../../src/database/replica-watch.js';
import { startApp, type TestApp } from '../support/app.js';
import { fillFor } from '../support/full-queue.js';
import { Haproxy, isHaproxyMissing } from '../support/haproxy.js';
import { CORE } from '../support/http.js';
import { StreamingReplica } from '../support/streaming-replica.js';
import { TcpProxy } from '../support/tcp-proxy.js';

let servers: StreamingReplica;
/** Before the replica. */
let proxy: TcpProxy;
let app: TestApp;

beforeAll(async () => {
  servers = await StreamingReplica.start();
  const source = await new DataSource(
    dataSourceOptions({ url: servers.primary.url, poolSize: 1, statementTimeoutMs: 60_000 }),
  ).initialize();
  await migrate(source);
  await source.destroy();
  proxy = await TcpProxy.to(servers.replica.url);
  const replicaUrl = new Secret(proxy.url);
  app = await startApp(
    {
      database: { url: undefined, replicaUrl, waitSeconds: 0, poolSize: 4, statementTimeoutMs: 10_000, migrate: false },
    },
    () => servers.primary.url,
  );
});

afterAll(async () => {
  await app.close();
  await proxy.cut();
  await servers.end();
});

async function token(): Promise<string> {
  return await app.token({ data_room: { clients: ['*'] } });
}

async function ready(): Promise<readonly [number, unknown]> {
  const answer = await fetch(`${app.url}/health/ready`);
  return [answer.status, await answer.json()];
}

/** A list of users, and which outcome the metrics count for it. */
async function list(): Promise<readonly [number, readonly string[]]> {
  const before = await outcomes();
  const headers = { Authorization: `Bearer ${await token()}` };
  const answer = await fetch(`${app.url}${CORE}/clients/100/users`, { headers });
  await answer.text();
  const after = await outcomes();
  return [answer.status, [...after.keys()].filter((outcome) => after.get(outcome) !== before.get(outcome))];
}

async function outcomes(): Promise<ReadonlyMap<string, string>> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const lines = text.matchAll(/^certkeep_replica_reads_total\{outcome="(\w+)"\} (\d+)$/gm);
  return new Map([...lines].map(([, outcome = '', count = '']) => [outcome, count]));
}

/** As the server does each second. */
async function watch(): Promise<void> {
  await app.get(ReplicaWatch).run();
}

test('ready names the replica, down until it is known how far the primary is, and the metrics say who serves', async () => {
  const headers = { Authorization: `Bearer ${await token()}`, 'Content-Type': 'application/json' };
  const body = (extId: string): RequestInit => ({
    method: 'POST',
    headers,
    body: JSON.stringify({ extId, name: extId }),
  });
  expect((await fetch(`${app.url}${CORE}/clients`, body('100'))).status).toBe(201);
  expect((await fetch(`${app.url}${CORE}/100/users`, { ...body(''), body: '{"extId":"jane"}' })).status).toBe(201);
  const parts = { database: 'up', vault: 'up' };
  expect(await ready()).toEqual([200, { status: 'up', parts: { ...parts, replica: 'down' } }]);

  await expect
    .poll(async () => {
      await watch();
      return await ready();
    })
    .toEqual([200, { status: 'up', parts: { ...parts, replica: 'up' } }]);
  expect(await list()).toEqual([200, ['served']]);
});

test('a client that the replica lacks is found, as only the primary can tell that there is none', async () => {
  await servers.onReplica('select pg_wal_replay_pause()');
  const headers = { Authorization: `Bearer ${await token()}`, 'Content-Type': 'application/json' };
  const create = { method: 'POST', headers, body: JSON.stringify({ extId: '102', name: '102' }) };
  expect((await fetch(`${app.url}${CORE}/clients`, create)).status).toBe(201);
  const statusOf = async (client: string): Promise<number> =>
    (await fetch(`${app.url}${CORE}/clients/${client}/users`, { headers })).status;
  expect([await statusOf('102'), await statusOf('103')]).toEqual([200, 404]);
  await servers.onReplica('select pg_wal_replay_resume()');
});

/** Runs `work` while the replica lacks whatever it changes. */
async function whileReplicaStands(work: () => Promise<void>): Promise<void> {
  await servers.onReplica('select pg_wal_replay_pause()');
  try {
    await work();
  } finally {
    await servers.onReplica('select pg_wal_replay_resume()');
  }
}

async function requestUsers(method: string, path: string, body?: object, claims?: object): Promise<number> {
  const bearer = claims === undefined ? await token() : await app.token({ ...claims });
  const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return (await fetch(`${app.url}${CORE}/100/users${path}`, init)).status;
}

test('10.2 what the replica lacks is not missing: the history and the credentials of a new user', async () => {
  await whileReplicaStands(async () => {
    expect(await requestUsers('POST', '', { extId: 'new' })).toBe(201);
    expect(await requestUsers('GET', '/new/history')).toBe(200);
    expect(await requestUsers('GET', '/new/credentials')).toBe(200);
    expect(await requestUsers('GET', '/nobody/history')).toBe(404);
    expect(await requestUsers('GET', '/nobody/credentials')).toBe(404);
  });
});

test('4.4 a user who has just been disabled reads nothing from the replica', async () => {
  const own = { sub: 'jane', client_ext_id: '100', roles: ['nevisIdm.SelfAdmin'] };
  const listOwn = async (): Promise<number> => await requestUsers('GET', '/jane/credentials', undefined, own);
  expect(await listOwn()).toBe(200);
  await whileReplicaStands(async () => {
    expect(await requestUsers('PATCH', '/jane', { userState: 'disabled' })).toBe(200);
    expect(await listOwn()).toBe(403);
    expect(await requestUsers('PATCH', '/jane', { userState: 'active' })).toBe(200);
  });
});

test('7.1 the replica serves a list of a client that has no turn left at the primary', async () => {
  const giveBack = fillFor(app.get(Database).connections.queue, '100');
  expect(await list()).toEqual([200, ['served']]);
  const headers = { Authorization: `Bearer ${await token()}`, 'Content-Type': 'application/json' };
  const change = { method: 'PATCH', headers, body: '{"remarks":"late"}' };
  const refused = await fetch(`${app.url}${CORE}/100/users/jane`, change);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  await giveBack();
});

test('a replica that cannot be reached is named, the server stays ready, and the primary serves', async () => {
  await proxy.cut();
  await watch();
  const parts = { database: 'up', vault: 'up', replica: 'down' };
  expect(await ready()).toEqual([200, { status: 'up', parts }]);
  expect(await list()).toEqual([200, ['unavailable']]);
});

test('7.1 without a primary the server is not ready, and the replica serves lists', async () => {
  await proxy.restore();
  await servers.primary.stop();
  await watch();
  const parts = { database: 'down', vault: 'down', replica: 'up' };
  expect(await ready()).toEqual([503, { status: 'down', parts }]);
  await expect.poll(list).toEqual([200, ['served']]);
  const headers = { Authorization: `Bearer ${await token()}` };
  const ask = async (path: string, accept = 'application/json'): Promise<string> => {
    const answer = await fetch(`${app.url}${CORE}/${path}`, { headers: { ...headers, Accept: accept } });
    return `${path} ${answer.status} ${answer.status === 200 ? '' : answer.headers.get('retry-after')}`;
  };
  const served = ['clients/100/users?q=nobody', '100/certificates', '100/audit-events', '100/users/jane/history'];
  const exported = ['clients/100/users', '100/certificates'];
  const refused = ['100/users/jane', '100/users/jane/certificates', 'clients/101/users'];
  expect([
    ...(await Promise.all(served.map(async (path) => await ask(path)))),
    ...(await Promise.all(exported.map(async (path) => await ask(path, 'text/csv')))),
    ...(await Promise.all(refused.map(async (path) => await ask(path)))),
  ]).toEqual([...served, ...exported].map((path) => `${path} 200 `).concat(refused.map((path) => `${path} 503 5`)));
});

test.skipIf(isHaproxyMissing())('7.1 the documented HAProxy leads to a server without a primary, too', async () => {
  const haproxy = await Haproxy.documented(Number(new URL(app.url).port));
  try {
    await haproxy.sees('one', 'DOWN');
    await haproxy.sees('one', 'UP', 'not-ready');
    const headers = { Authorization: `Bearer ${await token()}` };
    const ask = async (path: string): Promise<Response> =>
      await fetch(`http://127.0.0.1:${haproxy.port}${CORE}/${path}`, { headers });
    expect((await ask('clients/100/users')).status).toBe(200);
    const refused = await ask('100/users/jane');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ errors: [{ code: 'errors.unavailable' }] });
  } finally {
    await haproxy.stop();
  }
});
