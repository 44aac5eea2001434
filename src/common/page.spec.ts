import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readPageRequest } from '../http/page-request.js';
import { MAX_PAGE_BYTES, type PageBody, pageOf } from './page.js';

interface Item {
  readonly extId: string;
  readonly created: Date;
  readonly text: string;
}

const CREATED = new Date('2026-06-01T12:00:00Z');

const itemsOf = (sizes: readonly number[]): readonly Item[] =>
  sizes.map((size, index) => ({
    extId: `item-${String(index).padStart(3, '0')}`,
    created: CREATED,
    text: 'x'.repeat(size),
  }));

/** Rows as `database/page-rows.ts` reads them: `readable` bytes, and at most one row more than the limit. */
function read(items: readonly Item[], limit: number, after: string | undefined, readable: number) {
  const limited = items.filter(({ extId }) => after === undefined || extId > after).slice(0, limit + 1);
  let before = 0;
  const rows: (Item & { readonly more: boolean })[] = [];
  for (const [index, item] of limited.entries()) {
    if (before >= readable) break;
    before += item.text.length;
    rows.push({ ...item, more: index + 1 < limited.length });
  }
  return rows;
}

function traverse(items: readonly Item[], limit: number, readable: number) {
  const pages: Omit<Item, 'created'>[][] = [];
  let continuationToken: string | undefined;
  do {
    const request = readPageRequest({
      limit: String(limit),
      ...(continuationToken === undefined ? {} : { continuationToken }),
    });
    const rows = read(items, request.limit, request.after?.extId, readable);
    const { pieces } = pageOf(
      rows,
      request,
      ({ extId, created, text: shown }) => ({ extId, created, text: shown }),
      undefined,
    );
    const text = [...pieces].join('');
    const bytes = Buffer.byteLength(text);
    const page = JSON.parse(text) as PageBody<Omit<Item, 'created'>>;
    expect(page.items.length === 1 || bytes <= MAX_PAGE_BYTES).toBe(true);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    pages.push([...page.items]);
    const { _pagination: pagination } = page;
    continuationToken = pagination.continuationToken;
  } while (continuationToken !== undefined);
  return pages;
}

const sizes = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 2_000 }),
    fc.integer({ min: 500_000, max: 3_000_000 }),
    fc.constant(MAX_PAGE_BYTES),
  ),
  {
    maxLength: 8,
  },
);

test('8.1, 8.2 with any sizes and limit, the pages have each item once, and no page with several items exceeds 4 MiB', () => {
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 1, max: 10 }),
      // The database estimates the size of the answer.
      fc.constantFrom(MAX_PAGE_BYTES, MAX_PAGE_BYTES / 4, MAX_PAGE_BYTES * 4),
      (lengths, limit, readable) => {
        const items = itemsOf(lengths);
        const pages = traverse(items, limit, readable);
        expect(pages.flat().map(({ extId }) => extId)).toEqual(items.map(({ extId }) => extId));
        // Only an empty list has an empty page.
        expect(pages.filter(({ length }) => length === 0)).toHaveLength(items.length === 0 ? 1 : 0);
      },
    ),
    { numRuns: 20 },
  );
});

test('8.1 a page ends before an item that would exceed 4 MiB', () => {
  const lengths = traverse(itemsOf([2_000_000, 2_000_000, 2_000_000]), 100, MAX_PAGE_BYTES).map(({ length }) => length);
  expect(lengths).toEqual([2, 1]);
});

test('8.1 an item over 4 MiB has a page of its own', () => {
  const lengths = traverse(itemsOf([10, 5_000_000, 10]), 100, MAX_PAGE_BYTES).map(({ length }) => length);
  expect(lengths).toEqual([1, 1, 1]);
});
