import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { formatsOf } from '../../web/src/i18n/formats.js';
import { Pages } from './support/pages.js';

it.each([
  ['en', ['en-GB', 'en'], 'en-GB'],
  ['en', ['en', 'en-GB'], 'en-GB'],
  ['en', ['en-US'], 'en-US'],
  ['en', ['de-CH', 'de'], 'en-CH'],
  ['de', ['en-GB', 'de-AT'], 'de-AT'],
  ['fr', ['fr'], 'fr'],
  ['en', ['*', 'fr-CA'], 'en-CA'],
  ['de', [], 'de'],
])('a page in %s has, in a browser for %s, the dates of %s', (language, tags, expected) => {
  expect(formatsOf(language, tags)).toBe(expected);
});

describe('dates of a page', () => {
  let pages: Pages;

  beforeAll(async () => {
    pages = await Pages.start();
    const notAfter = '2026-06-25T10:00:00Z';
    const certificate = await pages.fixture.pem('dated', { notBefore: '2026-01-01T00:00:00Z', notAfter });
    await pages.fixture.register('dated', { certificate });
  });

  afterAll(async () => {
    await pages.close();
  });

  it.each([
    ['en-GB', '25 Jun 2026, 12:00:00'],
    ['en-US', 'Jun 25, 2026, 12:00:00 PM'],
    ['de-CH', '25.06.2026, 12:00:00'],
    ['fr-CH', '25 juin 2026, 12:00:00'],
  ])('%s: they are those of the region, and UTC is in the title', async (locale, expected) => {
    const page = await pages.asAdministrator('/console/100/users/helper-7/certificates/dated', {}, { locale });
    const until = page.locator('time[datetime^="2026-06-25"]').first();
    await until.waitFor();
    expect((await until.innerText()).replaceAll(/\s/g, ' ')).toBe(expected);
    expect(await until.getAttribute('title')).toBe('2026-06-25 10:00:00 UTC');
  });
});
