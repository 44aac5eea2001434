import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CORE, send } from '../support/http.js';
import { Pages } from './support/pages.js';

const PATHS = ['today', 'users/helper-7', 'policies', 'policies/strict', 'audit', 'bulk/incident'];

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
});

afterAll(async () => {
  await pages.close();
});

const sidewaysOf = async (page: Page) =>
  await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const colourOf = async (page: Page, selector: string, property: 'color' | 'background-color' | 'border-bottom-color') =>
  await page
    .locator(selector)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

/** Loads each page anew: a token in the address is read once. */
async function eachPage(locale: string, look: (page: Page, path: string) => Promise<void>): Promise<void> {
  for (const path of PATHS) {
    const page = await pages.asAdministrator(`/console/100/${path}`, {}, { locale });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    await look(page, path);
    await page.close();
  }
}

test.each(['de', 'fr'])('beside the navigation, on a tablet, no page scrolls sideways in %s', async (locale) => {
  await eachPage(locale, async (page, path) => {
    for (const width of [645, 820]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await sidewaysOf(page), `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  });
});

test('the size of the text is the one that the reader has chosen, and fits', async () => {
  await eachPage('de', async (page, path) => {
    const size = async () => await page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
    const usual = await size();
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setFontSizes', { fontSizes: { standard: 32 } });
    await expect.poll(size).toBe(2 * usual);
    for (const width of [1280, 640]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await sidewaysOf(page), `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  });
});

describe('with the colours of the reader', () => {
  test('the chosen tab and the page in the navigation differ from the others', async () => {
    const page = await pages.asAdministrator('/console/100/users/helper-7');
    await page.getByRole('tab', { name: 'Credentials' }).waitFor();
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await colourOf(page, '[role=tab][aria-selected=true]', 'border-bottom-color')).not.toBe(
      await colourOf(page, '[role=tab][aria-selected=false]', 'border-bottom-color'),
    );
    expect(await colourOf(page, 'nav [aria-current=page]', 'background-color')).not.toBe(
      await colourOf(page, 'nav li a:not([aria-current])', 'background-color'),
    );
  });
});

test('on paper, there is dark text, and nothing but the page', async () => {
  const page = await pages.asAdministrator('/console/100/users/helper-7');
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('light');
  const dark = await colourOf(page, 'h1', 'color');
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
  expect(await colourOf(page, 'h1', 'color')).not.toBe(dark);
  await page.emulateMedia({ media: 'print' });
  expect(await colourOf(page, 'h1', 'color')).toBe(dark);
  await page.getByRole('navigation', { name: 'Main' }).waitFor({ state: 'hidden' });
  await page.getByRole('heading', { name: 'Jane Doe' }).waitFor();
});

test('a heading and a title do not turn what is beside them around', async () => {
  const { token } = pages.fixture;
  const body = { extId: 'turned', name: { firstName: 'Ev\u202Eil', familyName: 'Doe' } };
  expect((await send(pages.app, 'POST', `${CORE}/100/users`, { token, body })).status).toBe(201);
  const page = await pages.asAdministrator('/console/100/users/turned');
  await page.getByRole('heading', { name: 'EvU+202Eil Doe' }).waitFor();
  expect(await page.title()).toBe('EvU+202Eil Doe · certkeep');
});

test('nothing in the link of a row is a button', async () => {
  const { token } = pages.fixture;
  const body = { extId: 'long', name: { firstName: 'Ann'.repeat(80), familyName: 'Doe'.repeat(80) } };
  expect((await send(pages.app, 'POST', `${CORE}/100/users`, { token, body })).status).toBe(201);
  const page = await pages.asAdministrator('/console/100/users');
  await page.getByRole('link', { name: /^AnnAnn/ }).waitFor();
  expect(await page.locator('td a button, td a [tabindex]').count()).toBe(0);
});
