import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { DemoAuthority } from '../src/demo/demo-certificates.js';
import { prepareDemo } from '../src/demo/demo.js';
import { demoCaller, seedDemo } from '../src/demo/seed.js';
import { verifyPassword } from '../src/passwords/argon2id.js';
import { startApp, type TestApp } from './support/app.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const PASSWORD = 'correct horse battery';

let app: TestApp;
let authority: DemoAuthority;

beforeAll(async () => {
  app = await startApp();
  authority = await DemoAuthority.create(NOW);
});

afterAll(async () => await app.close());

async function ask<Row extends object>(sql: string): Promise<Row[]> {
  return await app.dataSource.query<Row[]>(sql);
}

async function events(): Promise<unknown[][]> {
  const rows = await ask(`select action, kind, case when kind = 'password' or ext_id in
    (select ext_id from policies where name like 'default-%') then '…' else ext_id end, version
    from audit_events where actor = 'demo' order by id`);
  return rows.map(Object.values);
}

const BEFORE_THE_PHONE = [
  ['created', 'client', '100', 1],
  ['created', 'policy', '…', 1],
  ['created', 'policy', '…', 1],
  ['created', 'trustAnchorSet', 'acme', 1],
  ['changed', 'policy', '…', 2],
  ['created', 'policy', 'tolerant', 1],
  ['created', 'policy', 'strict', 1],
  ['created', 'user', 'admin', 1],
  ['created', 'user', 'jane', 1],
  ['created', 'certificate', 'laptop', 1],
];
const COMPLETE = [
  ...BEFORE_THE_PHONE,
  ['created', 'certificate', 'phone', 1],
  ['created', 'certificate', 'tablet', 1],
  ['created', 'password', '…', 1],
  ['changed', 'certificate', 'laptop', 2],
];

test('a demo that fails half-way is completed by the next start, and nothing is created twice', async () => {
  const once = await authority.good('Jane Doe');
  const sameTwice = {
    good: async () => await Promise.resolve(once),
    bad: async () => await authority.bad(),
    root: async () => await authority.root(),
  };
  // The second credential fails, as the first one has its certificate.
  await expect(seedDemo(app, sameTwice, PASSWORD, demoCaller(NOW))).rejects.toThrow('registered');
  expect(await events()).toEqual(BEFORE_THE_PHONE);

  await seedDemo(app, authority, PASSWORD, demoCaller(NOW));
  expect(await events()).toEqual(COMPLETE);

  await seedDemo(app, authority, PASSWORD, demoCaller(NOW));
  expect(await events()).toEqual(COMPLETE);
});

test('10.1 every row has its audit event', async () => {
  const missing = await ask(`
    select 'client' as kind, ext_id from clients r where not exists
      (select from audit_events t where t.kind = 'client' and (t.generation, t.version) = (r.generation, r.version))
    union all select 'user', ext_id from users r where not exists
      (select from audit_events t where t.kind = 'user' and (t.generation, t.version) = (r.generation, r.version))
    union all select 'policy', ext_id from policies r where not exists
      (select from audit_events t where t.kind = 'policy' and (t.generation, t.version) = (r.generation, r.version))
    union all select 'trustAnchorSet', ext_id from trust_anchor_sets r where not exists
      (select from audit_events t where t.kind = 'trustAnchorSet' and (t.generation, t.version) = (r.generation, r.version))
    union all select r.type, ext_id from credentials r where not exists
      (select from audit_events t where t.kind = lower(r.type) and (t.generation, t.version) = (r.generation, r.version))`);
  expect(missing).toEqual([]);
});

test('only a hash of the password is stored, and it matches', async () => {
  const [row] = await ask<{ hash: string }>("select hash from passwords where user_ext_id = 'jane'");
  expect(await verifyPassword(row?.hash ?? '', PASSWORD)).toBe(true);
});

test('two certificates are active, each under a policy of its own, and the policy has disabled the third one', async () => {
  expect(
    await ask(
      `select ext_id, policy_ext_id, state, version from credentials where type = 'Certificate' order by ext_id`,
    ),
  ).toEqual([
    { ext_id: 'laptop', policy_ext_id: 'strict', state: 'active', version: 2 },
    { ext_id: 'phone', policy_ext_id: 'tolerant', state: 'active', version: 1 },
    { ext_id: 'tablet', policy_ext_id: 'tolerant', state: 'disabled', version: 1 },
  ]);
});

test('a demo that was deleted, in part or with its client, is not created again, even if retention has dropped its audit events', async () => {
  const call = async (path: string): Promise<number> => {
    const authorization = `Bearer ${await app.token({ data_room: { clients: ['*'] } })}`;
    return (await fetch(`${app.url}/nevisidm/api/core/v1/${path}`, { method: 'DELETE', headers: { authorization } }))
      .status;
  };
  const counted =
    'select (select count(*) from clients where deleted_at is null) + (select count(*) from credentials) as n';
  expect(await call('100/users/jane/certificates/phone')).toBe(204);
  await seedDemo(app, authority, PASSWORD, demoCaller(NOW));
  expect(await ask(counted)).toEqual([{ n: '4' }]);
  expect(await call('clients/100')).toBe(204);
  await seedDemo(app, authority, PASSWORD, demoCaller(NOW));
  expect(await ask(counted)).toEqual([{ n: '0' }]);
  await ask('truncate audit_events');
  await ask("insert into audit_retention (held_from) values ('2026-07-01')");
  await seedDemo(app, authority, PASSWORD, demoCaller(NOW));
  expect(await ask(counted)).toEqual([{ n: '0' }]);
});

test('a database that has a client already gets no demo', async () => {
  const other = await startApp();
  try {
    await other.dataSource.query(
      `insert into clients (ext_id, generation, name, version, created, last_modified)
        values ('mine', gen_random_uuid(), 'Mine', 1, now(), now())`,
    );
    await seedDemo(other, authority, PASSWORD, demoCaller(NOW));
    expect(await other.dataSource.query('select ext_id from clients')).toEqual([{ ext_id: 'mine' }]);
  } finally {
    await other.close();
  }
});

test('the server starts without the demo if a limit in the settings does not allow it', async () => {
  const strict = await startApp({
    maxCredentialsPerUser: 1,
    dataDirectory: await mkdtemp(join(tmpdir(), 'certkeep-demo-')),
  });
  try {
    const quickStart = await prepareDemo(strict, strict.clock, strict.settings);
    expect(quickStart?.('http://127.0.0.1:3000', { address: '', certificateFile: '' })).toMatch(
      /nothing to try out: .*certificates/,
    );
  } finally {
    await strict.close();
    await rm(strict.settings.dataDirectory, { recursive: true });
  }
});
