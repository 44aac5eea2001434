import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Pages } from './support/pages.js';

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
});

afterAll(async () => {
  await pages.close();
});

describe('without a network', () => {
  test('a change fails at once, says so, and is not sent later', async () => {
    const page = await pages.asAdministrator('/console/100/users/helper-7');
    const changes: string[] = [];
    page.on('request', (request) => request.method() === 'PATCH' && changes.push(request.url()));
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.context().setOffline(true);
    const dialog = page.getByRole('dialog', { name: 'Disable Jane Doe?' });
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await dialog.getByText('The server cannot be reached').waitFor();
    const sent = changes.length;
    await page.context().setOffline(false);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Policies' }).click();
    await page.getByRole('link', { name: 'strict' }).waitFor();
    expect(changes).toHaveLength(sent);
  });

  test('a page that was not loaded yet names the connection, and another attempt keeps the sign-in', async () => {
    const page = await pages.asAdministrator('/console/100/today');
    await page.getByRole('heading', { name: 'Today' }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Key stores' }).click();
    await page.getByText('Perhaps the connection was lost').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Key stores' }).waitFor();
  });

  test('the first page says in the language of the reader that its texts are missing', async () => {
    const page = await pages.open('/console/', { locale: 'de-CH' });
    await page.getByText('Sie sind nicht angemeldet').waitFor();
    await page.route(/assets\/de-/, async (route) => await route.abort());
    await page.reload();
    await page.getByRole('alert').getByText('Die Texte dieser Seite konnten nicht geladen werden').waitFor();
  });

  test('a language whose texts cannot be loaded is not chosen', async () => {
    const page = await pages.asAdministrator('/console/100/users');
    await page.getByRole('link', { name: 'Jane Doe' }).waitFor();
    await page.route(/assets\/fr-/, async (route) => await route.abort());
    await page.getByRole('combobox', { name: 'Language' }).selectOption('fr');
    await page.getByRole('alert').getByText('The texts could not be loaded.').waitFor();
    expect(await page.getByRole('combobox', { name: 'Language' }).inputValue()).toBe('en');
    await page.getByRole('link', { name: 'Policies' }).click();
    await page.getByRole('heading', { name: 'Policies' }).waitFor();
  });
});

test('a server that asks to wait says for how long', async () => {
  const page = await pages.asAdministrator('/console/100/today');
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  await page.route(
    '**/nevisidm/**',
    async (route) => await route.fulfill({ status: 503, headers: { 'Retry-After': '12' } }),
  );
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await page.getByText('The server asks to wait 12 seconds before the next attempt.').waitFor();
});

test('who is no longer signed in is told in the dialog, and keeps what was entered', async () => {
  const page = await pages.asAdministrator('/console/100/users/helper-7?edit=user');
  await page.getByLabel('Title').fill('Dr.');
  await page.route('**/nevisidm/**', async (route) => await route.fulfill({ status: 401 }));
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').getByText('You are no longer signed in, so nothing was changed.').waitFor();
  expect(await page.getByLabel('Title').inputValue()).toBe('Dr.');
});

test.each([
  'users/nobody',
  'policies/nothing',
  'trust-anchor-sets/nothing',
  'bulk/00000000-0000-4000-8000-000000000000',
  'users/helper-7/certificates/nothing/replace',
])('%s, which there is not, has a heading and a title', async (path) => {
  const page = await pages.asAdministrator(`/console/100/${path}`);
  await page.getByRole('heading', { name: 'There is no such page', level: 1 }).waitFor();
  await page.getByText('There is no such record.').waitFor();
  expect(await page.title()).toBe('There is no such page · certkeep');
});
