import { readFile } from 'node:fs/promises';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { CORE } from '../support/http.js';
import { Pages } from './support/pages.js';

const CHANGES = 120;

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  await pages.fixture.register('cert-1');
  for (let change = 1; change <= CHANGES; change += 1) {
    pages.app.clock.advance(1_000);
    await pages.fixture.patch(`${CORE}/100/users/helper-7`, { name: { firstName: `Jane ${change}` } });
  }
  pages.app.clock.advance(1_000);
  await pages.fixture.patch(`${CORE}/100/policies/strict`, { description: '=1+1 <b>bold</b>' });
});

afterAll(async () => {
  await pages.close();
});

const rows = (page: Page) => page.locator('tbody tr');

it('10.2 the newest event is first, with the value before and the value after', async () => {
  const page = await pages.asAdministrator('/console/100/audit');
  await rows(page).first().waitFor();
  const [newest, before] = [await rows(page).nth(0).innerText(), await rows(page).nth(1).innerText()];
  expect(newest).toContain('=1+1 <b>bold</b>');
  expect(before).toMatch(/Jane 119[^]*→[^]*Jane 120/);
  // axe takes minutes for a hundred rows.
  const short = await pages.asAdministrator('/console/100/audit?from=2026-06-01T12:01:57.000Z');
  await expect.poll(async () => await rows(short).count()).toBe(5);
  await pages.check(short, 'audit');
});

it('10.2 filters are in the address, and back returns to the ones before', async () => {
  const page = await pages.asAdministrator('/console/100/audit');
  await page.getByLabel('Kind').selectOption('certificate');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect.poll(async () => await rows(page).count()).toBe(1);
  expect(new URL(page.url()).searchParams.get('kind')).toBe('certificate');
  await page.getByLabel('Resource').fill('nothing');
  await page.getByLabel('Resource').press('Enter');
  await page.getByText('No event matches these filters').waitFor();
  await pages.check(page, 'audit-nothing-found');
  await page.goBack();
  await expect.poll(async () => await rows(page).count()).toBe(1);
  expect(await page.getByLabel('Resource').inputValue()).toBe('');
});

it('10.2 times are entered in the zone of the reader', async () => {
  const page = await pages.asAdministrator('/console/100/audit');
  const latest = pages.app.clock.now().toISOString();
  const earliest = '2026-06-01T14:01:50';
  await page.getByLabel('From', { exact: true }).fill(earliest);
  await page.getByLabel('Who').press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('2026-06-01T12:01:50.000Z');
  await expect
    .poll(async () => await rows(page).count())
    .toBe((Date.parse(latest) - Date.UTC(2026, 5, 1, 12, 1, 50)) / 1000 + 1);
});

const exported = async (page: Page, format: string) => {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: `Export as ${format}` }).click();
  const saved = await download;
  return { name: saved.suggestedFilename(), text: await readFile(await saved.path(), 'utf8') };
};

it('10.2 what is filtered is exported as NDJSON', async () => {
  const page = await pages.asAdministrator('/console/100/audit?kind=user');
  const { name, text } = await exported(page, 'NDJSON');
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  expect(name).toBe('audit-events-100.ndjson');
  expect(events).toHaveLength(CHANGES);
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['user']));
  await page.getByText(`${CHANGES} events were exported.`).waitFor();
});

it('10.2 what is filtered is exported as CSV in which nothing is a formula', async () => {
  const page = await pages.asAdministrator('/console/100/audit?kind=policy');
  const { text } = await exported(page, 'CSV');
  const [head, ...records] = text.trimEnd().split('\r\n');
  expect(head?.startsWith('"id","at","actor"')).toBe(true);
  expect(records).toHaveLength(1);
  expect(records[0]).toContain('""to"":""=1+1 <b>bold</b>""');
});

it('10.2 an export shows how far it is, and can be stopped', async () => {
  const page = await pages.asAdministrator('/console/100/audit');
  await rows(page).first().waitFor();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/audit-events*limit=1000*', async (route) => {
    await held;
    await route.abort();
  });
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  await page.getByText('The export has begun…').waitFor();
  await page.getByRole('button', { name: 'Stop the export' }).click();
  await page.getByText('Stopped. No file was saved.').waitFor();
  release();
});

it('10.2 an invalid filter in the address is explained, not ignored', async () => {
  const page = await pages.asAdministrator('/console/100/audit?action=nothing');
  await page.getByRole('alert').waitFor();
});
