import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { CORE, send } from '../support/http.js';
import { testAuthority } from '../support/pki.js';
import { copyRow } from './support/copies.js';
import { longestTask } from './support/longest-task.js';
import { Pages } from './support/pages.js';

const ROWS = 150;
const MAX_ROWS = 100;

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  const { app, fixture } = pages;
  await fixture.register('cert-0');
  const { pem: anchors } = await testAuthority({ name: 'Root', subject: [{ CN: ['Root'] }] });
  const { status } = await send(app, 'POST', `${CORE}/100/trust-anchor-sets`, {
    token: fixture.token,
    body: { extId: 'set-0', name: 'set 0', anchors },
  });
  expect(status).toBe(201);
  const number = `lpad(n::text, 3, '0')`;
  const made = { generation: 'gen_random_uuid()', created: `(original).created + n * interval '1 minute'` };
  await copyRow(app, 'users', `ext_id = 'helper-7'`, ROWS, {
    ...made,
    ext_id: `'user-' || ${number}`,
    login_id: `'user-' || ${number}`,
    login_id_folded: `'user-' || ${number}`,
    email: `'user-' || ${number} || '@acme.example'`,
    family_name: `'Family ' || ${number}`,
  });
  await copyRow(app, 'credentials', `ext_id = 'cert-0'`, ROWS, {
    ...made,
    ext_id: `'cert-' || ${number}`,
    sha256: `sha256(n::text::bytea)`,
  });
  await copyRow(app, 'policies', `ext_id = 'strict'`, ROWS, {
    ...made,
    ext_id: `'policy-' || ${number}`,
    name: `'policy ' || ${number}`,
  });
  await copyRow(app, 'trust_anchor_sets', `ext_id = 'set-0'`, ROWS, {
    ...made,
    ext_id: `'set-' || ${number}`,
    name: `'set ' || ${number}`,
  });
  await fixture.patch(`${CORE}/100/users/helper-7`, { name: { firstName: 'Jane Maria' } });
  await copyRow(app, 'audit_events', `kind = 'user'`, ROWS, {
    id: 'gen_random_uuid()',
    at: `(original).at + n * interval '1 second'`,
    version: 'n + 2',
  });
  await app.dataSource.query(
    `insert into jobs (client_ext_id, id, kind, status, parameters, actor, actor_client, permissions, data_room, request_id,
        total, changed, unchanged, refused, gone, created, last_loaded, ended)
      select '100', gen_random_uuid(), 'disable', 'completed', '{"action": "disable"}', 'admin', '100', '[]', '{}', 'r', n, n,
        0, 0, 0, $2::timestamptz + n * interval '1 second', $2, $2 from generate_series(1, $1) n`,
    [ROWS, app.clock.now()],
  );
  await app.dataSource.query(
    `insert into key_stores (client_ext_id, id, generation, name, state, vault_version, subject_dn, expires, p12_sha256, version,
        created, last_modified)
      select '100', n, gen_random_uuid(), 'store ' || ${number}, 'available', 1, 'CN=store ' || n, $2::timestamptz + interval '90 days',
        sha256(n::text::bytea), 1, $2, $2 from generate_series(1, $1) n`,
    [ROWS, app.clock.now()],
  );
});

afterAll(async () => {
  await pages.close();
});

const rows = (page: Page) => page.locator('tbody tr');

/** The keys of the rows that are in the document. */
const keys = async (page: Page): Promise<readonly string[]> =>
  await rows(page).evaluateAll((elements) => elements.map((element) => (element as HTMLElement).dataset['key'] ?? ''));

/** The first row of which the reader sees something, and where it is. */
const firstSeen = async (page: Page) =>
  await rows(page).evaluateAll((elements) => {
    const seen = elements.find((element) => element.getBoundingClientRect().bottom > 0) as HTMLElement | undefined;
    return { key: seen?.dataset['key'], top: Math.round(seen?.getBoundingClientRect().top ?? 0) };
  });

