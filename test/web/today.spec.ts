import { afterAll, beforeAll, expect, test } from 'vitest';

import { send } from '../support/http.js';
import { Pages } from './support/pages.js';

const TODAY = '/console/100/today';

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  const { fixture } = pages;
  const dueIn = async (days: number) =>
    await fixture.pem('due', {
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: new Date(pages.app.clock.now().getTime() + days * 86_400_000),
    });
  await fixture.register('due-5', { certificate: await dueIn(5) });
  await fixture.register('due-20', { certificate: await dueIn(20) });
  await fixture.register('past', { certificate: await dueIn(-1) });
  const certificate = await fixture.pem('long', { notAfter: '2030-01-01T00:00:00Z' });
  await fixture.register('long', { certificate, policyExtId: 'tolerant' });
  await fixture.register('locked', { stateName: 'fail-locked' });
  const body = { certificate: await fixture.pem('other', { notAfter: '2030-01-01T00:00:00Z' }), policyExtId: 'strict' };
  await send(pages.app, 'POST', fixture.path(), { token: fixture.token, body });
});

afterAll(async () => {
  await pages.close();
});

test('16.1 each number is a link to the list of what it counts', async () => {
  const page = await pages.asAdministrator(TODAY);
  for (const [name, filters] of [
    ['1 within 7 days', ['expiresAfter', 'expiresBefore']],
    ['2 within 30 days', ['expiresAfter', 'expiresBefore']],
    ['2 within 90 days', ['expiresAfter', 'expiresBefore']],
    ['1 disabled by their policy', ['stateName', 'reason']],
    ['0 disabled because they were revoked', ['stateName', 'reason']],
    ['1 locked after failed logins', ['stateName']],
    ['0 locked for a while', ['stateName']],
  ] as const) {
    const href = await page.getByRole('link', { name }).getAttribute('href');
    const { pathname, searchParams } = new URL(href ?? '', pages.app.url);
    expect(pathname).toBe('/console/100/certificates');
    expect([...searchParams.keys()]).toEqual(filters);
  }
  for (const [name, status] of [
    ['0 unavailable', 'UnAvailable'],
    ['0 expired', 'Expired'],
  ] as const) {
    const href = await page.getByRole('link', { name }).getAttribute('href');
    expect(href).toBe(`/console/100/key-stores?status=${status}`);
  }
});

test('10.1 what a policy refused or disabled is listed, newest first', async () => {
  const page = await pages.asAdministrator(TODAY);
  await page.getByText('Disabled by the policy').waitFor();
  await page.getByText('The certificate breaks a rule of its policy.').waitFor();
  await page.getByText('This server takes requests').waitFor();
  await pages.check(page, 'today');
  const rows = await page.getByRole('row').allTextContents();
  expect(rows).toHaveLength(3);
  expect(rows[1]).toContain('Refused');
  expect(rows[2]).toContain('Disabled by the policy');
});

test('4.3 what a caller may not see is not shown as zero', async () => {
  const page = await pages.asAdministrator(TODAY, { roles: ['nevisIdm.Helpdesk'], permissions: [] });
  await page.getByText('You need the right HistoryView to see what was refused.').waitFor();
  await page.getByText('You need the right MtlsCertificateView to see this.').first().waitFor();
  await page.getByRole('link', { name: '1 within 7 days' }).waitFor();
});

test('is shown in German and in French', async () => {
  for (const [locale, text] of [
    ['de-CH', 'innerhalb von 30 Tagen'],
    ['fr-CH', 'dans les 30 jours'],
  ] as const) {
    const page = await pages.asAdministrator(TODAY, {}, { locale });
    await page.getByText(text).waitFor();
  }
});
