import { afterAll, beforeAll, expect, test } from 'vitest';

import { Pages } from './support/pages.js';

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
});

afterAll(async () => {
  await pages.close();
});

test('who is not signed in learns how to', async () => {
  const page = await pages.open('/my/');
  await page.getByText('You are not signed in').waitFor();
  await pages.check(page, 'not-signed-in');
});

test('the token of a link is taken out of the address at once', async () => {
  const page = await pages.asUser('/my/');
  await page.getByRole('banner').waitFor();
  expect(page.url()).toBe(`${pages.app.url}/my/`);
  expect(
    await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])),
  ).not.toContain('ey');
});

test('an address without a page says so, and leads to the start', async () => {
  const page = await pages.asAdministrator('/console/100/nothing-here');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  expect(await page.title()).toBe('There is no such page · certkeep');
  await pages.check(page, 'not-found');
});

test('who reaches several clients chooses one, and who reaches one goes on to it', async () => {
  await pages.fixture.builders.client('other');
  const page = await pages.asAdministrator('/console/', { data_room: { clients: ['*'] } });
  await page.getByRole('heading', { name: 'Choose a client' }).waitFor();
  await pages.check(page, 'choose-client');
  await page.getByRole('link', { name: 'other' }).click();
  await page.waitForURL('**/console/other/today');
  const one = await pages.asAdministrator('/console/');
  await one.waitForURL('**/console/100/today');
});

test('the focus goes to the heading of the next page', async () => {
  const page = await pages.asAdministrator('/console/', { data_room: { clients: ['*'] } });
  await page.getByRole('link', { name: 'other' }).click();
  await page.waitForURL('**/console/other/today');
  await expect.poll(async () => await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
});

test('language and theme are chosen at once, and kept', async () => {
  const page = await pages.asUser('/my/nothing/here');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await page.getByRole('combobox', { name: 'Sprache' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
  await page.getByRole('combobox', { name: 'Darstellung' }).selectOption('dark');
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  await page.reload();
  await page.getByText('Sie sind nicht angemeldet').waitFor();
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
});
