import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Answer, codesOf, send } from '../support/http.js';
import { World } from '../support/world.js';

let world: World;

const ids = ({ body }: Answer) => (body.items as { extId: string }[]).map(({ extId }) => extId);

const list = async (query = ''): Promise<Answer> =>
  await send(world.app, 'GET', world.path() + query, { token: world.token });

beforeAll(async () => {
  world = await World.start();
  // Two moments, and ids whose order by bytes is not the one of a dictionary.
  for (const extId of ['b', 'B', 'a', '~', '_']) await world.register(extId);
  world.app.clock.advance(1);
  for (const extId of ['A', '0']) await world.register(extId, { policyExtId: 'tolerant' });
  await world.builders.user('100', 'helper-8');
  await world.register('of-another', {}, 'helper-8');
});

afterAll(async () => await world.app.close());

test('8.1, 8.2 a list is ordered by creation and bytes of the extId, and has no token where it ends', async () => {
  const answer = await list();
  expect(ids(answer)).toEqual(['B', '_', 'a', 'b', '~', '0', 'A']);
  expect(answer.body).toMatchObject({ _pagination: { limit: 100 }, _classifications: {} });
  expect(Object.keys(answer.body['_pagination'] as object)).toEqual(['limit']);
  expect(answer.body.items[0]).toEqual((await world.read(`${world.path()}/B`)).body);
});

test('8.1, 8.2 a walk by tokens sees each item once, also where items come and go on the way', async () => {
  const walked: string[] = [];
  let token: string | undefined;
  do {
    const answer = await list(
      `?limit=2${token === undefined ? '' : `&continuationToken=${encodeURIComponent(token)}`}`,
    );
    walked.push(...ids(answer));
    token = answer.body['_pagination'].continuationToken as string | undefined;
    if (walked.length === 2) {
      expect(token).toBe(`${Date.parse('2026-06-01T12:00:00.000Z')}__`);
      await world.register('Z-new');
      await send(world.app, 'DELETE', `${world.path()}/_`, { token: world.token });
    }
  } while (token !== undefined);
  expect(walked).toEqual(['B', '_', 'a', 'b', '~', '0', 'A', 'Z-new']);
  await send(world.app, 'DELETE', `${world.path()}/Z-new`, { token: world.token });
  await world.register('_');
});

test('8.1 limit, total and an empty list', async () => {
  expect((await list('?limit=0')).body['_pagination'].limit).toBe(100);
  expect((await list('?limit=1000&returnTotalResultCount=true')).body['_pagination']).toEqual({
    limit: 1000,
    totalResult: 7,
  });
  expect((await list('?limit=1&returnTotalResultCount=false')).body['_pagination']).not.toHaveProperty('totalResult');
  await world.builders.user('100', 'empty');
  const empty = await send(world.app, 'GET', `${world.path('empty')}?returnTotalResultCount=true`, {
    token: world.token,
  });
  expect(empty.body).toEqual({ items: [], _pagination: { limit: 100, totalResult: 0 }, _classifications: {} });
  // A token is a place, not a reference: one that nothing stands at is as good.
  expect(ids(await list('?continuationToken=999999999999999_zzz'))).toEqual([]);
});

test('8.3 filters ask together, and count what they select', async () => {
  const { fingerprint } = (await world.read(`${world.path()}/b`)).body as { fingerprint: string };
  const sha1 = await world.app.dataSource.query<{ sha1: string }[]>(
    `select encode(sha1, 'hex') as sha1 from credentials where ext_id = 'b'`,
  );
  await world.patch(`${world.path()}/a`, { stateName: 'disabled' });
  expect(ids(await list('?stateName=disabled'))).toEqual(['a']);
  expect(ids(await list(`?issuerDN=${encodeURIComponent('CN=b')}`))).toEqual(['b']);
  expect(ids(await list(`?fingerprint=${fingerprint}`))).toEqual(['b']);
  expect(ids(await list(`?fingerprint=${fingerprint.replaceAll(':', '').toLowerCase()}`))).toEqual(['b']);
  expect(ids(await list(`?fingerprint=${sha1[0]?.sha1}`))).toEqual(['b']);
  expect(ids(await list('?expiresBefore=2027-01-01T00:00:00Z'))).toEqual([]);
  expect(ids(await list('?expiresBefore=2027-01-01T01:00:00.001%2B01:00'))).toHaveLength(7);
  expect(ids(await list(`?stateName=disabled&fingerprint=${fingerprint}`))).toEqual([]);
  const counted = await list('?stateName=active&limit=2&returnTotalResultCount=true');
  expect([ids(counted).length, counted.body['_pagination'].totalResult as unknown]).toEqual([2, 6]);
});

test.each([
  'limit=1001',
  'limit=-1',
  'limit=1.5',
  'limit=',
  'limit=1e2',
  'limit=1&limit=2',
  'continuationToken=',
  'continuationToken=x',
  'continuationToken=1',
  'continuationToken=1_',
  'continuationToken=-1_b',
  'continuationToken=1_a%00b',
  'continuationToken=9999999999999999_b',
  'returnTotalResultCount=yes',
  'stateName=Active',
  'stateName=',
  'fingerprint=xyz',
  'fingerprint=AB:CD',
  'expiresBefore=tomorrow',
  'expiresBefore=2026-02-31T00:00:00Z',
  'expiresBefore=2026-01-01',
  'issuerDN=%00',
  'issuerDN=%FF',
  'issuerdn=CN=b',
  'sortBy=created',
  'offset=1',
  '__proto__=1',
  'constructor=1',
])('8.1, 8.3 the query %s is 422', async (query) => {
  const answer = await list(`?${query}`);
  expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.invalidData']]);
});

test.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00', '0000-01-01T00:00:00%2B14:00'])(
  '8.3 a moment at the edge of time, %s, is a moment',
  async (moment) => {
    expect((await list(`?expiresBefore=${moment}`)).status).toBe(200);
  },
);
