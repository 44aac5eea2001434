import { afterAll, beforeAll, expect, it } from 'vitest';

import { send } from '../support/http.js';
import { makeFile, type MadeFile } from '../support/key-store-fixture.js';
import { Pages } from './support/pages.js';

let pages: Pages;
let made: MadeFile;

beforeAll(async () => {
  pages = await Pages.start();
  made = await makeFile('gateway.example');
});

afterAll(async () => {
  await pages.close();
});

const file = (name: string, { p12 }: MadeFile) => ({ name, mimeType: 'application/x-pkcs12', buffer: p12 });

const stored = async () =>
  (await pages.fixture.read('/mtls/account/100/certificates')).body as { name: string; id: number }[];

it('L9 the content of a file is shown before it is stored', async () => {
  const page = await pages.asAdministrator('/console/100/key-stores');
  await page.getByText('There are no key stores yet').waitFor();
  await pages.check(page, 'key-stores-empty');
  await page.getByRole('button', { name: 'Upload a key store' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(file('gateway.p12', made));
  await dialog.getByRole('alert').waitFor();
  expect(await dialog.getByRole('button', { name: 'Store' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Password of the file').fill(made.password);
  await dialog.getByRole('button', { name: 'Look inside' }).click();
  await dialog.getByText('CN=gateway.example').waitFor();
  expect(await stored()).toEqual([]);
  await pages.check(page, 'key-store-upload');
  await dialog.getByRole('button', { name: 'Store' }).click();
  await page.getByRole('row').filter({ hasText: 'gateway' }).getByText('Available').waitFor();
  expect((await stored()).map(({ name }) => name)).toEqual(['gateway']);
});

it('L6 a key store is replaced under its id', async () => {
  const [before] = await stored();
  const page = await pages.asAdministrator('/console/100/key-stores');
  await page.getByRole('button', { name: 'Replace gateway' }).click();
  const dialog = page.getByRole('dialog');
  const newer = await makeFile('gateway-2.example', 'paw2', '2027-06-01T00:00:00Z');
  await dialog.getByLabel('Password of the file').fill(newer.password);
  await dialog.locator('input[type=file]').setInputFiles(file('newer.pfx', newer));
  await dialog.getByText('CN=gateway-2.example').waitFor();
  await dialog.getByRole('button', { name: 'Replace' }).click();
  await expect.poll(async () => await page.getByRole('dialog').count()).toBe(0);
  await page.getByText('1 Jun 2027').waitFor();
  expect(await stored()).toEqual([expect.objectContaining({ id: before?.id, name: 'gateway' })]);
  await pages.check(page, 'key-stores');
});

it('L4 a name that is taken is an error in the dialog, and nothing is stored', async () => {
  const page = await pages.asAdministrator('/console/100/key-stores');
  await page.getByRole('button', { name: 'Upload a key store' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password of the file').fill(made.password);
  await dialog.locator('input[type=file]').setInputFiles(file('gateway.p12', made));
  await dialog.getByText('CN=gateway.example').waitFor();
  await dialog.getByRole('button', { name: 'Store' }).click();
  await dialog.getByRole('alert').waitFor();
  expect(await stored()).toHaveLength(1);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
});

it('L8 a key store is deleted by keyboard, and is then among the deleted ones', async () => {
  const page = await pages.asAdministrator('/console/100/key-stores');
  await page.getByRole('button', { name: 'Delete gateway' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('There are no key stores yet').waitFor();
  expect(await stored()).toEqual([]);
  await page.getByLabel('Deleted ones too').check();
  await page.getByRole('row').filter({ hasText: 'gateway' }).getByText('Deleted').waitFor();
  expect(new URL(page.url()).searchParams.get('deleted')).toBe('1');
  await pages.check(page, 'key-stores-deleted');
});

it('L1 a name is searched for, and the search is in the address', async () => {
  const page = await pages.asAdministrator('/console/100/key-stores?deleted=1&name=nothing');
  await page.getByText('No key store matches these filters').waitFor();
  await page.getByLabel('Name').fill('gate');
  await page.getByRole('row').filter({ hasText: 'gateway' }).waitFor();
  expect(new URL(page.url()).searchParams.get('name')).toBe('gate');
});

it('L1 key stores are filtered by their status, which is in the address', async () => {
  const newer = await makeFile('other.example', 'paw2', '2027-06-01T00:00:00Z');
  const { token } = pages.fixture;
  const body = [{ name: 'other', p12: newer.p12.toString('base64'), password: newer.password }];
  await send(pages.app, 'POST', '/mtls/account/100/certificates', { token, body });
  const page = await pages.asAdministrator('/console/100/key-stores?status=Available');
  await page.getByRole('row').filter({ hasText: 'other' }).waitFor();
  await page.getByLabel('Status').selectOption('Unavailable');
  await page.getByText('No key store matches these filters').waitFor();
  expect(new URL(page.url()).searchParams.get('status')).toBe('UnAvailable');
  await page.getByLabel('Status').selectOption('Any');
  await page.getByRole('row').filter({ hasText: 'other' }).waitFor();
  expect(new URL(page.url()).search).toBe('');
});

it('L4 without the right to change key stores, the button says so', async () => {
  const claims = { roles: [], permissions: ['AccessControl.MtlsCertificateView'] };
  const page = await pages.asAdministrator('/console/100/key-stores', claims);
  await page.getByRole('row').filter({ hasText: 'other' }).waitFor();
  await page.getByRole('button', { name: 'Upload a key store' }).first().focus();
  await page.getByText('You need the right MtlsCertificateModify for this.').filter({ visible: true }).waitFor();
});

it('L9 what is larger than a key store may be is not sent, and Enter in the password looks inside', async () => {
  const page = await pages.asAdministrator('/console/100/key-stores');
  await page.getByRole('button', { name: 'Upload a key store' }).first().click();
  const sent: number[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.postDataBuffer()?.length ?? 0));
  const dialog = page.getByRole('dialog');
  const input = dialog.locator('input[type=file]');
  await input.setInputFiles({ ...file('large.p12', made), buffer: Buffer.alloc(256 * 1024 + 1) });
  await dialog.getByRole('alert').getByText('larger than 256 KiB').waitFor();
  expect(sent).toEqual([]);
  await input.setInputFiles(file('gateway.p12', made));
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Password of the file').fill(made.password);
  await page.keyboard.press('Enter');
  await dialog.getByText('CN=gateway.example').waitFor();
});
