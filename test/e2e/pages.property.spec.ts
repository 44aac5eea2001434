import { randomUUID } from 'node:crypto';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { foldCase } from '../../src/common/fold-case.js';
import type { UserRow } from '../../src/users/user.table.js';
import { SORT_ORDERS } from '../../src/users/users-query.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, send } from '../support/http.js';

const RUNS = { numRuns: 12 };

let app: TestApp;
let builders: Builders;
let token: string;

beforeAll(async () => {
  app = await startApp();
  builders = new Builders(app.dataSource);
  token = await app.token({ data_room: { clients: ['*'] } });
});

afterAll(async () => await app.close());

/** Few values, so that many users have the same one. */
const user = fc.record({
  extId: fc.string({ unit: fc.constantFrom('a', 'B', 'b', '_', '~', '0', '/', '+', '{'), minLength: 1, maxLength: 4 }),
  created: fc.integer({ min: 0, max: 2 }).map((milliseconds) => new Date(Date.UTC(2026, 0, 1) + milliseconds)),
  familyName: fc.constantFrom(null, 'Doe', 'doe', 'Zürich'),
  version: fc.integer({ min: 1, max: 2 }),
});
const users = fc.uniqueArray(user, { selector: ({ extId }) => extId, maxLength: 9 });
const limit = fc.integer({ min: 1, max: 10 });

/** A new client with these users; returns the path of its list. */
async function listOf(rows: readonly Partial<UserRow>[]): Promise<string> {
  const client = randomUUID();
  await builders.client(client);
  const stored = rows.map(({ extId = '', ...columns }) => ({
    ...columns,
    extId,
    clientExtId: client,
    generation: randomUUID(),
    loginId: extId,
    loginIdFolded: `${foldCase(extId)} ${randomUUID()}`,
    state: 'active' as const,
    isTechnicalUser: false,
    lastModified: columns.created,
  }));
  await app.dataSource.getRepository<UserRow & { readonly loginIdFolded: string }>('users').insert(stored as object[]);
  return `${CORE}/clients/${client}/users`;
}

async function page(path: string): Promise<{ extIds: string[]; next: string | undefined; total: number | undefined }> {
  const answer = await send(app, 'GET', path, { token });
  expect(answer.status).toBe(200);
  const { items, _pagination } = answer.body as {
    items: { extId: string }[];
    _pagination: { continuationToken?: string; totalResult?: number };
  };
  return {
    extIds: items.map(({ extId }) => extId),
    next: _pagination.continuationToken,
    total: _pagination.totalResult,
  };
}

test('8.1, 8.2 pages of any size have each item once, in the order of creation and extId bytes', async () => {
  await fc.assert(
    fc.asyncProperty(users, limit, async (rows, size) => {
      const list = await listOf(rows);
      const walked: string[] = [];
      let next: string | undefined = '';
      while (next !== undefined) {
        const query = next === '' ? '' : `&continuationToken=${encodeURIComponent(next)}`;
        const one = await page(`${list}?returnTotalResultCount=true&limit=${size}${query}`);
        expect(one.total).toBe(rows.length);
        expect(one.extIds.length).toBe(Math.min(size, rows.length - walked.length));
        walked.push(...one.extIds);
        ({ next } = one);
      }
      const ordered = rows.toSorted(
        (one, other) =>
          one.created.getTime() - other.created.getTime() ||
          Buffer.compare(Buffer.from(one.extId), Buffer.from(other.extId)),
      );
      expect(walked).toEqual(ordered.map(({ extId }) => extId));
    }),
    RUNS,
  );
});

test('8.3 with any sort order, pages by offset have each item once, and a leading - reverses the order', async () => {
  const ascending = SORT_ORDERS.filter((order) => !order.startsWith('-'));
  await fc.assert(
    fc.asyncProperty(users, limit, fc.constantFrom(...ascending), async (rows, size, order) => {
      const list = await listOf(rows);
      const walked: string[] = [];
      for (let offset = 0; offset < rows.length; offset += size) {
        walked.push(...(await page(`${list}?limit=${size}&sortBy=${order}&offset=${offset}`)).extIds);
      }
      expect(walked.toSorted()).toEqual(rows.map(({ extId }) => extId).toSorted());
      expect((await page(`${list}?sortBy=${order}`)).extIds).toEqual(walked);
      expect((await page(`${list}?sortBy=-${order}`)).extIds).toEqual(walked.toReversed());
    }),
    RUNS,
  );
});
