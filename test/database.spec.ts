import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type TestDatabase, createDatabase } from './support/database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});

afterAll(async () => {
  await database.drop();
});

test('the database of a test was created by the migrations', async () => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>('select name from migrations order by id');
  await client.end();
  expect(rows.length).toBeGreaterThan(0);
});

test('two tests have separate databases', async () => {
  const other = await createDatabase();
  const [one, two] = [new Client({ connectionString: database.url }), new Client({ connectionString: other.url })];
  await Promise.all([one.connect(), two.connect()]);
  await one.query('create table only_here (id int)');
  const seen = await two.query<{ found: string | null }>(`select to_regclass('only_here')::text as found`);
  await Promise.all([one.end(), two.end()]);
  await other.drop();
  expect(seen.rows[0]?.found).toBeNull();
});
