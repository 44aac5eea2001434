import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import openapi from '../../docs/openapi.json' with { type: 'json' };
import { toPem } from '../../src/x509/certificate/pem.js';
import { MAX_CHOSEN } from '../../web/src/features/bulk/selection.js';
import { BulkFixture } from '../support/bulk-fixture.js';
import { type Answer, CORE, send } from '../support/http.js';
import { authority, endEntity } from '../support/signed-certificate.js';
import { Pages } from './support/pages.js';

const issuing = authority('Compromised');
const FILTER = 'issuerDN=CN%3DCompromised';
const LIST = `/console/100/certificates?${FILTER}`;
const COUNT = 30;

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  for (let index = 0; index < COUNT; index += 1) {
    const keys = generateKeyPairSync('ec', { namedCurve: index === 0 ? 'P-256' : 'P-384' });
    const certificate = toPem(endEntity(issuing, { subject: `Person ${index}`, keys }).der);
    await ask('POST', '/100/users/helper-7/certificates', { extId: `c${index}`, certificate });
  }
  // It refuses one of them.
  const parameters = { keyTypes: 'EC:P-384', certificateUploadCheck: 'strict', maxValidityDays: '36500' };
  await ask('POST', '/100/policies', {
    policyType: 'CertificatePolicy',
    extId: 'p384',
    name: 'At least P-384',
    parameters,
  });
});

afterAll(async () => {
  await pages.close();
});

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const token = pages.fixture.token;
  const answer = await send(pages.app, method, CORE + path, body === undefined ? { token } : { token, body });
  if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

const read = async (extId: string) => (await ask('GET', `/100/users/helper-7/certificates/${extId}`)).body;

