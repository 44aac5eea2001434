import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import { Issuer } from './support/issuer.js';
import { Pages } from './support/pages.js';

let issuer: Issuer;
let pages: Pages;

beforeAll(async () => {
  issuer = await Issuer.start({ client_ext_id: '100', roles: ['nevisIdm.Root'] });
  const claims = { client: 'client_ext_id', permissions: 'permissions', roles: 'roles', dataRoom: 'data_room' };
  pages = await Pages.start({
    tokens: { ...issuer.tokens, claims },
    pages: { enabled: true, signIn: issuer.signIn },
  });
  // The issuer lives in the present.
  pages.app.clock.set(new Date());
  issuer.serve(pages.app.url);
});

afterAll(async () => {
  await pages.close();
  issuer.close();
});

/** What the page keeps across a reload. */
async function stored(page: Page): Promise<string> {
  return await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  );
}

/** On the pages of the issuer. */
async function answerIssuer(page: Page): Promise<void> {
  await page.waitForURL(`${issuer.url}/interaction/**`);
  await page.locator('input[name=login]').fill('admin-1');
  await page.locator('input[name=password]').fill('any');
  await page.locator('form:has(input[value=login]) button').click();
  await page.locator('form:has(input[value=consent]) button').click();
}

const navigation = (page: Page) => page.getByRole('navigation', { name: 'Main' });

test('a person signs in at the issuer, and returns to the address that they opened', async () => {
  const page = await pages.open('/console/100/nothing-here?filter=a%2Fb#part');
  await page.getByText('You are not signed in').waitFor();
  await pages.check(page, 'sign-in');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await answerIssuer(page);
  await navigation(page).waitFor();
  expect(page.url()).toBe(`${pages.app.url}/console/100/nothing-here?filter=a%2Fb#part`);
  expect(await stored(page)).not.toMatch(/eyJ|token|code|verifier/);

  await page.reload();
  await navigation(page).waitFor();
  expect(page.url()).toBe(`${pages.app.url}/console/100/nothing-here?filter=a%2Fb#part`);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are not signed in').waitFor();
  await page.reload();
  await page.getByText('You are not signed in').waitFor();
  pages.requireNoProblems();
});

test('when the token ends, the page stays, and signing in again returns to it', async () => {
  issuer.tokenSeconds = 600;
  const page = await pages.open('/my/');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await answerIssuer(page);
  await navigation(page).waitFor();
  await page.clock.fastForward(601_000);
  await page.getByRole('alert').getByText('Your sign-in has ended').waitFor();
  expect(await navigation(page).isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Your sign-in has ended').waitFor({ state: 'detached' });
  await navigation(page).waitFor();
  expect(page.url()).toBe(`${pages.app.url}/my/`);
});

test('a response of the issuer that was not asked for in this window signs nobody in', async () => {
  const page = await pages.open('/console/?code=stolen&state=guessed');
  await page.getByText('This sign-in was not begun in this window.').waitFor();
  expect(page.url()).toBe(`${pages.app.url}/console/`);
});

test('a link with a token signs nobody in outside of the embedded mode', async () => {
  const production = await Pages.start({
    database: { ...pages.app.settings.database, url: new Secret('postgres://production') },
    pages: { enabled: true, signIn: undefined },
  });
  onTestFinished(async () => await production.close());
  const page = await production.asAdministrator('/console/100/today');
  await page.getByText('You are not signed in').waitFor();
  expect(page.url()).toBe(`${production.app.url}/console/100/today`);
});
