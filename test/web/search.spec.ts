import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toPem } from '../../src/x509/certificate/pem.js';
import { CORE, send } from '../support/http.js';
import { authority, endEntity, type Issued } from '../support/signed-certificate.js';
import { Pages } from './support/pages.js';

type Page = Awaited<ReturnType<Pages['open']>>;

const HOME = '/console/100/certificates';
const issuing = authority('Issuing');
const jane = endEntity(issuing, { subject: 'Jane Doe' });
const john = endEntity(issuing, { subject: 'John Doe' });
const MARKUP = '<script>alert(1)</script>\u202Etfel';

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  await register('cert-jane', jane);
  await register('cert-john', john);
});

afterAll(async () => {
  await pages.close();
});

async function register(extId: string, { der }: Issued): Promise<void> {
  const body = { extId, certificate: toPem(der) };
  const { status } = await send(pages.app, 'POST', pages.fixture.path(), { token: pages.fixture.token, body });
  expect(status).toBe(201);
}

async function openSearch(): Promise<Page> {
  const page = await pages.asAdministrator(HOME);
  await page.getByRole('button', { name: 'Search by PEM' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Search' }).waitFor();
  return page;
}

const serialOf = ({ certificate }: Issued) => certificate.serial;

describe('the search of the console', () => {
  test('16.3 Ctrl K, a serial number and Enter lead to the certificate', async () => {
    const page = await openSearch();
    await pages.check(page, 'search-empty');
    await page.keyboard.type(`serial: ${serialOf(jane).toLowerCase()}`);
    const option = page.getByRole('option', { name: 'Jane Doe' });
    await option.waitFor();
    expect(await option.getAttribute('aria-selected')).toBe('true');
    await pages.check(page, 'search-serial');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Jane Doe' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/100/users/helper-7/certificates/cert-jane');
  });

  test('16.3 a PEM can be pasted', async () => {
    const page = await openSearch();
    await page.evaluate((text) => {
      document.execCommand('insertText', false, text);
    }, toPem(john.der));
    await page.getByRole('option', { name: 'John Doe' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'John Doe' }).waitFor();
  });

  test('16.3 results are grouped by what the text may be, and the arrow keys choose one', async () => {
    const page = await openSearch();
    const field = page.getByRole('combobox', { name: 'What do you have?' });
    await field.fill('Doe');
    await page.getByRole('option', { name: 'John Doe' }).waitFor();
    await page.getByRole('group', { name: 'Part of a name or a number' }).waitFor();
    await page.keyboard.press('ArrowDown');
    const chosen = page.getByRole('option', { selected: true });
    const first = await chosen.innerText();
    expect(await field.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
    await page.keyboard.press('ArrowUp');
    await expect.poll(async () => await chosen.innerText()).not.toBe(first);
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await pages.check(page, 'search-groups');
  });

  test('8.3 users are found by name, login ID, e-mail address and ID, and chosen with the keyboard', async () => {
    const { token } = pages.fixture;
    const body = {
      extId: 'u-4711',
      loginId: 'roejohn',
      name: { firstName: 'John', familyName: 'Roe' },
      contacts: { email: 'john@elsewhere.test' },
    };
    await send(pages.app, 'POST', `${CORE}/100/users`, { token, body });
    const page = await openSearch();
    for (const text of ['john ro', 'ROEJ', 'elsewhere', 'u-4711']) {
      await page.getByRole('combobox').fill(text);
      const users = page.getByRole('group', { name: 'Users' });
      await users.getByRole('option', { name: 'John Roe' }).waitFor();
      if (text === 'elsewhere') await pages.check(page, 'search-users');
    }
    await page.getByRole('combobox').fill('Roe');
    const option = page.getByRole('option', { name: 'John Roe' });
    // Until the answer is there, the results of the text before are shown, and none of them is chosen.
    await page.getByText('Searching…').waitFor({ state: 'detached' });
    await option.waitFor();
    await expect
      .poll(async () => {
        if ((await option.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
        return await option.getAttribute('aria-selected');
      })
      .toBe('true');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'John Roe' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/100/users/u-4711');
    const listed = await pages.asAdministrator('/console/100/search?text=elsewhere');
    await listed.getByRole('link', { name: 'John Roe' }).waitFor();
    await pages.check(listed, 'search-page-users');
  });

  test('4.3 without the right to list users, the search finds certificates only', async () => {
    const claims = { roles: [], permissions: ['AccessControl.CredentialView'] };
    const page = await pages.asAdministrator(HOME, claims);
    await page.getByRole('button', { name: 'Search by PEM' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'What do you have?' }).fill('Doe');
    await page.getByRole('option', { name: 'John Doe' }).waitFor();
    expect(await page.getByRole('group', { name: 'Users' }).count()).toBe(0);
  });

  test('Escape closes the search only, and the focus returns', async () => {
    const page = await pages.asAdministrator(HOME);
    const opener = page.getByRole('button', { name: 'Search by PEM' });
    await opener.click();
    const dialog = page.getByRole('dialog', { name: 'Search' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('16.3 a private key is neither sent nor put into the address', async () => {
    const page = await openSearch();
    const sent: string[] = [];
    page.on('request', (request) => void sent.push(`${request.url()} ${request.postData() ?? ''}`));
    await page.getByRole('combobox').fill('-----BEGIN PRIVATE KEY-----MC4CAQAwBQ==-----END PRIVATE KEY-----');
    await page.getByText('This is a private key. It was not sent.', { exact: false }).waitFor();
    await page.keyboard.press('Enter');
    expect(page.url()).not.toContain('PRIVATE');
    expect(sent.join('\n')).not.toContain('PRIVATE');
  });

  test('a text that finds nothing says so', async () => {
    const page = await openSearch();
    await page.getByRole('combobox').fill('nobody has this name');
    await page.getByText('Nothing was found for this text.').waitFor();
  });
});

describe('the page of a search', () => {
  test('16.3 the text is in the address, and each reading is listed', async () => {
    const page = await pages.asAdministrator('/console/100/search?text=helper-7');
    await page.getByRole('heading', { name: 'ID of a user' }).waitFor();
    await page.getByRole('link', { name: 'User helper-7' }).waitFor();
    await page.getByRole('link', { name: 'Jane Doe' }).first().waitFor();
    await pages.check(page, 'search-page');
    await page.getByLabel('What do you have?').fill('John');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByRole('heading', { name: 'ID of a user' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('text')).toBe('John');
    await page.goBack();
    await page.getByRole('heading', { name: 'ID of a user' }).waitFor();
  });

  test('15.4 the reference of a refused login shows why it was refused', async () => {
    const { token } = pages.fixture;
    const path = `${pages.fixture.path()}/cert-john`;
    await send(pages.app, 'PATCH', path, { token, body: { stateName: 'disabled' } });
    const body = { certificate: toPem(john.der) };
    const login = await send(pages.app, 'POST', `${CORE}/100/certificate-logins`, { token, body });
    const reference = String((login.body as { reference?: string }).reference);
    const page = await openSearch();
    await page.getByRole('combobox').fill(reference.toLowerCase());
    await page.getByRole('option', { name: 'Login refused' }).click();
    await page.getByText('This certificate cannot log in: the credential or its user is not active.').waitFor();
    await pages.check(page, 'search-refused-login');
    await page.getByRole('link', { name: 'Open the certificate as it is now' }).click();
    await page.getByRole('heading', { name: 'John Doe' }).waitFor();
  });

  test('16.3 markup and invisible characters of names are shown inert', async () => {
    await register('cert-markup', endEntity(issuing, { subject: MARKUP }));
    const page = await openSearch();
    await page.getByRole('combobox').fill('cert-markup');
    await page.getByRole('option', { name: '<script>' }).waitFor();
    await pages.check(page, 'search-markup');
  });

  test.each([
    ['de-CH', 'Nichts gefunden'],
    ['fr-CH', 'Rien n’a été trouvé'],
  ])('%s: it is translated', async (locale, sentence) => {
    const page = await pages.asAdministrator('/console/100/search?text=nobody-has-this-name', {}, { locale });
    await page.getByText(sentence).first().waitFor();
    await pages.checkWidth(page, `search-${locale}`);
  });
});
