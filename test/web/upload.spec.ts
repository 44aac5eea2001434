import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { send } from '../support/http.js';
import { Pages } from './support/pages.js';

const UPLOAD = '/console/100/users/helper-7/upload';
const KEY = '-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n';

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
});

afterAll(async () => {
  await pages.close();
});

const replacementOf = (extId: string) => `/console/100/users/helper-7/certificates/${extId}/replace`;

/** Bodies of the requests that write, apart from dry runs and explanations. */
function writesOf(page: Page): string[] {
  const bodies: string[] = [];
  page.on('request', (request) => {
    const isWrite = ['POST', 'PATCH'].includes(request.method());
    const { pathname, search } = new URL(request.url());
    if (isWrite && search === '' && !pathname.endsWith('/explain')) bodies.push(request.postData() ?? '');
  });
  return bodies;
}

async function issued(days = 365): Promise<string> {
  const notBefore = new Date('2026-01-01T00:00:00Z');
  const notAfter = new Date(notBefore.getTime() + days * 86_400_000);
  return await pages.fixture.pem('Jane Doe', { notBefore, notAfter });
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----[A-Z ]+-----/g, ''), 'base64');
}

describe('adding a certificate', () => {
  test('a file that misses the area is not opened in place of the page', async () => {
    const page = await pages.asAdministrator(UPLOAD);
    const heading = page.getByRole('heading', { level: 1 });
    await heading.waitFor();
    await page.getByText('As soon as there is a certificate').waitFor();
    const wasRefused = await heading.evaluate((element) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.pem'));
      return ['dragover', 'drop'].map(
        (type) => !element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })),
      );
    });
    expect(wasRefused).toEqual([true, true]);
  });

  test('1.4 a DER file is evaluated at once, and added once by a double click', async () => {
    const page = await pages.asAdministrator(UPLOAD);
    const writes = writesOf(page);
    await page.getByText('As soon as there is a certificate').waitFor();
    const save = page.getByRole('button', { name: 'Add the certificate' });
    expect(await save.isDisabled()).toBe(true);
    await pages.check(page, 'upload');
    const pem = await issued();
    const file = { name: 'jane.der', mimeType: 'application/octet-stream', buffer: derOf(pem) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('This certificate would be accepted.').waitFor();
    await page.getByText('From the file jane.der').waitFor();
    expect(writes).toEqual([]);
    await save.dblclick();
    await page.waitForURL(/\/users\/helper-7\/certificates\/[^/]+$/);
    expect(writes).toHaveLength(1);
    const extId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect((await pages.fixture.read(`${pages.fixture.path()}/${extId}`)).body).toMatchObject({ certificate: pem });
  });

  test('6.3 a refusal says rule by rule why, and what would make it pass', async () => {
    const page = await pages.asAdministrator(UPLOAD);
    await page.getByLabel('Or paste it').fill(await issued(825));
    await page.getByText('This certificate would be accepted.').waitFor();
    await page.getByLabel('Policy').selectOption('strict');
    await page.getByText('This certificate would be refused.').waitFor();
    await page.getByText('What stands in the way').waitFor();
    await page.getByText('Length of the validity').waitFor();
    await page
      .getByText(/at most 397 days/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Add the certificate' }).isDisabled()).toBe(true);
    await pages.check(page, 'upload-refused');
    await page.getByLabel('Policy').selectOption('tolerant');
    await page.getByText('would be stored, but disabled').waitFor();
  });

  test('a private key stays in the browser', async () => {
    const page = await pages.asAdministrator(UPLOAD);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await page.getByLabel('Or paste it').fill(KEY);
    await page.getByText('This is a private key. Keep it secret').waitFor();
    const pem = await issued();
    const both = {
      name: 'both.pem',
      mimeType: 'text/plain',
      buffer: Buffer.from(`\uFEFF${KEY.replaceAll('\n', '\r\n')}${pem}`),
    };
    await page.locator('input[type=file]').setInputFiles(both);
    await page.getByText('It stays in your browser').waitFor();
    await page.getByText('This certificate would be accepted.').waitFor();
    expect(sent.join('\n')).not.toContain('PRIVATE KEY');
  });

  test('a certificate that is registered already is refused before it is sent', async () => {
    const certificate = await pages.fixture.pem('twice');
    await pages.fixture.register('twice', { certificate });
    const page = await pages.asAdministrator(UPLOAD);
    await page.getByLabel('Or paste it').fill(certificate);
    await page.getByText('This certificate would be refused.').waitFor();
  });

  test('4.3 without the right to add, the button names it and nothing is evaluated', async () => {
    const page = await pages.asAdministrator(UPLOAD, { roles: ['nevisIdm.Helpdesk'], permissions: [] });
    const save = page.getByRole('button', { name: 'Add the certificate' });
    await expect.poll(() => save.getAttribute('aria-disabled')).toBe('true');
    await save.focus();
    await page.getByText('You need the right CredentialCreate for this.').filter({ visible: true }).waitFor();
  });
});

describe('replacing a certificate', () => {
  test('names the version that it is based on, and is sent once', async () => {
    const path = await pages.fixture.register('replaced');
    const page = await pages.asAdministrator(replacementOf('replaced'));
    const writes = writesOf(page);
    const pem = await issued();
    await page.getByLabel('Or paste it').fill(pem);
    await page.getByLabel('Comment on this change').fill('Renewed');
    await page.getByText('This certificate would be accepted.').waitFor();
    await pages.check(page, 'replace');
    await page.getByRole('button', { name: 'Replace the certificate' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/certificates\/replaced$/);
    expect(writes.map((body) => JSON.parse(body) as object)).toEqual([
      { certificate: pem, modificationComment: 'Renewed', version: 1 },
    ]);
    expect((await pages.fixture.read(path)).body).toMatchObject({ certificate: pem, version: 2 });
  });

  test('3.2 a conflict shows who changed what meanwhile, and keeps of each member theirs or mine', async () => {
    const path = await pages.fixture.register('contested');
    const page = await pages.asAdministrator(replacementOf('contested'));
    const mine = await issued();
    await page.getByLabel('Or paste it').fill(mine);
    await page.getByText('This certificate would be accepted.').waitFor();
    const body = { certificate: await issued(), stateName: 'disabled', version: 1 };
    await send(pages.app, 'PATCH', path, { token: await pages.app.token({ sub: 'colleague' }), body });
    await page.getByRole('button', { name: 'Replace the certificate' }).dblclick();
    await page.getByText('Somebody else has changed this meanwhile.').waitFor();
    await page.getByText('by colleague').waitFor();
    await pages.check(page, 'replace-conflict');
    const save = page.getByRole('button', { name: 'Save the merged values' });
    expect(await save.isDisabled()).toBe(true);
    await page.getByRole('group', { name: 'Certificate' }).getByLabel('Mine').check();
    await save.dblclick();
    await page.waitForURL(/\/certificates\/contested$/);
    expect((await pages.fixture.read(path)).body).toMatchObject({
      certificate: mine,
      stateName: 'disabled',
      version: 3,
    });
  });

  test('a credential that does not exist is an error with its request id', async () => {
    const page = await pages.asAdministrator(replacementOf('nobody'));
    await page.getByRole('alert').waitFor();
    await page.getByText(/^Request /).waitFor();
  });
});
