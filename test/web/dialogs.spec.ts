import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CORE, send } from '../support/http.js';
import { Pages } from './support/pages.js';

const USER = '/console/100/users/helper-7';

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
});

afterAll(async () => {
  await pages.close();
});

async function change(members: object): Promise<void> {
  const { token } = pages.fixture;
  const { body } = await send(pages.app, 'GET', `${CORE}/100/users/helper-7`, { token });
  const answer = await send(pages.app, 'PATCH', `${CORE}/100/users/helper-7`, {
    token,
    body: { ...members, version: body['version'] },
  });
  expect(answer.status).toBe(200);
}

test('a dialog begins with its first field, and a press beside it does not discard what was entered', async () => {
  const page = await pages.asAdministrator('/console/100/users');
  await page.getByRole('button', { name: 'Create a user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a user' });
  await expect
    .poll(async () => await dialog.getByLabel('First name').evaluate((field) => field === document.activeElement))
    .toBe(true);
  await page.keyboard.type('Ada');
  await page.mouse.click(20, 700);
  expect(await dialog.getByLabel('First name').inputValue()).toBe('Ada');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('the search closes with a press beside it', async () => {
  const page = await pages.asAdministrator('/console/100/today');
  await page.getByRole('button', { name: 'Search by PEM' }).waitFor();
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog', { name: 'Search' });
  await dialog.waitFor();
  await page.mouse.click(20, 700);
  await dialog.waitFor({ state: 'detached' });
});

test('what follows from an action is read out with its title', async () => {
  const page = await pages.asAdministrator(USER);
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByRole('dialog', { name: 'Archive Jane Doe?', description: /^This is final/ }).waitFor();
});

test('who lacks a right hears which one', async () => {
  const page = await pages.asAdministrator(USER, { roles: ['nevisIdm.Helpdesk'], permissions: [] });
  const button = page.getByRole('button', { name: 'Delete', exact: true });
  await button.first().waitFor();
  const description = await button.first().evaluate((element) => {
    const id = element.getAttribute('aria-describedby') ?? '';
    return document.getElementById(id)?.textContent;
  });
  expect(description).toBe('You need the right UserDelete for this.');
});

describe('when somebody else has changed the same user', () => {
  test('the merge has the focus', async () => {
    const page = await pages.asAdministrator(`${USER}?edit=user`);
    await page.getByLabel('Title').fill('Dr.');
    await change({ remarks: 'changed beside it' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog', { name: 'Merge the changes' }).waitFor();
    await expect
      .poll(async () => await page.evaluate(() => document.activeElement?.getAttribute('role')))
      .toBe('alert');
  });

  test('an action tells who, and its next attempt is on what they have made', async () => {
    const page = await pages.asAdministrator(USER);
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await change({ remarks: 'changed again' });
    const dialog = page.getByRole('dialog', { name: 'Disable Jane Doe?' });
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await dialog.getByText('Changed by').waitFor();
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Enable' }).waitFor();
  });
});

describe('a page with changes that are not saved', () => {
  test('asks before it is left, and keeps them', async () => {
    const page = await pages.asAdministrator('/console/100/policies');
    await page.getByRole('link', { name: 'strict' }).click();
    await page.getByLabel('Description').fill('mine');
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Description').inputValue()).toBe('mine');
    await page.goBack();
    await dialog.getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL('**/console/100/policies');
  });

  test.each([
    ['policies', 'New policy'],
    ['trust-anchor-sets', 'New set'],
  ])('asks before a form for something new is left: %s', async (list, link) => {
    const page = await pages.asAdministrator(`/console/100/${list}`);
    // An empty list has it twice.
    await page.getByRole('link', { name: link }).first().click();
    await page.getByLabel('External ID').fill('of-mine');
    await page.goBack();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL(`**/console/100/${list}`);
  });

  test('does not ask when it was created', async () => {
    const page = await pages.asAdministrator('/console/100/policies');
    await page.getByRole('link', { name: 'New policy' }).click();
    await page.getByLabel('External ID').fill('of-mine');
    await page.getByRole('button', { name: 'Create the policy' }).click();
    await page.waitForURL('**/console/100/policies/of-mine');
    await page.goBack();
    await page.waitForURL('**/console/100/policies');
  });

  test('does not ask where nothing is to be saved', async () => {
    const page = await pages.asAdministrator('/console/100/policies/strict');
    await page.getByLabel('Description').fill('mine');
    await page.getByRole('button', { name: 'Discard the changes' }).click();
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
  });
});
