import type { Request } from 'express';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { COUNT_USER_CREDENTIALS, LIST_USER_CREDENTIALS } from '../../src/certificates/user-credentials.queries.js';
import {
  COUNT_CLIENTS_OF_DATA_ROOM,
  LIST_CLIENTS,
  LIST_CLIENTS_OF_DATA_ROOM,
} from '../../src/clients/client-list.queries.js';
import { pageParameters } from '../../src/database/paging.js';
import { countStatement, listStatement } from '../../src/users/user-list.queries.js';
import { readUsersQuery } from '../../src/users/users-query.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { insertManyUsers } from '../support/many-users.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.client('200');
  // One client among others: PostgreSQL would scan the table for a client that is most of it.
  await insertManyUsers(app.dataSource, '100', 5_000);
  await insertManyUsers(app.dataSource, '200', 45_000);
  await app.dataSource.query(
    `insert into clients (ext_id, generation, name, version, created, last_modified)
      select 'c' || n, gen_random_uuid(), 'c' || n, 1, timestamptz '2026-01-01' + n * interval '1 second', now()
      from generate_series(1, 5000) as n`,
  );
  await builders.policy('100', 'default');
  await app.dataSource.query(
    `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type, state, state_set_by,
        reason, successes, failures, failures_since_lock, version, created, last_modified)
      select client_ext_id, ext_id || '-' || n, gen_random_uuid(), ext_id, 'default', 'Password', 'active',
        'administrator', 'initialized', 0, 0, 0, 1, created, created
      from users, generate_series(1, 3) as n where client_ext_id = '100'`,
  );
  await app.dataSource.query('vacuum analyze clients, credentials');
});

afterAll(async () => await app.close());

/** Every scan of the plan as `kind index`, planned with the settings of the server. */
async function scansOf(text: string, values: readonly unknown[]): Promise<string[]> {
  const [row] = (await app.dataSource.query(`explain (format json) ${text}`, [...values])) as [
    { 'QUERY PLAN': [{ Plan: Plan }] },
  ];
  const scans: string[] = [];
  const waiting: Plan[] = [row['QUERY PLAN'][0].Plan];
  for (let plan = waiting.pop(); plan !== undefined; plan = waiting.pop()) {
    const type = plan['Node Type'];
    // The scans inside a subquery are listed themselves.
    if (type.includes('Scan') && type !== 'Subquery Scan')
      scans.push(plan['Index Name'] ?? `${type} of ${plan['Relation Name']}`);
    if (type === 'Sort') scans.push('Sort');
    waiting.push(...(plan.Plans ?? []));
  }
  return scans;
}

const usersQuery = (query: string) => readUsersQuery({ originalUrl: `/?${query}` } as Request);

const DEEP = `continuationToken=${Date.parse('2026-01-01T00:00:00.300Z')}_user-003000`;

test.each<[string, string[]]>([
  ['', ['users_page']],
  [DEEP, ['users_page']],
  ['offset=1000&limit=100', ['users_page']],
  ['userState=disabled', ['users_state']],
  [`userState=disabled&${DEEP}`, ['users_state']],
  ['name.familyName=Family%20300', ['users_family_name']],
  // Nearly all users have this name, so the page order finds the next hundred as fast.
  [`name.familyName=Doe&${DEEP}`, ['users_page']],
  ['contacts.email=user-000300%40example.com', ['users_email']],
  // One row, found by its key, so the sort is free.
  ['loginId=USER-000300', ['users_login_id_unique', 'Sort']],
  ['extId=user-000300', ['users_pk', 'Sort']],
  ['sortBy=extId', ['users_pk']],
  ['sortBy=-extId', ['users_pk']],
  ['sortBy=loginId', ['users_login_id_unique']],
  ['sortBy=-loginId', ['users_login_id_unique']],
  ['sortBy=contacts.email', ['users_email']],
  ['sortBy=-contacts.email', ['users_email']],
  ['sortBy=name.familyName', ['users_family_name']],
  ['sortBy=-userState', ['users_state']],
  ['sortBy=created', ['users_page']],
  ['sortBy=-created', ['users_page']],
])('8.2, 8.3 the plan of C6 with "%s" reads its page from an index', async (query, expected) => {
  const { statement, values } = listStatement('100', usersQuery(query));
  // The first parameter is the client, whose turn the search uses.
  expect(values[0]).toBe('100');
  const scans = await scansOf(statement.text, values);
  expect(scans.toSorted()).toEqual(expected.toSorted());
});

