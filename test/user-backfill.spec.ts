import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { MAX_WRITTEN } from '../src/database/backfill.js';
import { Leader, NotLeaderError } from '../src/database/leader.js';
import { UserBackfill } from '../src/users/user-backfill.js';
import { startApp, type TestApp } from './support/app.js';
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

beforeAll(async () => {
  app = await startApp();
  const { url } = app.dataSource.options as { url: string };
  other = await startApp({}, () => url);
  await new Builders(app.dataSource).client('100');
  await insertManyUsers(app.dataSource, '100', USERS);
}, 120_000);

afterAll(async () => {
  await other.close();
  await app.close();
});

/** Both servers look again, and neither is the leader. */
beforeEach(async () => {
  vi.restoreAllMocks();
  for (const { clock } of [app, other]) clock.advance(3_600_001);
  await Promise.all([app, other].map(async (server) => await server.get(Leader).giveBack()));
});

const run = async (server: TestApp = app): Promise<void> => await server.get(UserBackfill).run();
const forget = async (users: number): Promise<void> => {
  await app.dataSource.query(FORGET, [users]);
};
const rows = async (): Promise<readonly Row[]> => await app.dataSource.query<Row[]>(READ);
const searchable = async (): Promise<number> => (await rows()).filter(({ isSearchable }) => isSearchable).length;

async function events(): Promise<number> {
  const [row] = await app.dataSource.query<[{ count: number }]>('select count(*)::integer as count from audit_events');
  return row.count;
}

/** Runs `before` each transaction of the leader, with the number of those that came before. */
function beforeEachBatch(server: TestApp, before: (batch: number) => Promise<void> | void): void {
  const leader = server.get(Leader);
  const transaction = leader.transaction.bind(leader);
  let batch = 0;
  vi.spyOn(leader, 'transaction').mockImplementation(async (...args: Parameters<typeof transaction>) => {
    await before(batch);
    batch += 1;
    return await transaction(...args);
  });
}

async function found(query: string): Promise<string[]> {
  const answer = await send(app, 'GET', `${CORE}/clients/100/users?${query}`, { token: await app.token() });
  expect(answer.status).toBe(200);
  return (answer.body['items'] as { extId: string }[]).map(({ extId }) => extId);
}

async function metric(name: string, server: TestApp = app): Promise<string | undefined> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
}

test(
  `${USERS} users are made searchable in batches, with interruptions, without a new version or an audit event`,
  { timeout: 120_000 },
  async () => {
    const before = await rows();
    const written = await events();
    await forget(USERS);
    const sizes: number[] = [];
    for (let allowed = 20; (await searchable()) < USERS; allowed += 20) {
      beforeEachBatch(app, (batch) => {
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
    expect(await events()).toBe(written);
  },
);

test('the metrics and the log tell when every user is searchable', async () => {
  await forget(MAX_WRITTEN);
  const before = Number(await metric('certkeep_user_search_columns_written_total'));
  await run();
  expect(await metric('certkeep_user_search_columns_complete')).toBe('0');
  expect(Number(await metric('certkeep_user_search_columns_written_total'))).toBe(before + MAX_WRITTEN);
  await run();
  expect(await metric('certkeep_user_search_columns_complete')).toBe('1');
  expect(await metric('certkeep_user_search_columns_complete', other)).toBe('0');
  expect(app.log.filter((line) => line.includes(`"rows":${MAX_WRITTEN}`)).length).toBeGreaterThan(0);
});

test('one of two servers does it; when the other becomes the leader, the first writes no more', async () => {
  await forget(5 * MAX_WRITTEN);
  beforeEachBatch(app, async (batch) => {
    if (batch !== 2) return;
    await run(other);
    expect(await searchable()).toBe(USERS - 3 * MAX_WRITTEN);
    await app.dataSource.query(`update leases set until = clock_timestamp() - interval '1 s'`);
    beforeEachBatch(other, (othersBatch) => {
      if (othersBatch === 2) throw new Error('interrupted');
    });
    await expect(run(other)).rejects.toThrow('interrupted');
  });
  await expect(run()).rejects.toThrow(NotLeaderError);
  expect(await searchable()).toBe(USERS - MAX_WRITTEN);
});

test('a user who is changed meanwhile keeps what the PATCH wrote', async () => {
  await forget(2);
  beforeEachBatch(app, async () => {
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
