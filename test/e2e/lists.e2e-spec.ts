import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, send } from '../support/http.js';

let fixture: Fixture;

const ids = ({ body }: Answer) => (body.items as { extId: string }[]).map(({ extId }) => extId);

const list = async (query = ''): Promise<Answer> =>
  await send(fixture.app, 'GET', fixture.path() + query, { token: fixture.token });

beforeAll(async () => {
  fixture = await Fixture.start();
  // Two instants, and ids whose byte order differs from the alphabetical one.
  for (const extId of ['b', 'B', 'a', '~', '_']) await fixture.register(extId);
  fixture.app.clock.advance(1);
  for (const extId of ['A', '0']) await fixture.register(extId, { policyExtId: 'tolerant' });
  await fixture.builders.user('100', 'helper-8');
  await fixture.register('of-another', {}, 'helper-8');
});

afterAll(async () => await fixture.app.close());

test('8.1, 8.2 a list is ordered by creation and extId bytes, and its last page has no token', async () => {
  const answer = await list();
  expect(ids(answer)).toEqual(['B', '_', 'a', 'b', '~', '0', 'A']);
  expect(answer.body).toMatchObject({ _pagination: { limit: 100 }, _classifications: {} });
  expect(Object.keys(answer.body['_pagination'] as object)).toEqual(['limit']);
  expect(answer.body.items[0]).toEqual((await fixture.read(`${fixture.path()}/B`)).body);
});

test('8.1, 8.2 paging by tokens has each item once, also while items are created and deleted', async () => {
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
      await fixture.register('Z-new');
      await send(fixture.app, 'DELETE', `${fixture.path()}/_`, { token: fixture.token });
    }
  } while (token !== undefined);
  expect(walked).toEqual(['B', '_', 'a', 'b', '~', '0', 'A', 'Z-new']);
  await send(fixture.app, 'DELETE', `${fixture.path()}/Z-new`, { token: fixture.token });
  await fixture.register('_');
});

test('8.1 a list has its limit, the total on request, and may be empty', async () => {
  expect((await list('?limit=0')).body['_pagination'].limit).toBe(100);
  expect((await list('?limit=1000&returnTotalResultCount=true')).body['_pagination']).toEqual({
    limit: 1000,
    totalResult: 7,
  });
  expect((await list('?limit=1&returnTotalResultCount=false')).body['_pagination']).not.toHaveProperty('totalResult');
  await fixture.builders.user('100', 'empty');
  const empty = await send(fixture.app, 'GET', `${fixture.path('empty')}?returnTotalResultCount=true`, {
    token: fixture.token,
  });
  expect(empty.body).toEqual({ items: [], _pagination: { limit: 100, totalResult: 0 }, _classifications: {} });
  // A token is a position: the item at that position need not exist.
  expect(ids(await list('?continuationToken=999999999999999_zzz'))).toEqual([]);
});

test('8.3 filters are combined, and the total counts what they select', async () => {
  const { fingerprint } = (await fixture.read(`${fixture.path()}/b`)).body as { fingerprint: string };
  const sha1 = await fixture.app.dataSource.query<{ sha1: string }[]>(
    `select encode(sha1, 'hex') as sha1 from credentials where ext_id = 'b'`,
  );
  await fixture.patch(`${fixture.path()}/a`, { stateName: 'disabled' });
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
  '8.3 the instant %s, at the limit of the range, is accepted',
  async (instant) => {
    expect((await list(`?expiresBefore=${instant}`)).status).toBe(200);
  },
);
