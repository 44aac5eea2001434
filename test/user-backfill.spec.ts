import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { MAX_WRITTEN } from '../src/database/backfill.js';
import { NotLeaderError } from '../src/database/leader.js';
import { UserBackfill } from '../src/users/user-backfill.js';
import { startApp, type TestApp } from './support/app.js';
import { Backfills } from './support/backfills.js';
import { Builders } from './support/builders.js';
import { CORE, send } from './support/http.js';
import { insertManyUsers } from './support/many-users.js';

const USERS = 2_500;
const BATCHES = USERS / MAX_WRITTEN;

/** As the row is before a server that knows the search columns has read it. */
const FORGET = `update users set family_name_folded = null, email_folded = null, search_text = null, search_version = null
  where ext_id <= 'user-' || lpad($1::text, 6, '0')`;

/** As a server that does not know the search columns changes a user. */
const RENAME = `update users set family_name = $2, version = version + 1 where ext_id = $1`;

interface Row {
  readonly extId: string;
  readonly version: number;
  readonly lastModified: Date;
  readonly familyNameFolded: string | null;
  readonly isSearchable: boolean;
}

const READ = `select ext_id as "extId", version, last_modified as "lastModified", search_text as "searchText",
    family_name_folded as "familyNameFolded", email_folded as "emailFolded",
    search_version is not distinct from version as "isSearchable"
  from users order by ext_id`;

let app: TestApp;
let other: TestApp;
let backfills: Backfills;

beforeAll(async () => {
  app = await startApp();
  const { url } = app.dataSource.options as { url: string };
  other = await startApp({}, () => url);
  backfills = new Backfills([app, other]);
  await new Builders(app.dataSource).client('100');
  await insertManyUsers(app.dataSource, '100', USERS);
});

afterAll(async () => {
  await other.close();
  await app.close();
});

beforeEach(async () => await backfills.lookAgain());

const run = async (server: TestApp = app): Promise<void> => await server.get(UserBackfill).run();
const forget = async (users: number): Promise<void> => {
  await app.dataSource.query(FORGET, [users]);
};
const rows = async (): Promise<readonly Row[]> => await app.dataSource.query<Row[]>(READ);
const searchable = async (): Promise<number> => (await rows()).filter(({ isSearchable }) => isSearchable).length;

async function found(query: string): Promise<string[]> {
  const answer = await send(app, 'GET', `${CORE}/clients/100/users?${query}`, { token: await app.token() });
  expect(answer.status).toBe(200);
  return (answer.body['items'] as { extId: string }[]).map(({ extId }) => extId);
}

test(`${USERS} users are made searchable in batches, with interruptions, without a new version or an audit event`, async () => {
  const before = await rows();
  const written = await backfills.countEvents();
  await forget(USERS);
  const sizes: number[] = [];
  for (let allowed = 20; (await searchable()) < USERS; allowed += 20) {
    backfills.beforeEachBatch(app, (batch) => {
      if (batch === allowed) throw new Error('interrupted');
    });
    await run().catch((error: unknown) => {
      if ((error as Error).message !== 'interrupted') throw error;
    });
    vi.restoreAllMocks();
    sizes.push(await searchable());
  }
  expect(sizes).toEqual([20, 60, BATCHES].map((batches) => batches * MAX_WRITTEN));
  expect(await rows()).toEqual(before);
  expect(await backfills.countEvents()).toBe(written);
});

test('the metrics and the log tell when every user is searchable', async () => {
  await forget(MAX_WRITTEN);
  const before = Number(await backfills.metric('certkeep_user_search_columns_written_total'));
  await run();
  expect(await backfills.metric('certkeep_user_search_columns_complete')).toBe('0');
  expect(Number(await backfills.metric('certkeep_user_search_columns_written_total'))).toBe(before + MAX_WRITTEN);
  await run();
  expect(await backfills.metric('certkeep_user_search_columns_complete')).toBe('1');
  expect(await backfills.metric('certkeep_user_search_columns_complete', other)).toBe('0');
  expect(app.log.filter((line) => line.includes(`"rows":${MAX_WRITTEN}`)).length).toBeGreaterThan(0);
});

test('one of two servers does it; when the other becomes the leader, the first writes no more', async () => {
  await forget(5 * MAX_WRITTEN);
  backfills.beforeEachBatch(app, async (batch) => {
    if (batch !== 2) return;
    await run(other);
    expect(await searchable()).toBe(USERS - 3 * MAX_WRITTEN);
    await app.dataSource.query(`update leases set until = clock_timestamp() - interval '1 s'`);
    backfills.beforeEachBatch(other, (othersBatch) => {
      if (othersBatch === 2) throw new Error('interrupted');
    });
    await expect(run(other)).rejects.toThrow('interrupted');
  });
  await expect(run()).rejects.toThrow(NotLeaderError);
  expect(await searchable()).toBe(USERS - MAX_WRITTEN);
});

test('a user who is changed meanwhile keeps what the PATCH wrote', async () => {
  await forget(2);
  backfills.beforeEachBatch(app, async () => {
    const answer = await send(app, 'PATCH', `${CORE}/100/users/user-000001`, {
      token: await app.token(),
      body: { name: { familyName: 'Changed Meanwhile' } },
    });
    expect(answer.status).toBe(200);
  });
  await run();
  const [first, second] = await rows();
  expect(first).toMatchObject({ version: 2, familyNameFolded: 'changed meanwhile', isSearchable: true });
  expect(second).toMatchObject({ version: 1, isSearchable: true });
  expect(await found('name.familyName=changed*')).toEqual(['user-000001']);
});

test('what an older server changes is found by its new values after the next pass', async () => {
  await run();
  await run();
  await app.dataSource.query(RENAME, ['user-000002', 'Renamed']);
  await run();
  expect(await found('q=renamed')).toEqual([]);
  // The equality of a member does not depend on the search columns.
  expect(await found('name.familyName=Renamed')).toEqual(['user-000002']);
  app.clock.advance(3_600_001);
  await run();
  expect(await found('q=renamed')).toEqual(['user-000002']);
  expect(await found('name.familyName=rena*')).toEqual(['user-000002']);
});

test('a row that somebody else has locked is left for the next pass', async () => {
  await forget(4);
  const { url } = app.dataSource.options as { url: string };
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`begin; select 1 from users where ext_id = 'user-000004' for update`);
    await run();
    expect(await searchable()).toBe(USERS - 1);
  } finally {
    await client.end();
  }
  await run();
  expect(await searchable()).toBe(USERS);
});
