import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { FormerIndexes } from '../src/certificates/finding/former-indexes.js';
import { Leader } from '../src/database/leader.js';
import { startApp, type TestApp } from './support/app.js';

// What a server of the version before migrations 45 and 46 builds again while it is the leader, and that nothing reads.

let first: TestApp;
let second: TestApp;
/** A session beside those of the servers. */
let session: pg.Client;

const FORMER = {
  credentials_trigrams: `on credentials using gin
    ((lower(ext_id) || E'\\n' || coalesce(searched_text, '')) gin_trgm_ops)`,
  users_trigrams: `on users using gin ((login_id_folded || E'\\n' || lower(coalesce(email, '') collate "C")) gin_trgm_ops)`,
  users_search_text: 'on users using gin (search_text gin_trgm_ops) where search_text is not null',
};

const FORMER_NAMES = Object.keys(FORMER).toSorted();

/** As the older server does. */
async function buildFormerIndexes(): Promise<void> {
  for (const [name, on] of Object.entries(FORMER)) {
    await session.query(`drop index concurrently if exists ${name}`);
    await session.query(`create index concurrently ${name} ${on}`);
  }
}

/** With the names of their schemas. */
async function indexes(): Promise<readonly string[]> {
  const { rows } = await session.query<{ name: string }>(
    `select schemaname || '.' || indexname as name from pg_indexes where schemaname in ('public', 'mine')`,
  );
  return rows.map(({ name }) => name).toSorted();
}

const formerIndexes = async (): Promise<readonly string[]> =>
  (await indexes()).flatMap((name) => FORMER_NAMES.filter((former) => name === `public.${former}`));

const drop = async (app: TestApp, ending?: AbortSignal): Promise<void> => await app.get(FormerIndexes).run(ending);

beforeAll(async () => {
  first = await startApp();
  const { url } = first.dataSource.options as { url: string };
  second = await startApp({}, () => url);
  session = new pg.Client({ connectionString: url });
  await session.connect();
});

beforeEach(async () => {
  expect(await first.get(Leader).leads()).toBe(true);
  await buildFormerIndexes();
});

afterEach(async () => {
  await first.get(Leader).giveBack();
  await second.get(Leader).giveBack();
});

afterAll(async () => {
  await session.end();
  await second.close();
  await first.close();
});

test('the leader drops the indexes of a former version, and no other', async () => {
  await session.query(`
    create index users_trigrams_of_our_own on users (login_id_folded);
    create index users_email_of_our_own on users (email);
    create schema mine;
    create table mine.users (search_text text);
    create index users_search_text on mine.users (search_text);
    create table mine.orders (number text);
    create index users_trigrams on mine.orders (number)`);
  const before = await indexes();
  await drop(first);
  const dropped = FORMER_NAMES.map((name) => `public.${name}`);
  expect(await indexes()).toEqual(before.filter((name) => !dropped.includes(name)));
  expect(await indexes()).toEqual(
    expect.arrayContaining(['mine.users_search_text', 'mine.users_trigrams', 'public.users_trigrams_of_our_own']),
  );
  await session.query('drop schema mine cascade; drop index users_trigrams_of_our_own, users_email_of_our_own');
});

describe('of two servers', () => {
  test('the one that does not lead drops nothing, until it does', async () => {
    await drop(second);
    expect(await formerIndexes()).toEqual(FORMER_NAMES);
    await first.get(Leader).giveBack();
    await drop(second);
    expect(await formerIndexes()).toEqual([]);
  });

  test('both at once drop them once', async () => {
    await Promise.all([drop(first), drop(second), drop(first)]);
    expect(await formerIndexes()).toEqual([]);
  });

  test('the new one drops again what an older leader has built after it, once it leads again', async () => {
    await drop(first);
    await first.get(Leader).giveBack();
    expect(await second.get(Leader).leads()).toBe(true);
    await buildFormerIndexes();
    await drop(first);
    expect(await formerIndexes()).toEqual(FORMER_NAMES);
    await second.get(Leader).giveBack();
    await drop(first);
    expect(await formerIndexes()).toEqual([]);
  });
});

describe('while a transaction may write users', () => {
  const WRITE = 'begin; lock table users in row exclusive mode';
  let writer: pg.Client;

  beforeEach(async () => {
    const { url } = first.dataSource.options as { url: string };
    writer = new pg.Client({ connectionString: url });
    await writer.connect();
  });

  afterEach(async () => await writer.end());

  test('while an older server is building an index of a table, those of the table are left', async () => {
    await session.query('drop index users_trigrams');
    await writer.query(WRITE);
    const building = session.query(`create index concurrently users_trigrams ${FORMER.users_trigrams}`);
    const isBuilding = `select 1 from pg_stat_progress_create_index p join pg_class c on c.oid = p.index_relid
      where p.datname = current_database() and c.relname = 'users_trigrams'`;
    // In a transaction, PostgreSQL would go on to show what it showed at first.
    await vi.waitFor(async () => expect(await first.dataSource.query(isBuilding)).toHaveLength(1), 120_000);
    const dropping = drop(first);
    await dropping;
    await writer.query('commit');
    await building;
    expect(await formerIndexes()).toEqual(FORMER_NAMES.filter((name) => name !== 'credentials_trigrams'));
    await drop(first);
    expect(await formerIndexes()).toEqual([]);
  });

  test('a server that ends does not wait, and another one goes on', async () => {
    await writer.query(WRITE);
    const ending = new AbortController();
    const dropping = drop(first, ending.signal);
    const isWaiting = `select 1 from pg_stat_activity where datname = current_database()
      and query like 'drop index concurrently%users_%' and wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect((await session.query(isWaiting)).rowCount).toBe(1), 120_000);
    ending.abort();
    await dropping;
    await writer.query('commit');
    expect(await formerIndexes()).not.toEqual([]);
    await first.get(Leader).giveBack();
    await drop(second);
    expect(await formerIndexes()).toEqual([]);
  });
});
