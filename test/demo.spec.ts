import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { dataSourceOptions } from '../src/database/data-source.js';
import { Database } from '../src/database/database.js';
import { DemoAuthority } from '../src/demo/demo-certificates.js';
import { seedDemo } from '../src/demo/seed.js';
import { verifyPassword } from '../src/passwords/argon2id.js';
import { createDatabase, type TestDatabase } from './support/database.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const PASSWORD = 'correct horse battery';

let testDatabase: TestDatabase;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  dataSource = new DataSource(dataSourceOptions({ url: testDatabase.url, poolSize: 2, statementTimeoutMs: 10_000 }));
  await dataSource.initialize();
  database = new Database(dataSource);
});

afterAll(async () => {
  await dataSource.destroy();
  await testDatabase.drop();
});

async function ask<Row extends object>(sql: string): Promise<Row[]> {
  return await dataSource.query<Row[]>(sql);
}

const countEverything = `select (select count(*) from clients) + (select count(*) from users) + (select count(*) from policies)
  + (select count(*) from credentials) + (select count(*) from passwords) + (select count(*) from audit_events) as count`;

test('a demo that fails half-way leaves nothing behind, and the next start creates all of it', async () => {
  const authority = await DemoAuthority.create(NOW);
  const once = await authority.good('Jane Doe');
  // The second credential fails, as the first one has its certificate. Everything else has been written by then.
  await expect(seedDemo(database, { good: async () => await Promise.resolve(once) }, PASSWORD, NOW)).rejects.toThrow(
    'registered',
  );
  expect(await ask(countEverything)).toEqual([{ count: '0' }]);

  expect(await seedDemo(database, authority, PASSWORD, NOW)).toBe(true);
  expect(await seedDemo(database, authority, PASSWORD, NOW)).toBe(false);
});

test('10.1 every row has its audit event', async () => {
  const missing = await ask(`
    select 'client' as kind, ext_id from clients r where not exists
      (select from audit_events t where t.kind = 'client' and (t.generation, t.version) = (r.generation, r.version))
    union all select 'user', ext_id from users r where not exists
      (select from audit_events t where t.kind = 'user' and (t.generation, t.version) = (r.generation, r.version))
    union all select 'policy', ext_id from policies r where not exists
      (select from audit_events t where t.kind = 'policy' and (t.generation, t.version) = (r.generation, r.version))
    union all select r.type, ext_id from credentials r where not exists
      (select from audit_events t where t.kind = lower(r.type) and (t.generation, t.version) = (r.generation, r.version))`);
  expect(missing).toEqual([]);
  const lines = await ask(`select kind, ext_id, version from audit_events where actor = 'demo' order by id`);
  expect(lines.map(Object.values)).toEqual([
    ['client', '100', 1],
    ['policy', 'tolerant', 1],
    ['policy', 'strict', 1],
    ['policy', 'password', 1],
    ['user', 'admin', 1],
    ['user', 'jane', 1],
    ['certificate', 'laptop', 1],
    ['certificate', 'phone', 1],
    ['password', 'password', 1],
    ['certificate', 'laptop', 2],
  ]);
});

test('only a hash of the password is stored, and it matches', async () => {
  const [row] = await ask<{ hash: string }>("select hash from passwords where user_ext_id = 'jane'");
  expect(await verifyPassword(row?.hash ?? '', PASSWORD)).toBe(true);
});

test('the two certificates are active, each under a policy of its own', async () => {
  expect(
    await ask(
      `select ext_id, policy_ext_id, state, version from credentials where type = 'Certificate' order by ext_id`,
    ),
  ).toEqual([
    { ext_id: 'laptop', policy_ext_id: 'strict', state: 'active', version: 2 },
    { ext_id: 'phone', policy_ext_id: 'tolerant', state: 'active', version: 1 },
  ]);
});
