import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { UserRow } from '../../src/users/user.table.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, codesOf, fieldsOf, send } from '../support/http.js';
import { insertManyUsers } from '../support/many-users.js';
import { statementsOf } from '../support/statements.js';

let app: TestApp;
let token: string;

const LIST = `${CORE}/clients/100/users`;
const COUNT = 2_345;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  for (const client of ['100', '200', 'empty']) await builders.client(client);
  await insertManyUsers(app.dataSource, '100', COUNT);
  await insertManyUsers(app.dataSource, '200', 10);
  const users = app.dataSource.getRepository<UserRow>('users');
  await users.update({ clientExtId: '100', extId: id(5) }, { properties: { costCentre: '4711', floor: '3' } });
  await users.update({ clientExtId: '100', extId: id(6) }, { properties: { [`a'b"c`]: `d'e"f` } });
  token = await app.token({ data_room: { clients: ['100', '200', 'empty', 'nobody'] } });
});

afterAll(async () => await app.close());

interface Listed {
  readonly items: readonly { readonly extId: string; readonly [member: string]: unknown }[];
  readonly _pagination: { readonly limit: number; readonly continuationToken?: string; readonly totalResult?: number };
  readonly _classifications: object;
}

async function list(query: string, path = LIST): Promise<Listed> {
  const answer = await send(app, 'GET', path + query, { token });
  expect(answer.status).toBe(200);
  return answer.body as Listed;
}

/** Reads all pages, and runs `between` after each. */
async function walk(query: string, between?: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  let next = '';
  for (;;) {
    const { items, _pagination } = await list(`${query}${next}`);
    seen.push(...items.map(({ extId }) => extId));
    if (_pagination.continuationToken === undefined) return seen;
    next = `&continuationToken=${encodeURIComponent(_pagination.continuationToken)}`;
    await between?.();
  }
}

const extIds = ({ items }: Listed): string[] => items.map(({ extId }) => extId);
const id = (number: number): string => `user-${String(number).padStart(6, '0')}`;

describe('C6 8.1, 8.2 pages', () => {
  test('8.1 a page without parameters has 100 items', async () => {
    const { items, _pagination, _classifications } = await list('');
    expect(items).toHaveLength(100);
    expect(items[0]).toMatchObject({
      extId: id(1),
      clientExtId: '100',
      userState: 'active',
      name: { firstName: 'First 1', familyName: 'Doe' },
      address: { city: 'City 1' },
      version: 1,
    });
    const created = Date.parse('2026-01-01T00:00:00.010Z');
    expect(_pagination).toEqual({ limit: 100, continuationToken: `${created}_${id(100)}` });
    expect(_classifications).toEqual({});
  });

  test('8.2 the pages have each user once, with any page size', async () => {
    const all = Array.from({ length: COUNT }, (_, index) => id(index + 1));
    expect(await walk('?limit=1000')).toEqual(all);
    expect(await walk('?limit=335')).toEqual(all);
  });

  test('8.2 every user who existed at the first page is listed exactly once, whatever is created and deleted meanwhile', async () => {
    let made = 0;
    const seen = await walk('?limit=500', async () => {
      made += 1;
      await send(app, 'POST', `${CORE}/100/users`, { token, body: { extId: `late-${made}` } });
      await send(app, 'DELETE', `${CORE}/100/users/late-${made - 1}`, { token });
    });
    const stood = seen.filter((extId) => extId.startsWith('user-'));
    expect(stood).toHaveLength(COUNT);
    expect(new Set(stood).size).toBe(COUNT);
    await send(app, 'DELETE', `${CORE}/100/users/late-${made}`, { token });
  });

  test('8.1 the total is answered on request, and the last page has no token', async () => {
    const counted = await list('?returnTotalResultCount=true&limit=1');
    expect(counted).toMatchObject({ _pagination: { limit: 1, totalResult: COUNT } });
    const { _pagination } = await list('?limit=0', `${CORE}/clients/200/users`);
    expect(_pagination).toEqual({ limit: 100 });
    expect(await list('?returnTotalResultCount=true', `${CORE}/clients/empty/users`)).toEqual({
      items: [],
      _pagination: { limit: 100, totalResult: 0 },
      _classifications: {},
    });
  });

  test('8.1 an unknown client is 404', async () => {
    const answer = await send(app, 'GET', `${CORE}/clients/nobody/users`, { token });
    expect([answer.status, codesOf(answer)]).toEqual([404, ['errors.noRecord']]);
  });

  test('8.1 a page needs one statement', async () => {
    expect(await statementsOf(app.dataSource, async () => await list('?userState=active'))).toHaveLength(1);
  });
});

