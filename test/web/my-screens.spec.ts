import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { issueCertificate } from '../support/pki.js';
import { chooseFile, MyPages, newFile } from './my-fixture.js';

describe('the screens of self-service', () => {
  let my: MyPages;

  beforeAll(async () => {
    my = await MyPages.start();
    await my.register('soon');
    await my.register('off');
    await my.change('off', { stateName: 'disabled' });
    await my.register('new', { stateName: 'initial' });
    await my.register('locked');
    await my.change('locked', { stateName: 'fail-locked' });
    // A name in two scripts, with a right-to-left override and markup.
    const { pem } = await issueCertificate({
      subject: [{ CN: ['J\u0430ne \u202Eeod <b>Doe</b> '.repeat(12)] }],
      notAfter: '2026-12-01T00:00:00Z',
    });
    await my.administrator('POST', my.path('helper-7', 'certificates'), { extId: 'deceiving', certificate: pem });
  });

  afterAll(async () => {
    await my.pages.close();
  });

  it('my certificates, in every state, and the questions before one is switched off or deleted', async () => {
    const page = await my.pages.asUser();
    await page.getByText('Locked', { exact: true }).waitFor();
    await page.getByText('U+202E').first().waitFor();
    // As its subject and as its issuer.
    await expect
      .poll(async () => await page.getByRole('button', { name: /^Show all \d+ characters$/ }).count())
      .toBe(2);
    expect(await page.locator('article b').count()).toBe(0);
    await my.pages.check(page, 'my');
    await page.getByRole('button', { name: 'Switch off Jane Doe' }).first().click();
    await page.getByText('you cannot switch it on again yourself').waitFor();
    await my.pages.check(page, 'my-switch-off');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Delete Jane Doe' }).first().click();
    await page.getByText('you need another way to sign in').waitFor();
    await my.pages.check(page, 'my-delete');
  });

  it('a replacement: the file, the verdict, the password', async () => {
    const page = await my.pages.asUser('/my/certificates/soon');
    await page.getByText('Choose your new certificate').waitFor();
    await page.getByText('Paste the text instead').click();
    await my.pages.check(page, 'my-replace');
    await chooseFile(page, await newFile());
    await my.pages.check(page, 'my-verdict');
    await page.getByRole('button', { name: 'Replace the old one' }).click();
    await page.getByRole('dialog').getByLabel('Password').waitFor();
    await my.pages.check(page, 'my-password-question');
  });

  it('a certificate that the policy refuses, with every reason in words', async () => {
    const parameters = { requiredExtendedKeyUsage: 'clientAuth', maxValidityDays: '397', keyTypes: 'EC:P-384' };
    await my.administrator('PATCH', '/nevisidm/api/core/v1/100/policies/default', { parameters });
    const page = await my.pages.asUser('/my/add');
    const { pem } = await issueCertificate({ subject: [{ CN: ['Jane Doe'] }], notAfter: '2030-01-01T00:00:00Z' });
    await page.getByText('Paste the text instead').click();
    await page.getByLabel('The text of the certificate').fill(pem);
    await page.getByRole('button', { name: 'Read it' }).click();
    await page.getByText('This certificate cannot be used here').waitFor();
    await page.getByText('It does not say that it is for signing in').waitFor();
    await page.getByText('Its key is too weak').waitFor();
    await page.getByText('Ask for one that is valid for 397 days at most').waitFor();
    await page.getByText('Details for your administrator').click();
    await my.pages.check(page, 'my-refused');
    await my.administrator('PATCH', '/nevisidm/api/core/v1/100/policies/default', { parameters: {} });
  });

  it('a file with a private key is not sent, and the page says so', async () => {
    const page = await my.pages.asUser('/my/add');
    const input = page.locator('input[type=file]');
    await input.waitFor({ state: 'attached' });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    const text = ['-----BEGIN PRIVATE KEY-----', 'MC4CAQAwBQYDK2VwBCIEIA==', '-----END PRIVATE KEY-----'].join('\n');
    await input.setInputFiles({ name: 'jane.pem', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.getByText('It contains your private key. Nothing was sent.').waitFor();
    expect(sent).toEqual([]);
    await my.pages.check(page, 'my-private-key');
  });

  it('the password, the details, and a user who has nothing yet', async () => {
    const page = await my.pages.asUser('/my/password');
    await page.getByLabel('Current password').waitFor();
    await my.pages.check(page, 'my-password');
    const details = await my.pages.asUser('/my/details');
    await details.getByLabel('First name').waitFor();
    await my.pages.check(details, 'my-details');
    await my.pages.fixture.builders.user('100', 'nobody');
    const empty = await my.pages.asUser('/my/', { sub: 'nobody' });
    await empty.getByText('You have no certificate here yet').waitFor();
    await my.pages.check(empty, 'my-empty');
  });

  it.each([
    ['de-CH', 'Meine Zertifikate', 'Ersetzen'],
    ['fr-CH', 'Mes certificats', 'Remplacer'],
  ])('the page is in the language of the browser: %s', async (locale, title, replace) => {
    const page = await my.pages.asUser('/my/', {}, { locale });
    await page.getByRole('heading', { name: title }).waitFor();
    await page.getByText(replace, { exact: true }).first().waitFor();
    await my.pages.checkWidth(page, `my-${locale}`);
  });
});

describe('the texts of self-service', () => {
  const folder = join(import.meta.dirname, '..', '..', 'web', 'src', 'features', 'my', 'locales');

  it.each(readdirSync(folder))('%s has every text', (file) => {
    const texts = readFileSync(join(folder, file), 'utf8').matchAll(/^msgid "(.+)"\nmsgstr "(.*)"$/gm);
    expect([...texts].filter(([, , text]) => text === '').map(([, id]) => id)).toEqual([]);
  });
});
