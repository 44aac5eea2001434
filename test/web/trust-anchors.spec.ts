import { afterAll, beforeAll, expect, it } from 'vitest';

import { CORE } from '../support/http.js';
import { makeFile } from '../support/key-store-fixture.js';
import { type IssuedCertificate, testAuthority } from '../support/pki.js';
import { signCertificate } from '../support/signed-certificate.js';
import { crlDer } from '../support/signed-crl.js';
import { Pages } from './support/pages.js';

let pages: Pages;
let root: IssuedCertificate;
let issuing: IssuedCertificate;

beforeAll(async () => {
  pages = await Pages.start();
  root = await testAuthority({ name: 'Root', subject: [{ CN: ['Root'] }] });
  issuing = await testAuthority({ name: 'Issuing', issuer: root });
});

afterAll(async () => {
  await pages.close();
});

const file = (name: string, content: string | Buffer) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

const set = async (extId: string) => (await pages.fixture.read(`${CORE}/100/trust-anchor-sets/${extId}`)).body;

it('11.1 a set is created from PEM bundles that are dropped on the page', async () => {
  const page = await pages.asAdministrator('/console/100/trust-anchor-sets');
  await page.getByText('There are no trust-anchor sets yet').waitFor();
  await pages.check(page, 'trust-anchor-sets-empty');
  await page.getByRole('link', { name: 'New set' }).first().click();
  await page.getByLabel('External ID').fill('corporate');
  await page.getByLabel('Name').fill('Corporate');
  // As a browser does it when somebody drops a file.
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'bundle.pem'));
    return data;
  }, `some text\n${root.pem}\nmore text\n${issuing.pem}\n${root.pem}`);
  await page.getByText('Drop anchors here, or choose files').dispatchEvent('drop', { dataTransfer: transfer });
  await page.getByText('2 certificates were added. Save the set to keep them.').waitFor();
  await page.getByText('1 certificate is in the set already.').waitFor();
  await page.getByText('CN=Issuing').first().waitFor();
  await page
    .getByRole('row')
    .filter({ hasText: 'CN=Issuing' })
    .getByRole('button', { name: 'Make it an intermediate' })
    .click();
  await pages.check(page, 'trust-anchor-set-new');
  await page.getByRole('button', { name: 'Create the set' }).click();

  await page.getByRole('heading', { level: 1, name: 'Corporate' }).waitFor();
  expect(await page.getByText('Usable', { exact: true }).count()).toBe(2);
  const stored = await set('corporate');
  expect(stored.certificates.map(({ role, subjectDN }: Record<string, string>) => [role, subjectDN])).toEqual([
    ['anchor', expect.stringContaining('Root')],
    ['intermediate', expect.stringContaining('Issuing')],
  ]);
});

it('11.1 a file in DER is taken, and one without a certificate is named', async () => {
  const other = await testAuthority({ name: 'Other root' });
  const page = await pages.asAdministrator('/console/100/trust-anchor-sets/corporate');
  const anchors = page.locator('input[type=file]').first();
  await anchors.waitFor({ state: 'attached' });
  await anchors.setInputFiles([file('root.der', other.der), file('notes.txt', 'nothing')]);
  await page.getByText('No certificate is in: notes.txt').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect((await set('corporate')).certificates).toHaveLength(3);
  expect((await set('corporate')).anchors).toContain(other.pem.trim().split('\n')[1]);
});

it('11.1 nothing of a file with a private key is sent', async () => {
  const { p12 } = await makeFile('gateway.example');
  const page = await pages.asAdministrator('/console/100/trust-anchor-sets/corporate');
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  const anchors = page.locator('input[type=file]').first();
  await anchors.waitFor({ state: 'attached' });
  await anchors.setInputFiles(file('gateway.p12', p12));
  await page.getByText('No certificate is in: gateway.p12').waitFor();
  expect(sent).toEqual([]);
});

it('11.5 a CRL is stored at once, and the page says whether it counts', async () => {
  const page = await pages.asAdministrator('/console/100/trust-anchor-sets/corporate');
  await page.getByText('No CRLs.').waitFor();
  const crlOf = (issuer: string) => crlDer(signCertificate({ subject: issuer }));
  await page
    .locator('input[type=file]')
    .last()
    .setInputFiles([file('root ca.crl', crlOf('Root')), file('stranger.crl', crlOf('Stranger'))]);
  await page.getByText('2 CRLs were stored.').waitFor();
  await page.getByRole('row').filter({ hasText: 'root-ca' }).getByText('Counts').waitFor();
  await page.getByRole('row').filter({ hasText: 'stranger' }).getByText('Its issuer is not in the set.').waitFor();
  await pages.check(page, 'trust-anchor-set');
  await page.getByRole('button', { name: 'Delete the CRL stranger' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(async () => await page.getByRole('row').filter({ hasText: 'stranger' }).count()).toBe(0);
});

it('11.3 a set that a policy names is not deleted, and the dialog says so', async () => {
  await pages.fixture.patch(`${CORE}/100/policies/strict`, { parameters: { trustAnchors: 'corporate' } });
  const page = await pages.asAdministrator('/console/100/trust-anchor-sets');
  await page.getByRole('row').filter({ hasText: 'corporate' }).waitFor();
  await pages.check(page, 'trust-anchor-sets');
  await page.getByRole('link', { name: 'Corporate' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(async () => await page.getByRole('dialog').count()).toBe(0);
  expect((await set('corporate')).extId).toBe('corporate');
});

it('3.2 a set that somebody else has changed meanwhile is not overwritten', async () => {
  const page = await pages.asAdministrator('/console/100/trust-anchor-sets/corporate');
  await page.getByLabel('Description').fill('mine');
  await pages.fixture.patch(`${CORE}/100/trust-anchor-sets/corporate`, { description: 'theirs' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: /Load the newest version/ }).click();
  await expect.poll(async () => await page.getByLabel('Description').inputValue()).toBe('theirs');
});

it('11.1 without the right, nothing can be changed, and the page says which one is missing', async () => {
  const page = await pages.asAdministrator('/console/100/trust-anchor-sets/corporate', {
    roles: ['nevisIdm.Helpdesk'],
  });
  const save = page.getByRole('button', { name: 'Save' });
  await save.focus();
  await page.getByText('You need the right PolicyModify for this.').filter({ visible: true }).waitFor();
  expect(await page.locator('input[type=file]').count()).toBe(0);
});
