import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toPem } from '../../src/x509/certificate/pem.js';
import { type Answer, CORE, send } from '../support/http.js';
import { authority, endEntity, type Issued } from '../support/signed-certificate.js';
import { crlDer, crlExtensions, revoked } from '../support/signed-crl.js';
import { Pages } from './support/pages.js';

const LIST = '/console/100/certificates';
const KEY_COMPROMISE = 1;

/** Markup, a character that turns the direction of the text, a homograph, and more than anybody reads. */
const MARKUP = '<img src=x onerror=alert(1)>';
const TURNED = 'abc\u202Egnp.exe';
const HOMOGRAPH = 'Аcme Bank';

const root = authority('Root');
const issuing = authority('Issuing', { issuer: root });
const stranger = authority('Stranger');

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  const [anchors, intermediates] = [toPem(root.der), toPem(issuing.der)];
  await ask('POST', '/100/trust-anchor-sets', { extId: 'set-1', name: 'Corporate', anchors, intermediates });
  const trusting = { trustAnchors: 'set-1', certificateUploadCheck: 'tolerant' };
  await createPolicy('trusting', trusting);
  await createPolicy('soft', { ...trusting, revocationCheck: 'soft' });
  await register('trusted', endEntity(issuing, { subject: 'Jane Trusted' }), 'trusting');
  await register('untrusted', endEntity(stranger, { subject: 'Jane Untrusted' }), 'trusting');
  const bad = endEntity(issuing, { subject: 'Jane Revoked' });
  await register('revoked', bad, 'soft');
  await putCrl(crlDer(issuing, { entries: [revoked(bad, crlExtensions.reason(KEY_COMPROMISE))] }));
});

afterAll(async () => {
  await pages.close();
});

