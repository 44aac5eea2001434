import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CORE, send } from '../support/http.js';
import { Pages } from './support/pages.js';

const LIST = '/console/100/users';
const HELPDESK = { roles: ['nevisIdm.Helpdesk'], permissions: [] };

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  await createUser('max', { name: { firstName: 'Max', familyName: 'Muster' }, contacts: { email: 'max@acme.test' } });
});

afterAll(async () => {
  await pages.close();
});

const pathOf = (extId: string) => `${CORE}/100/users/${extId}`;

async function createUser(extId: string, members: object = {}): Promise<void> {
  const { token } = pages.fixture;
  const answer = await send(pages.app, 'POST', `${CORE}/100/users`, { token, body: { extId, ...members } });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
}

async function createPassword(userExtId: string): Promise<void> {
  const { token } = pages.fixture;
  const policy = {
    policyType: 'PwdPolicy',
    name: 'passwords',
    extId: 'passwords',
    parameters: {},
    defaultPolicy: true,
  };
  await send(pages.app, 'POST', `${CORE}/100/policies`, { token, body: policy });
  const body = { password: 'correct horse battery staple' };
  const answer = await send(pages.app, 'POST', `${pathOf(userExtId)}/password`, { token, body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
}

/** Requests that the page sends, as `POST /nevisidm/…`. */
function requestsOf(page: Page, method: string): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.method() === method) requests.push(`${method} ${new URL(request.url()).pathname}`);
  });
  return requests;
}

