import { afterAll, beforeAll, expect, test } from 'vitest';

import { filterParameters, LIST_CERTIFICATES } from '../../src/certificates/certificate-list.queries.js';
import { MAX_PAGE_BYTES } from '../../src/common/page.js';
import { Database } from '../../src/database/database.js';
import { pageParameters } from '../../src/database/paging.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, CORE, send } from '../support/http.js';

const CERTIFICATES = 550;
const USERS = 200;

let fixture: Fixture;

/** Certificates with 15,000 escaped characters in their subjects, and users with 40,000 characters of properties. */
beforeAll(async () => {
  fixture = await Fixture.start();
  await fixture.register('c-000');
  await fixture.app.dataSource.query(
    `insert into credentials select r.* from credentials c,
        lateral (select 'c-' || lpad(n::text, 3, '0') as id from generate_series(1, $1::integer) as n) as numbered,
        lateral jsonb_populate_record(c, jsonb_build_object('ext_id', id, 'generation', gen_random_uuid(),
          'sha256', sha256(id::bytea), 'subject_dn', 'CN=' || repeat('\\"', 7500))) as r
      where c.ext_id = 'c-000'`,
    [CERTIFICATES - 1],
  );
  await fixture.app.dataSource.query(
    `insert into users select r.* from users u,
        lateral (select 'u-' || lpad(n::text, 3, '0') as id from generate_series(1, $1::integer) as n) as numbered,
        lateral jsonb_populate_record(u, jsonb_build_object('ext_id', id, 'login_id', id, 'login_id_folded', id,
          'generation', gen_random_uuid(), 'properties',
          (select jsonb_object_agg('p' || n, repeat('x', 1000)) from generate_series(1, 40) as n))) as r
      where u.ext_id = 'helper-7'`,
    [USERS - 1],
  );
});

afterAll(async () => await fixture.app.close());

const get = async (path: string): Promise<Answer> => await send(fixture.app, 'GET', path, { token: fixture.token });

interface PageBody {
  readonly items: readonly { readonly extId: string }[];
  readonly _pagination: { readonly continuationToken?: string };
}

interface Traversal {
  readonly pages: number;
  readonly extIds: readonly string[];
  readonly largest: number;
}

async function traverse(path: string): Promise<Traversal> {
  const extIds: string[] = [];
  let [pages, largest, token] = [0, 0, ''];
  for (;;) {
    const body = (await get(`${path}?limit=1000${token}`)).body as PageBody;
    const { continuationToken } = body['_pagination'];
    extIds.push(...body.items.map(({ extId }) => extId));
    largest = Math.max(largest, Buffer.byteLength(JSON.stringify(body)));
    pages += 1;
    if (continuationToken === undefined) return { pages, extIds, largest };
    token = `&continuationToken=${encodeURIComponent(continuationToken)}`;
  }
}

test.each([
  ['X1', (): string => fixture.path(), CERTIFICATES],
  ['A1', (): string => `${CORE}/100/users/helper-7/credentials`, CERTIFICATES],
  ['C6', (): string => `${CORE}/clients/100/users`, USERS],
] as const)('8.1, 8.2 a page of %s is at most 4 MiB, and the pages have each item once', async (_, path, count) => {
  const { pages, extIds, largest } = await traverse(path());
  expect(new Set(extIds).size).toBe(count);
  expect(extIds).toHaveLength(count);
  expect(extIds).toEqual(extIds.toSorted());
  expect(pages).toBeGreaterThan(1);
  expect(largest).toBeLessThanOrEqual(MAX_PAGE_BYTES);
  // Pages are not much smaller than allowed.
  expect(largest).toBeGreaterThan(MAX_PAGE_BYTES * 0.9);
});

test('8.1 only the rows of one page are read from the database', async () => {
  const page = { limit: 1000, after: undefined, countTotal: false };
  const filters = { stateName: undefined, issuerDN: undefined, fingerprint: undefined, expiresBefore: undefined };
  const path = { clientExtId: '100', userExtId: 'helper-7' };
  const selected = filterParameters(path, { page, ...filters }, fixture.app.clock.now());
  const rows = await LIST_CERTIFICATES.all(fixture.app.get(Database), { ...selected, ...pageParameters(page) });
  const bytes = rows.reduce((sum, { subjectDn }) => sum + (subjectDn?.length ?? 0), 0);
  expect(rows.length).toBeGreaterThan(100);
  expect(bytes).toBeLessThan(MAX_PAGE_BYTES);
  expect(rows.every(({ more }) => more)).toBe(true);
});

test.each(['sortBy=loginId', 'offset=0'])(
  '8.3 a page of users over 4 MiB with %s is refused, as it can have no token',
  async (query) => {
    const refused = await get(`${CORE}/clients/100/users?limit=1000&${query}`);
    expect([refused.status, codesOf(refused)]).toEqual([422, ['errors.tooManySearchResults']]);
    expect(refused.body.errors[0]).toMatchObject({ field: 'limit' });
    const answer = await get(`${CORE}/clients/100/users?limit=50&${query}`);
    expect(answer.body.items).toHaveLength(50);
    expect(answer.body['_pagination']).not.toHaveProperty('continuationToken');
  },
);

const idsOf = async (query: string): Promise<number[]> =>
  ((await get(`/mtls/account/100/certificates${query}`)).body as unknown as { id: number }[]).map(({ id }) => id);

test('L1 with includeDeleted the list has the newest 1,000 deleted key stores, and all others', async () => {
  await fixture.app.dataSource.query(
    `insert into key_stores (client_ext_id, id, generation, name, state, expires, p12_sha256, version, created,
        last_modified, deleted_at)
      select '100', n, gen_random_uuid(), 'k' || n, 'available', at, sha256(n::text::bytea), 1, at, at,
        case when n % 100 = 0 then null else at end
      from (select n, timestamptz '2026-01-01' + n * interval '1 second' as at from generate_series(1, 1200) as n) as numbered`,
  );
  const ids = await idsOf('?includeDeleted=true');
  expect(ids).toHaveLength(1_012);
  expect(ids.slice(0, 3)).toEqual([100, 190, 191]);
  expect(ids).toEqual(ids.toSorted((one, other) => one - other));
  expect(await idsOf('')).toHaveLength(12);
});