describe('8.3 filters', () => {
  test.each<[string, string[]]>([
    [`extId=${id(7)}`, [id(7)]],
    [`loginId=${id(7)}`, [id(7)]],
    ['loginId=UsEr-000007', [id(7)]],
    [`contacts.email=${id(8)}@example.com`, [id(8)]],
    ['name.familyName=Family 300', [id(300)]],
    [`userState=disabled&extId=${id(10)}`, [id(10)]],
    [`userState=active&extId=${id(10)}`, []],
    [`address.city=City 3&name.firstName=First 3&extId=${id(3)}`, [id(3)]],
    [`isTechnicalUser=false&version=1&extId=${id(3)}`, [id(3)]],
    [`created=2026-01-01T00:00:00Z&extId=${id(3)}`, [id(3)]],
    ['created=2026-01-02T00:00:00Z', []],
    ['remarks=', []],
    ['properties.costCentre=4711', [id(5)]],
    ['properties.costCentre=4711&properties.floor=3', [id(5)]],
    ['properties.costCentre=4711&properties.floor=4', []],
    ['properties.costCentre=471', []],
    ['properties.__proto__=x', []],
    [`properties.a'b"c=d'e"f`, [id(6)]],
    ['properties.=4711', []],
    ["contacts.email=' or 1=1 --", []],
  ])('8.3 ?%s lists the right users', async (query, expected) => {
    const params = query.replaceAll(' ', '%20').replaceAll('@', '%40');
    expect(extIds(await list(`?${params}`))).toEqual(expected);
  });

  test('8.3 a filter has pages and a total', async () => {
    const disabled = await walk('?limit=100&userState=disabled');
    expect(disabled).toEqual(Array.from({ length: 234 }, (_, index) => id((index + 1) * 10)));
    const { _pagination } = await list('?limit=1&userState=disabled&address.city=City%200&returnTotalResultCount=true');
    expect(_pagination.totalResult).toBe(46);
  });

  test.each<[string, string]>([
    ['userState=locked', 'userState'],
    ['isTechnicalUser=yes', 'isTechnicalUser'],
    ['version=1.5', 'version'],
    ['version=2147483648', 'version'],
    ['validity.from=2026-01-01', 'validity.from'],
    ['password=x', 'query'],
    ['name=Doe', 'query'],
    ['properties=x', 'query'],
    ['properties.a=x&properties.a=y', 'properties.a'],
    ['properties.a=%00', 'properties.a'],
    ['properties.%00=a', 'query'],
    ['properties.%ff=a', 'query'],
    ['extId=a&extId=b', 'extId'],
    ['limit=1001', 'limit'],
    ['limit=-1', 'limit'],
    ['continuationToken=x', 'continuationToken'],
    ['sortBy=password', 'sortBy'],
    ['sortBy=--extId', 'sortBy'],
    ['offset=10001', 'offset'],
    ['offset=-1', 'offset'],
    ['sortBy=extId&continuationToken=1_a', 'continuationToken'],
    ['offset=0&continuationToken=1_a', 'continuationToken'],
    ['loginId=a%00', 'loginId'],
  ])('8.3 ?%s is 422', async (query, field) => {
    const answer = await send(app, 'GET', `${LIST}?${query}`, { token });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
  });

  test('8.3 several wrong parameters are reported together', async () => {
    const answer = await send(app, 'GET', `${LIST}?userState=x&version=y`, { token });
    expect(fieldsOf(answer)).toEqual(['userState', 'version']);
  });
});

describe('8.3 order and offset', () => {
  test.each<[string, number[]]>([
    ['sortBy=extId&limit=3', [1, 2, 3]],
    ['sortBy=-extId&limit=3', [2345, 2344, 2343]],
    ['sortBy=-loginId&limit=2', [2345, 2344]],
    ['sortBy=-created&limit=2', [2345, 2344]],
    ['sortBy=name.familyName&limit=2', [1, 2]],
    ['sortBy=-name.familyName&limit=3', [900, 800, 700]],
    ['sortBy=name.firstName&limit=2', [7, 14]],
    ['sortBy=-userState&limit=2', [2340, 2330]],
    ['offset=2340&limit=3', [2341, 2342, 2343]],
    ['offset=3&sortBy=-extId&limit=1', [2342]],
    ['userState=disabled&sortBy=-extId&limit=1', [2340]],
    ['offset=10000', []],
  ])('8.3 ?%s has the right users in order', async (query, expected) => {
    const { items, _pagination } = await list(`?${query}`);
    expect(items.map(({ extId }) => extId)).toEqual(expected.map(id));
    expect(_pagination).not.toHaveProperty('continuationToken');
  });
});

test('8.3 a search without an index is 422 after two seconds', async () => {
  const blocker = app.dataSource.createQueryRunner();
  await blocker.startTransaction();
  // A locked table makes the search wait.
  await blocker.query('lock table users in access exclusive mode');
  try {
    const before = performance.now();
    const answer = await send(app, 'GET', `${LIST}?address.city=Bern`, { token });
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.tooManySearchResults']]);
    expect(performance.now() - before).toBeGreaterThan(1_900);
  } finally {
    await blocker.rollbackTransaction();
    await blocker.release();
  }
  expect(extIds(await list('?address.city=City%203&limit=1'))).toEqual([id(3)]);
});