describe('the list of users', () => {
  test('8.3 search and filters are in the address', async () => {
    const page = await pages.asAdministrator(LIST);
    await page.getByRole('link', { name: 'Jane Doe' }).waitFor();
    await pages.check(page, 'users');
    await page.getByRole('main').getByLabel('Search', { exact: true }).fill('uster');
    await page.getByRole('link', { name: 'Jane Doe' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Max Muster' }).waitFor();
    expect(new URL(page.url()).search).toBe('?q=uster');
    await page.getByRole('link', { name: 'Max Muster' }).click();
    await page.getByRole('heading', { name: 'Max Muster' }).waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole('main').getByLabel('Search', { exact: true }).inputValue()).toBe('uster');
    expect(await page.getByRole('link', { name: 'Jane Doe' }).count()).toBe(0);
    await page.getByRole('main').getByLabel('State', { exact: true }).selectOption('disabled');
    await page.getByText('No user matches these filters').waitFor();
    await page.getByRole('button', { name: 'Show all users' }).click();
    await page.getByRole('link', { name: 'Jane Doe' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('8.3 fewer than three characters are not searched for, and the field says so', async () => {
    const page = await pages.asAdministrator(LIST);
    await page.getByRole('main').getByLabel('Search', { exact: true }).fill('us');
    await page.getByText('Enter at least 3 characters.').waitFor();
    await page.getByRole('link', { name: 'Jane Doe' }).waitFor();
  });

  test('4.3 a button says which right is missing', async () => {
    const page = await pages.asAdministrator(LIST, HELPDESK);
    const button = page.getByRole('button', { name: 'Create a user' });
    await button.waitFor();
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
    await button.focus();
    await page.getByText('You need the right UserCreate for this.').filter({ visible: true }).waitFor();
  });
});

describe('creating a user', () => {
  test('a double click creates one user', async () => {
    const page = await pages.asAdministrator(LIST);
    const posts = requestsOf(page, 'POST');
    await page.getByRole('button', { name: 'Create a user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('First name').fill('Ada');
    await dialog.getByLabel('Family name').fill('Once');
    await dialog.getByLabel('Valid until').fill('2027-01-01T12:00:00');
    await dialog.getByLabel('Properties').fill('costCentre=4711');
    await pages.check(page, 'user-create');
    await dialog.getByRole('button', { name: 'Create', exact: true }).dblclick();
    await page.getByRole('heading', { name: 'Ada Once' }).waitFor();
    await page.getByText('This user has no credentials yet').waitFor();
    expect(posts).toEqual([`POST ${CORE}/100/users`]);
    const extId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect((await pages.fixture.read(pathOf(extId))).body).toMatchObject({
      name: { firstName: 'Ada', familyName: 'Once' },
      validity: { to: '2027-01-01T11:00:00Z' },
      properties: { costCentre: '4711' },
    });
  });

  test('by keyboard alone; Escape closes the dialog, and its field says what the server refuses', async () => {
    const page = await pages.asAdministrator(LIST);
    const button = page.getByRole('button', { name: 'Create a user' });
    await button.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await button.focus();
    await page.keyboard.press('Enter');
    await dialog.getByLabel('ID', { exact: true }).focus();
    await page.keyboard.type('max');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('alert').textContent()).toContain('is taken');
    expect(await dialog.getByLabel('ID', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('End');
    await page.keyboard.type('-2');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toBe(`${LIST}/max-2`);
  });
});

describe('a user', () => {
  test('shows every credential, the details and the history', async () => {
    await createUser('many', { name: { firstName: 'Many' }, remarks: 'abc\u202Egnp.exe' });
    await pages.fixture.register('cert-1', {}, 'many');
    await createPassword('many');
    const page = await pages.asAdministrator(`${LIST}/many`);
    await page.getByRole('link', { name: 'CN=cert-1' }).waitFor();
    await page.getByRole('cell', { name: 'Password' }).waitFor();
    expect(await page.getByRole('link', { name: 'Replace' }).getAttribute('href')).toBe(
      `${LIST}/many/certificates/cert-1/replace`,
    );
    await pages.check(page, 'user-credentials');
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.getByText('U+202E', { exact: true }).waitFor();
    await pages.check(page, 'user-details');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('table', { name: 'History' }).waitFor();
    await pages.check(page, 'user-history');
  });

  test('4.3 what a caller may not do is disabled, with the right that is missing', async () => {
    const page = await pages.asAdministrator(`${LIST}/max`, HELPDESK);
    for (const [name, right] of [
      ['Change', 'UserModify'],
      ['Disable', 'UserModify'],
      ['Archive', 'UserArchive'],
      ['Delete', 'UserDelete'],
      ['Add a certificate', 'CredentialCreate'],
    ] as const) {
      const button = page.getByRole('button', { name, exact: true });
      await expect.poll(() => button.getAttribute('aria-disabled'), { message: name }).toBe('true');
      await button.focus();
      await page
        .locator('[data-open]', { hasText: `You need the right ${right} for this.` })
        .last()
        .waitFor();
    }
  });

  test('2.6 is disabled, enabled, archived and deleted, each after a sentence of what follows', async () => {
    await createUser('leaver', { name: { familyName: 'Leaver' } });
    const page = await pages.asAdministrator(`${LIST}/leaver`);
    const dialog = page.getByRole('dialog');
    const act = async (name: string, consequence: RegExp) => {
      await page.getByRole('button', { name, exact: true }).click();
      await dialog.getByText(consequence).waitFor();
      if (name === 'Archive') await pages.check(page, 'user-archive');
      await dialog.getByRole('button', { name, exact: true }).dblclick();
      await dialog.waitFor({ state: 'detached' });
    };
    await act('Disable', /can no longer log in/);
    await act('Enable', /can log in again/);
    await act('Archive', /This is final/);
    await page.getByText('Archived').first().waitFor();
    expect((await pages.fixture.read(pathOf('leaver'))).body).toMatchObject({ userState: 'archived', version: 4 });
    await act('Delete', /deleted for ever/);
    await expect.poll(() => new URL(page.url()).pathname).toBe(LIST);
    expect((await pages.fixture.read(pathOf('leaver'))).status).toBe(404);
  });

  test('3.2 a conflict shows who changed what, and merges member by member', async () => {
    await createUser('shared', {
      name: { firstName: 'Old', familyName: 'Shared' },
      contacts: { email: 'old@acme.test' },
    });
    const page = await pages.asAdministrator(`${LIST}/shared`);
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('First name').fill('Mine');
    await dialog.getByLabel('City').fill('Bern');
    const token = await pages.app.token({ sub: 'colleague' });
    const body = { name: { firstName: 'Theirs' }, contacts: { email: 'new@acme.test' }, version: 1 };
    await send(pages.app, 'PATCH', pathOf('shared'), { token, body });
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByText('Somebody else has changed this meanwhile.').waitFor();
    await dialog.getByText('by colleague').waitFor();
    await dialog
      .getByRole('listitem')
      .filter({ hasText: /^First name: Old → to Theirs$/ })
      .waitFor();
    const save = dialog.getByRole('button', { name: 'Save the merged values' });
    expect(await save.isDisabled()).toBe(true);
    await pages.check(page, 'user-conflict');
    await dialog.getByRole('group', { name: 'First name' }).getByLabel('Theirs').check();
    await save.dblclick();
    await dialog.waitFor({ state: 'detached' });
    expect((await pages.fixture.read(pathOf('shared'))).body).toMatchObject({
      name: { firstName: 'Theirs', familyName: 'Shared' },
      contacts: { email: 'new@acme.test' },
      address: { city: 'Bern' },
      version: 3,
    });
  });

  test('is shown in German and in French', async () => {
    for (const [locale, title, archive] of [
      ['de-CH', 'Credentials', 'Archivieren'],
      ['fr-CH', 'Moyens d’authentification', 'Archiver'],
    ] as const) {
      const page = await pages.asAdministrator(`${LIST}/max`, {}, { locale });
      await page.getByRole('tab', { name: title }).waitFor();
      await page.getByRole('button', { name: archive, exact: true }).waitFor();
    }
  });
});
