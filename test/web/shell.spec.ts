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
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain('ey');
});
