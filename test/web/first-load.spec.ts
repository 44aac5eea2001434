import { statSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { BUILT_PAGES } from '../../src/pages/built-pages.js';
import { Pages } from './support/pages.js';

/** Of JavaScript, compressed by gzip. */
const MAX_BYTES = 220 * 1000;

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
});

afterAll(async () => {
  await pages.close();
});

/** All scripts that the page has asked for, by the log of the server. */
async function bytesOfScripts(open: () => Promise<Page>): Promise<number> {
  const before = pages.app.log.length;
  const page = await open();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.waitForLoadState('networkidle');
  const paths = pages.app.log.slice(before).map((line) => (JSON.parse(line) as { readonly path?: string }).path ?? '');
  const scripts = new Set(paths.filter((path) => path.endsWith('.js')));
  expect(scripts.size).toBeGreaterThan(0);
  return [...scripts]
    .map((path) => statSync(join(BUILT_PAGES, `${path.slice('/web/'.length)}.gz`)).size)
    .reduce((sum, size) => sum + size, 0);
}

test('the first load of the console has at most 220 kB of JavaScript', async () => {
  const bytes = await bytesOfScripts(async () => await pages.asAdministrator('/console/100/today'));
  console.log(`first load of the console: ${Math.round(bytes / 1000)} kB of JavaScript, gzip`);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
});

test('the first load of self-service has at most 220 kB of JavaScript', async () => {
  const bytes = await bytesOfScripts(async () => await pages.asUser('/my/'));
  console.log(`first load of self-service: ${Math.round(bytes / 1000)} kB of JavaScript, gzip`);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
});