describe('17.1 changing many certificates', () => {
  test('17.1 17.3 a filter is counted, changed with a comment, and undone; a refused row says why', async () => {
    const page = await pages.asAdministrator(LIST);
    await page.getByRole('link', { name: 'Change all…' }).click();
    await page.getByLabel('Action').selectOption('Move to a policy');
    await page.getByLabel('Policy').selectOption('At least P-384');
    await page.getByRole('table', { name: 'Will be refused' }).waitFor();
    const numbers = await page.getByRole('status').filter({ hasText: 'Will be moved' }).innerText();
    expect(numbers.match(/\d+/g)).toEqual([String(COUNT), String(COUNT - 1), '0', '1']);
    await pages.check(page, 'bulk-preview');
    await page.getByLabel('Comment').fill('The issuer is compromised.');
    await page.getByRole('button', { name: 'Move to a policy…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Move 29 certificates to the policy?' });
    await dialog.getByText('1 other certificate will be refused and stays as it is.').waitFor();
    await pages.check(page, 'bulk-confirm');
    await dialog.getByRole('button', { name: 'Move to a policy' }).click();
    await page.getByRole('heading', { name: 'Move to a policy: Completed' }).waitFor();
    const results = page.getByRole('table', { name: 'Results' });
    await results.getByText('c0', { exact: true }).waitFor();
    expect(await results.locator('tbody tr').count()).toBe(1);
    expect(await read('c1')).toMatchObject({
      policyExtId: 'p384',
      modificationComment: 'The issuer is compromised.',
    });
    expect(await read('c0')).toMatchObject({ policyExtId: 'default' });
    await pages.check(page, 'bulk-result');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download results' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(COUNT + 1);
    await page.getByRole('button', { name: /^Undo \(another \d+ min\)/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByRole('heading', { name: 'Undo: Completed' }).waitFor();
    await page.getByRole('link', { name: 'the former job' }).waitFor();
    expect(await read('c1')).toMatchObject({ policyExtId: 'default', stateName: 'active' });
    await pages.check(page, 'bulk-undone');
  });

  test('17.1 chosen rows are changed alone', async () => {
    const page = await pages.asAdministrator(LIST);
    await page.getByRole('checkbox', { name: 'Choose Person 3', exact: true }).check();
    await page.getByRole('link', { name: 'Change chosen (1)…' }).click();
    await page.getByRole('table', { name: 'Selected certificates' }).waitFor();
    const { search, hash } = new URL(page.url());
    // The server does not see the ids, of which an address may have thousands.
    expect([search, hash]).toEqual(['', '#id=c3']);
    const selected = await page.getByRole('table', { name: 'Selected certificates' }).locator('tbody').innerText();
    expect(selected).toContain('Person 3');
  });

  test('17.1 as many rows can be chosen as a job takes', () => {
    expect(MAX_CHOSEN).toBe(openapi.components.schemas.BulkDto.properties.ids.maxItems);
  });

  test('17.2 a running job can be left, found again and stopped', async () => {
    const bulk = await BulkFixture.of(pages.fixture);
    await bulk.hold();
    const page = await pages.asAdministrator(LIST);
    await page.getByRole('link', { name: 'Change all…' }).click();
    await page.getByRole('button', { name: 'Disable…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('heading', { name: 'Disable: Running' }).waitFor();
    await pages.check(page, 'bulk-running');
    await page.getByRole('navigation').getByRole('link', { name: 'Bulk changes' }).first().click();
    await page.getByRole('table', { name: 'Bulk changes' }).getByRole('link', { name: 'Disable' }).first().waitFor();
    await pages.check(page, 'bulk-jobs');
    await page.getByRole('row').filter({ hasText: 'Running' }).getByRole('link').click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('heading', { name: 'Disable: Stopped' }).waitFor();
    await bulk.release();
    expect(await read('c1')).toMatchObject({ stateName: 'active' });
  });

  test('17.1 without a right, the button says which one is missing', async () => {
    const permissions = { roles: [], permissions: ['AccessControl.CredentialView', 'AccessControl.ClientView'] };
    const page = await pages.asAdministrator(`/console/100/bulk/new?${FILTER}`, permissions);
    const button = page.getByRole('button', { name: 'Disable…' });
    await button.hover();
    await page.getByText('You need the right CredentialModify for this.').filter({ visible: true }).waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
  });

  test('17.1 a refusal of the server is shown with its request id', async () => {
    const page = await pages.asAdministrator('/console/100/bulk/new?serial=xyz');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/serial[\s\S]*Request /);
  });
});

describe('17.1 an incident', () => {
  test('17.1 shows what depends on an issuer before anything is done', async () => {
    const page = await pages.asAdministrator('/console/100/bulk/incident');
    await page.getByLabel('Value').fill('CN=Compromised');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('Never used').waitFor();
    const numbers = await page.getByRole('status').filter({ hasText: 'Never used' }).innerText();
    expect(numbers).toMatch(/Certificates\s+30\s+Users\s+1/);
    await page.getByText('After an upgrade, certificates may be missing here.').waitFor();
    expect(await page.locator('nav [aria-current=page]').innerText()).toBe('Bulk changes');
    await pages.check(page, 'incident');
    await page.getByRole('link', { name: 'Change all…' }).click();
    await page.getByText('Will be disabled').waitFor();
  });

  test('17.1 starts from a certificate', async () => {
    const page = await pages.asAdministrator('/console/100/bulk/incident');
    await page.getByText('Start from a certificate').click();
    await page.getByLabel('Certificate (PEM)').fill(toPem(issuing.der));
    await page.getByRole('button', { name: 'Read' }).click();
    await page.getByRole('button', { name: 'Issued by this certificate' }).click();
    await page.getByText('Never used').waitFor();
    expect(new URL(page.url()).searchParams.get('issuerDN')).toBe('CN=Compromised');
  });
});

test('17.4 of a file that cannot be read, only the reason is shown', async () => {
  const page = await pages.asAdministrator('/console/100/bulk/import');
  const buffer = Buffer.from('color\r\nred\r\n');
  await page.locator('input[type=file]').setInputFiles({ name: 'colors.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('alert').waitFor();
  expect(await page.getByText('Will be changed').count()).toBe(0);
  expect(await page.getByText('There is no such row').count()).toBe(0);
});

test('17.4 each line of a file is shown before it is imported', async () => {
  const page = await pages.asAdministrator('/console/100/bulk/import');
  const csv = 'userExtId,loginId\r\nimported-1,imported-1\r\nimported-2,\r\n';
  const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('All 2 lines were read.').waitFor();
  await pages.check(page, 'import-preview');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('heading', { name: 'Import: Completed' }).waitFor();
  await pages.check(page, 'import-result');
});

test('17.4 the refused lines of a file can be shown alone', async () => {
  const page = await pages.asAdministrator('/console/100/bulk/import');
  const lines = Array.from({ length: 150 }, (_, index) => `many-${index},${index === 140 ? '' : `many-${index}`}\r\n`);
  const csv = `userExtId,loginId\r\n${lines.join('')}`;
  const file = { name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('All 150 lines were read.').waitFor();
  await page.getByLabel('Shown').selectOption('Refused');
  const rows = page.getByRole('table', { name: 'Preview' }).locator('tbody tr');
  await expect.poll(async () => await rows.count()).toBe(1);
  expect(await rows.innerText()).toContain('many-140');
});

test.each([
  ['between two lines', '{"position":1,"result":"changed"}\n'],
  ['within a line', '{"position":1,"result":"changed"}\n{"posit'],
  ['before the first line', ''],
])('17.4 an answer that breaks off %s says so, and what helps', async (_, body) => {
  const page = await pages.asAdministrator('/console/100/bulk/import');
  await page.route('**/import?dryRun=true', async (route) => {
    await route.fulfill({ contentType: 'application/x-ndjson', body });
  });
  const buffer = Buffer.from('userExtId,loginId\r\nimported-3,imported-3\r\n');
  await page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.innerText()).toMatch(/broke off before its end.*Nothing was changed: try again/s);
  expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
});
