import type { Page } from 'playwright-core';

import { type Answer, send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';
import { Pages } from './support/pages.js';

export const PASSWORD = 'correct horse battery staple';

/** As a telephone shows it. */
export const TELEPHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const;

/** When the certificates of the tests end: 23 days after the time of the test. */
const SOON = '2026-06-25T00:00:00Z';

/** Jane has a password, and certificates as the tests need them. */
export class MyPages {
  private constructor(readonly pages: Pages) {}

  static async start(settings: Parameters<typeof Pages.start>[0] = {}): Promise<MyPages> {
    const made = new MyPages(await Pages.start(settings));
    const parameters = { tmpLockingThreshold: '2', tmpLockingDuration: '60000', maxCredFailureCount: '3' };
    const policy = { policyType: 'PwdPolicy', name: 'passwords', extId: 'passwords', parameters, defaultPolicy: true };
    await made.administrator('POST', '/nevisidm/api/core/v1/100/policies', policy);
    await made.setPassword('helper-7');
    return made;
  }

  async setPassword(userExtId: string): Promise<void> {
    await this.administrator('POST', this.path(userExtId, 'password'), { password: PASSWORD });
  }

  /** A certificate of Jane that ends soon. */
  async register(extId: string, members: object = {}, userExtId = 'helper-7'): Promise<void> {
    const { pem } = await issueCertificate({
      subject: [{ O: ['Acme AG'] }, { CN: ['Jane Doe'] }],
      notAfter: SOON,
      extensions: { extendedKeyUsage: ['clientAuth'], subjectKeyIdentifier: true },
    });
    await this.administrator('POST', this.path(userExtId, 'certificates'), { extId, certificate: pem, ...members });
  }

  async read(extId: string, userExtId = 'helper-7'): Promise<Answer['body']> {
    return (await this.administrator('GET', this.path(userExtId, `certificates/${extId}`))).body;
  }

  async change(extId: string, members: object): Promise<void> {
    await this.administrator('PATCH', this.path('helper-7', `certificates/${extId}`), members);
  }

  path(userExtId: string, rest: string): string {
    return `/nevisidm/api/core/v1/100/users/${userExtId}/${rest}`;
  }

  async administrator(method: string, path: string, body?: object): Promise<Answer> {
    const { app, token } = this.pages.fixture;
    const answer = await send(app, method, path, { token, ...(body === undefined ? {} : { body }) });
    if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
    return answer;
  }
}

/** A file with a new certificate of Jane, in DER. */
export async function newFile(name = 'jane.crt') {
  const { der } = await issueCertificate({
    subject: [{ O: ['Acme AG'] }, { CN: ['Jane Doe'] }],
    notAfter: '2027-05-01T00:00:00Z',
    extensions: { extendedKeyUsage: ['clientAuth'], subjectKeyIdentifier: true },
  });
  return { name, mimeType: 'application/octet-stream', buffer: der };
}

export async function enterPassword(page: Page, password = PASSWORD): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Enter your password' });
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
}

/** Chooses a file on the page of a replacement, up to the verdict. */
export async function chooseFile(page: Page, file: Awaited<ReturnType<typeof newFile>>): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('You can use this certificate').waitFor();
}

/** The requests of a page with this method, without dry runs. */
export function countRequests(page: Page, method: string): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.method() === method && !request.url().includes('dryRun')) count += 1;
  });
  return () => count;
}