async function ask(method: string, path: string, body: object, claims: object = {}): Promise<Answer> {
  const token = await pages.app.token({ ...claims });
  const answer = await send(pages.app, method, CORE + path, { token, body });
  if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

async function createPolicy(extId: string, parameters: object): Promise<void> {
  await ask('POST', '/100/policies', { policyType: 'CertificatePolicy', extId, name: extId, parameters });
}

async function register(extId: string, { der }: Issued, policyExtId: string): Promise<void> {
  await ask('POST', '/100/users/helper-7/certificates', { extId, certificate: toPem(der), policyExtId });
}

async function putCrl(der: Buffer): Promise<void> {
  const answer = await fetch(`${pages.app.url}${CORE}/100/trust-anchor-sets/set-1/crls/issuing`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${pages.fixture.token}`, 'content-type': 'application/pkix-crl' },
    body: new Uint8Array(der),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}

const addressOf = (extId: string, tab = 'overview') => `/console/100/users/helper-7/certificates/${extId}?tab=${tab}`;

test('7.1 a certificate that does not exist is said, without an offer to try again', async () => {
  const page = await pages.asAdministrator(addressOf('nowhere'));
  await page.getByRole('main').getByRole('alert').waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
});

describe('the list of certificates', () => {
  test('16.1 filters are in the address, and back returns to the former ones', async () => {
    const page = await pages.asAdministrator(LIST);
    await page.getByRole('link', { name: 'Jane Trusted' }).waitFor();
    await pages.check(page, 'certificates');
    await page.getByLabel('State', { exact: true }).selectOption('disabled');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByRole('link', { name: 'Jane Trusted' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Jane Untrusted' }).waitFor();
    expect(new URL(page.url()).search).toBe('?stateName=disabled');
    await page.getByRole('button', { name: 'Remove the filter State' }).click();
    await page.getByRole('link', { name: 'Jane Trusted' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Jane Trusted' }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('State', { exact: true }).inputValue()).toBe('disabled');
  });

  test('16.1 every filter of the address reaches the server, and its refusal is shown', async () => {
    const page = await pages.asAdministrator(`${LIST}?q=jane&expiresBefore=2028-01-01T00:00:00Z&serial=xyz`);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('serial');
    expect(await page.getByLabel('Serial number', { exact: true }).inputValue()).toBe('xyz');
    expect(await page.getByLabel('Validity ends before', { exact: true }).inputValue()).toBe('2028-01-01');
    await pages.check(page, 'certificates-error');
  });

  test('a search without a result says what to do', async () => {
    const page = await pages.asAdministrator(`${LIST}?q=nobody-has-this-name`);
    await page.getByText('No certificate matches these filters').waitFor();
    await page.getByRole('button', { name: 'Remove all filters' }).click();
    await page.getByRole('link', { name: 'Jane Trusted' }).waitFor();
  });

  test('8.1 certificates are counted when somebody asks for it', async () => {
    const page = await pages.asAdministrator(`${LIST}?q=jane+trusted`);
    await page.getByRole('button', { name: 'Count all' }).click();
    await page.getByText('1 in all').waitFor();
  });
});

describe('the page of a certificate', () => {
  test('15.2 the overview says whether it can log in, what it says, and who may do what next', async () => {
    const page = await pages.asAdministrator(addressOf('trusted'));
    await page.getByText('This certificate can log in.').waitFor();
    await page.getByText('Its owner can replace it, disable it or delete it.', { exact: false }).waitFor();
    await page.getByRole('definition').filter({ hasText: 'CN=Issuing' }).waitFor();
    await page.getByRole('button', { name: 'Copy the SHA-256 fingerprint' }).waitFor();
    await pages.check(page, 'certificate-overview');
  });

  test('6.3 the policy tab shows each rule, and what would help', async () => {
    const page = await pages.asAdministrator(addressOf('untrusted', 'policy'));
    const rules = page.getByRole('list', { name: 'Rules of the policy' }).getByRole('listitem');
    await rules.first().waitFor();
    expect(await rules.first().innerText()).toContain('not met');
    await page.getByText('What would help:').waitFor();
    await pages.check(page, 'certificate-policy');
  });

  test('14.1 the policy tab answers for an upload on another day, by its address', async () => {
    const page = await pages.asAdministrator(`${addressOf('trusted', 'policy')}&as=upload&at=2028-01-01T12:00:00Z`);
    await page.getByText('The policy would not accept this certificate as it is.').waitFor();
    await page.getByLabel('On', { exact: true }).fill('');
    await page.getByText('The policy would accept this certificate.').waitFor();
    expect(new URL(page.url()).searchParams.has('at')).toBe(false);
  });

  test('12.4 a proven path is drawn up to its anchor', async () => {
    const page = await pages.asAdministrator(addressOf('trusted', 'path'));
    const chain = page.getByRole('list', { name: 'Path from the certificate to its anchor' });
    await chain.waitFor();
    const links = await chain.getByRole('listitem').allInnerTexts();
    expect(links.map((text) => text.split('\n')[0])).toEqual(['Certificate', 'Issuing CA', 'Trust anchor']);
    await pages.check(page, 'certificate-path');
  });

  test('12.4 a path that is not proven shows what is wrong at which link', async () => {
    const page = await pages.asAdministrator(addressOf('untrusted', 'path'));
    const chain = page.getByRole('list', { name: 'Path from the certificate to its anchor' });
    const missing = chain.getByRole('listitem').last();
    await missing.getByText('Missing issuer').waitFor();
    expect(await missing.innerText()).toContain('CN=Stranger');
    await pages.check(page, 'certificate-path-broken');
  });

  test('13.5 a revoked certificate shows the evidence', async () => {
    const page = await pages.asAdministrator(addressOf('revoked', 'path'));
    await page.getByText('the private key is known to others').first().waitFor();
    await page.getByText('CN=Issuing', { exact: false }).first().waitFor();
    await pages.check(page, 'certificate-revoked');
  });

  test('its PEM can be downloaded', async () => {
    const page = await pages.asAdministrator(addressOf('trusted'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download PEM' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('trusted.pem');
  });

  test('4.3 a disabled button says which right is missing', async () => {
    const page = await pages.asAdministrator(addressOf('trusted'), { roles: ['nevisIdm.HistoryView'] });
    const button = page.getByRole('button', { name: 'Disable' });
    await button.waitFor();
    await button.focus();
    await page.getByText('You need the right CredentialModify for this.').filter({ visible: true }).waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
  });

  test('a certificate that does not exist is an error with a request id', async () => {
    const page = await pages.asAdministrator(addressOf('nothing'));
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/Request [0-9a-f-]+/);
    await pages.check(page, 'certificate-missing');
  });
});

describe('changes', () => {
  test('5.1 disabling and enabling by keyboard, with a comment that the history shows', async () => {
    await register('switched', endEntity(issuing, { subject: 'Jane Switched' }), 'trusting');
    const page = await pages.asAdministrator(addressOf('switched'));
    const opener = page.getByRole('button', { name: 'Disable' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Disable this certificate?' });
    await dialog.waitFor();
    await pages.check(page, 'certificate-disable');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => await opener.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Comment').fill('Lost laptop');
    await dialog.getByRole('button', { name: 'Disable' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    const versions = page.getByRole('list', { name: 'Versions, newest first' });
    const newest = versions.getByRole('listitem').first();
    await newest.getByText('Lost laptop').first().waitFor();
    expect(await newest.innerText()).toMatch(/State: Active.*→.*Disabled/s);
    await pages.check(page, 'certificate-history');
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();
  });

  test('3.2 a change of a stale version says who changed what meanwhile, and can go on from there', async () => {
    await register('contested', endEntity(issuing, { subject: 'Jane Contested' }), 'trusting');
    const page = await pages.asAdministrator(addressOf('contested'));
    await page.getByRole('button', { name: 'Disable' }).click();
    const change = { stateName: 'fail-locked', modificationComment: 'Suspicious logins' };
    await ask('PATCH', '/100/users/helper-7/certificates/contested', change, { sub: 'admin-2' });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Disable' }).click();
    const conflict = dialog.getByRole('alert');
    await conflict.getByText('admin-2').waitFor();
    expect(await conflict.innerText()).toContain('Locked after failed logins');
    expect(await conflict.innerText()).toContain('Suspicious logins');
    await pages.check(page, 'certificate-conflict');
    await dialog.getByRole('button', { name: 'Continue with version 2' }).click();
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { body } = await pages.fixture.read(`${pages.fixture.path()}/contested`);
    expect(body).toMatchObject({ version: 3, stateName: 'disabled' });
  });

  test('3.5 a certificate that somebody else changed is not deleted', async () => {
    await register('kept', endEntity(issuing, { subject: 'Jane Kept' }), 'trusting');
    const page = await pages.asAdministrator(addressOf('kept'));
    await page.getByRole('button', { name: 'Delete' }).click();
    const path = '/100/users/helper-7/certificates/kept';
    await ask('PATCH', path, { modificationComment: 'Keep it' }, { sub: 'admin-2' });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByText('Keep it').first().waitFor();
    await dialog.getByRole('button', { name: 'Continue with version 2' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Certificates' }).waitFor();
    expect((await pages.fixture.read(`${pages.fixture.path()}/kept`)).status).toBe(404);
  });

  test('5.2 a locked certificate can be unlocked', async () => {
    await register('locked', endEntity(issuing, { subject: 'Jane Locked' }), 'trusting');
    await ask('PATCH', '/100/users/helper-7/certificates/locked', { stateName: 'fail-locked' });
    const page = await pages.asAdministrator(addressOf('locked'));
    await page.getByText('This certificate cannot log in: the credential is locked.').waitFor();
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('This certificate can log in.').waitFor();
  });
});

describe('strings out of certificates', () => {
  test.each([
    ['markup', MARKUP],
    ['turned', TURNED],
    ['homograph', HOMOGRAPH],
    ['long', 'x'.repeat(16_000)],
  ])('%s is shown inert, in the list and on its page', async (extId, subject) => {
    await register(extId, endEntity(issuing, { subject }), 'trusting');
    const list = await pages.asAdministrator(`${LIST}?userExtId=helper-7`);
    await list.getByRole('table').waitFor();
    await pages.checkWidth(list, `certificates-${extId}`);
    const page = await pages.asAdministrator(addressOf(extId));
    await page.getByText('Fingerprint, SHA-256').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await pages.checkWidth(page, `certificate-${extId}`);
  });
});

describe('languages', () => {
  test.each([
    ['de-CH', 'Zertifikate', 'Mit diesem Zertifikat kann man sich anmelden.', 'Abmelden'],
    ['fr-CH', 'Certificats', 'Ce certificat permet de se connecter.', 'Se déconnecter'],
  ])('%s: the list, the page and what surrounds them are translated', async (locale, heading, sentence, signOut) => {
    const list = await pages.asAdministrator(LIST, {}, { locale });
    await list.getByRole('heading', { name: heading }).waitFor();
    await list.getByRole('button', { name: signOut }).waitFor();
    await list.getByRole('navigation').getByRole('link', { name: heading }).waitFor();
    await pages.checkWidth(list, `certificates-${locale}`);
    const page = await pages.asAdministrator(addressOf('trusted'), {}, { locale });
    await page.getByText(sentence).waitFor();
    await pages.checkWidth(page, `certificate-${locale}`);
  });
});