test.each<[string, string]>([
  ['name.familyName=family%2030*', 'users_family_name_folded'],
  ['contacts.email=USER-00030*', 'users_email_folded'],
  ['loginId=user-00030*', 'users_login_id_unique'],
  ['q=family%20300', 'users_text_trigrams'],
  ['q=000300', 'users_text_trigrams'],
])(
  '8.2, 8.3 the plans of the first page, a deep page and the count of C6 with "%s" use its index',
  async (query, index) => {
    for (const { statement, values, limited } of [
      listStatement('100', usersQuery(query)),
      listStatement('100', usersQuery(`${query}&${DEEP}`)),
      countStatement('100', usersQuery(query)),
    ]) {
      expect([values[0], limited]).toEqual(['100', true]);
      expect(await scansOf(statement.text, values)).toContain(index);
    }
  },
);

test('8.3 the plan of a beginning or a part that most users have reads the pages in their order', async () => {
  for (const query of ['name.familyName=doe*', 'q=first', 'q=example']) {
    const { statement, values } = listStatement('100', usersQuery(`${query}&limit=20`));
    expect(await scansOf(statement.text, values)).toEqual(['users_page']);
  }
});

describe('8.3 a part with blanks', () => {
  /** Without an index. */
  const FIND = `select ext_id as "extId" from users where client_ext_id = '100' and position($1 in search_text) > 0
    order by created desc, ext_id desc limit 21`;

  test('the index tells the order of words', async () => {
    const { statement, values } = listStatement('100', usersQuery('q=family%20300%20first'));
    const text = `explain (analyze, timing off, costs off, buffers off) ${statement.text}`;
    const plan = JSON.stringify(await app.dataSource.query(text, [...values]));
    expect(plan).toContain('users_text_trigrams');
    expect(plan).not.toContain('Rows Removed by Index Recheck');
  });

  test('it finds the same as a search without an index', { timeout: 120_000 }, async () => {
    const place = fc.record({ start: fc.nat(16), length: fc.integer({ min: 3, max: 16 }) });
    const change = fc.constantFrom(['', ''], [' ', 'q'], ['i', ' '], [' 3', 'q3'], ['f', '_'], ['first', 'family']);
    const hundred = fc.integer({ min: 1, max: 50 });
    await fc.assert(
      fc.asyncProperty(
        hundred,
        fc.nat(6),
        place,
        change,
        async (n, m, { start, length }, [before = '', after = '']) => {
          const part = `first ${m} family ${n * 100}`
            .slice(start, start + length)
            .replace(before, after)
            .trim();
          if (part.length < 3) return;
          const { statement, values } = listStatement('100', usersQuery(`limit=20&q=${encodeURIComponent(part)}`));
          const rows = await app.dataSource.query<{ extId: string }[]>(statement.text, [...values]);
          const expected = await app.dataSource.query<{ extId: string }[]>(FIND, [part]);
          expect(rows.map(({ extId }) => extId)).toEqual(expected.map(({ extId }) => extId));
        },
      ),
      { numRuns: 60 },
    );
  });
});

test.each(['', 'userState=disabled', 'name.familyName=Doe'])(
  '8.1 the count of C6 with "%s" reads an index',
  async (query) => {
    const { statement, values } = countStatement('100', usersQuery(query));
    for (const scan of await scansOf(statement.text, values)) expect(scan).not.toContain('Seq Scan');
  },
);

test('8.2 the plans of C1 read an index', async () => {
  const page = { limit: 100, after: undefined, countTotal: true };
  const deep = { ...page, after: { created: Date.parse('2026-01-01T01:00:00Z'), extId: 'c3600' } };
  for (const one of [page, deep]) {
    const from = pageParameters(one);
    expect(await scansOf(LIST_CLIENTS.text, LIST_CLIENTS.values(from))).toEqual(['clients_page']);
    const some = LIST_CLIENTS_OF_DATA_ROOM.values({ ...from, dataRoom: ['100', 'c77', 'c4000'] });
    for (const scan of await scansOf(LIST_CLIENTS_OF_DATA_ROOM.text, some)) expect(scan).not.toContain('Seq Scan');
  }
  const count = COUNT_CLIENTS_OF_DATA_ROOM.values({ dataRoom: ['100', 'c77'] });
  for (const scan of await scansOf(COUNT_CLIENTS_OF_DATA_ROOM.text, count)) expect(scan).not.toContain('Seq Scan');
});

test.each(['administrator', 'selfAdmin'] as const)('8.2 the plans of A1 read an index: %s', async (mode) => {
  const user = { clientExtId: '100', userExtId: 'user-000300' };
  const list = LIST_USER_CREDENTIALS[mode];
  const page = pageParameters({ limit: 100, after: undefined });
  const scans = await scansOf(list.text, list.values({ ...user, ...page }));
  expect(scans).toContain('credentials_page');
  for (const scan of [...scans, ...(await scansOf(COUNT_USER_CREDENTIALS.text, COUNT_USER_CREDENTIALS.values(user)))]) {
    // There are no passwords here, and PostgreSQL scans an empty table.
    if (!scan.endsWith('of passwords')) expect(scan).not.toContain('Seq Scan');
  }
});