/** Turns the wheel until `isThere`; returns the most rows that were in the document, and all rows that were. */
async function scroll(page: Page, by: number, isThere: () => Promise<boolean>) {
  const seen = new Set<string>();
  let most = 0;
  await page.mouse.move(600, 500);
  for (let turns = 0; turns < 1_000; turns += 1) {
    const present = await keys(page);
    most = Math.max(most, present.length);
    for (const key of present) seen.add(key);
    if (await isThere()) return { most, seen };
    await page.mouse.wheel(0, by);
    await page.evaluate(
      async () => await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }
  throw new Error('The list has no end.');
}

const isAtEnd = async (page: Page) =>
  await page.evaluate(() => {
    const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
    const button = [...document.querySelectorAll('main button')].some(({ textContent }) => textContent === 'More rows');
    return scrollTop + clientHeight >= scrollHeight - 1 && !button;
  });

const isAtStart = async (page: Page) =>
  await page.evaluate(() => {
    const button = [...document.querySelectorAll('main button')].some(
      ({ textContent }) => textContent === 'Earlier rows',
    );
    return window.scrollY === 0 && !button;
  });

it.each([
  ['users', ROWS + 1],
  ['certificates', ROWS + 1],
  ['audit', ROWS],
  ['key-stores', ROWS],
  ['bulk', ROWS],
  ['trust-anchor-sets', ROWS + 1],
  ['policies', ROWS + 3],
])('8.2 at most 100 rows of %s are in the document, down to the end and up again', async (list, atLeast) => {
  const page = await pages.asAdministrator(`/console/100/${list}`);
  await rows(page).first().waitFor();
  const [first] = await keys(page);
  const task = await longestTask(page, async () => {
    const down = await scroll(page, 900, async () => await isAtEnd(page));
    expect(down.most).toBeLessThanOrEqual(MAX_ROWS);
    expect(down.most).toBeGreaterThan(MAX_ROWS / 2);
    expect(down.seen.size).toBeGreaterThanOrEqual(atLeast);
    const up = await scroll(page, -900, async () => await isAtStart(page));
    expect(up.most).toBeLessThanOrEqual(MAX_ROWS);
    expect(up.seen.size).toBe(down.seen.size);
  });
  expect((await keys(page))[0]).toBe(first);
  console.log(`longest task while scrolling ${list}: ${task.toFixed(1)} ms of processor time`);
});

it('8.2 back returns to the same place, and so does a page that is loaded again', async () => {
  const page = await pages.asAdministrator('/console/100/certificates?stateName=active');
  await rows(page).first().waitFor();
  await scroll(page, 700, async () => (await keys(page)).includes('cert-140'));
  await expect.poll(() => new URL(page.url()).searchParams.has('page')).toBe(true);
  expect(new URL(page.url()).searchParams.get('stateName')).toBe('active');
  const before = await firstSeen(page);
  const present = await keys(page);
  const opened = present[present.indexOf(before.key ?? '') + 5] ?? '';
  await page.locator(`tr[data-key="${opened}"] a`).first().click();
  await page.getByRole('heading', { name: 'cert-0' }).waitFor();
  await page.goBack();
  await expect.poll(async () => await firstSeen(page)).toEqual(before);
  // As after a reload, which keeps the address and nothing else.
  const again = await pages.asAdministrator(new URL(page.url()).pathname + new URL(page.url()).search);
  await rows(again).first().waitFor();
  expect(await keys(again)).toContain(before.key);
  await again.getByRole('button', { name: 'Earlier rows' }).click();
  await expect.poll(async () => await keys(again)).toContain('cert-0');
});

it('8.2 rows that come above the reader do not move what they look at', async () => {
  const page = await pages.asAdministrator('/console/100/users');
  await rows(page).first().waitFor();
  await scroll(page, 700, async () => await isAtEnd(page));
  const [highest] = await keys(page);
  await scroll(page, -300, async () => (await keys(page))[0] !== highest);
  const { key } = await firstSeen(page);
  const present = await keys(page);
  // They have come above it, and it is still what the reader sees.
  expect(present.indexOf(key ?? '')).toBeGreaterThanOrEqual(20);
});
