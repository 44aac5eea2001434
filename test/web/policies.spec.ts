import { afterAll, beforeAll, expect, it } from 'vitest';

import { DECLARED_PARAMETERS } from '../../src/policies/policy-types.rules.js';
import { CORE } from '../support/http.js';
import { Pages } from './support/pages.js';

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  await pages.fixture.register('cert-1');
  await pages.fixture.register('cert-2');
});

afterAll(async () => {
  await pages.close();
});

const plain = (text: string) => text.replaceAll('`', '');

const policy = async (extId: string) => (await pages.fixture.read(`${CORE}/100/policies/${extId}`)).body;

it('the list has the policies of the client, and a row leads to its policy', async () => {
  const page = await pages.asAdministrator('/console/100/policies');
  await page.getByRole('row').filter({ hasText: 'Default of its type' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(4);
  await pages.check(page, 'policies');
  await page.getByRole('link', { name: 'tolerant' }).click();
  await page.getByRole('heading', { level: 1, name: 'tolerant' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor();
});

it('2.12 the form has every parameter that the server declares, with its help and its default', async () => {
  const page = await pages.asAdministrator('/console/100/policies/new');
  for (const [type, parameters] of Object.entries(DECLARED_PARAMETERS)) {
    await page.getByLabel('Type', { exact: true }).selectOption(type);
    for (const [name, { effect, default: value }] of Object.entries(parameters)) {
      await expect.poll(async () => await page.getByLabel(name, { exact: true }).count()).toBe(1);
      expect(await page.getByText(plain(effect)).count(), name).toBeGreaterThan(0);
      if (typeof value === 'number') expect(await page.getByText(String(value)).count(), name).toBeGreaterThan(0);
    }
  }
  await page.getByLabel('Type', { exact: true }).selectOption('CertificatePolicy');
  await pages.check(page, 'policy-new');
});

it('14.5 a change of the parameters is simulated before it can be saved', async () => {
  const page = await pages.asAdministrator('/console/100/policies/default');
  const save = page.getByRole('button', { name: 'Save' });
  const simulate = page.getByRole('button', { name: 'Simulate' });
  await page.getByLabel('maxValidityDays', { exact: true }).fill('100');
  await page.getByText('Simulate the change first.').waitFor();
  expect(await save.isDisabled()).toBe(true);

  await simulate.click();
  await page.getByText('2 certificates would change.').waitFor();
  expect(
    await page
      .getByRole('row')
      .filter({ hasText: /cert-[12]/ })
      .count(),
  ).toBe(2);
  expect(await page.getByRole('row').filter({ hasText: 'Refused' }).count()).toBe(2);
  await pages.check(page, 'policy-simulated');

  // Another value is another policy.
  await page.getByLabel('maxValidityDays', { exact: true }).fill('400');
  expect(await save.isDisabled()).toBe(true);
  await simulate.click();
  await page.getByText('No certificate would change.').waitFor();
  await save.click();
  await page.getByText('Saved.').waitFor();
  expect((await policy('default')).parameters).toEqual({ maxValidityDays: '400' });
});

it('14.5 a simulation can be stopped, and does not count then', async () => {
  const page = await pages.asAdministrator('/console/100/policies/tolerant');
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/simulate', async (route) => {
    await held;
    await route.abort();
  });
  await page.getByLabel('maxValidityDays', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Simulate' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped. The result is not complete.').waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  release();
});

it('2.12 an error about a parameter stands at its field', async () => {
  const page = await pages.asAdministrator('/console/100/policies/strict');
  const field = page.getByLabel('keyTypes', { exact: true });
  await field.fill('RSA:4');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Simulate' }).click();
  await expect
    .poll(async () => await page.getByText(/keyTypes must be a list of key types/).count())
    .toBeGreaterThan(1);
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await page.getByRole('button', { name: 'Remove RSA:4' }).click();
  expect(await page.getByRole('button', { name: 'Simulate' }).count()).toBe(0);
});

it('3.2 a policy that somebody else has changed meanwhile is not overwritten', async () => {
  const page = await pages.asAdministrator('/console/100/policies/strict');
  await page.getByLabel('Description', { exact: true }).fill('mine');
  await pages.fixture.patch(`${CORE}/100/policies/strict`, { description: 'theirs' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').waitFor();
  expect((await policy('strict')).description).toBe('theirs');
  await page.getByRole('button', { name: /Load the newest version/ }).click();
  await expect.poll(async () => await page.getByLabel('Description', { exact: true }).inputValue()).toBe('theirs');
  expect(await page.getByRole('alert').count()).toBe(0);
});

it('3.2 what an attempt to delete a policy said is not said again when the question is asked again', async () => {
  const page = await pages.asAdministrator('/console/100/policies/strict');
  const dialog = page.getByRole('dialog');
  const open = async () => {
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByText('It is gone for good.').waitFor();
  };
  await page.getByLabel('Description', { exact: true }).waitFor();
  await pages.fixture.patch(`${CORE}/100/policies/strict`, { description: 'changed meanwhile' });
  await open();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await open();
  expect(await dialog.getByRole('alert').count()).toBe(0);
});

it('2.10 a policy is created by keyboard alone, and deleted after a question', async () => {
  const page = await pages.asAdministrator('/console/100/policies');
  await page.getByRole('link', { name: 'New policy' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('External ID').focus();
  await page.keyboard.type('by-keyboard');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Keyboard');
  const usage = page.getByLabel('requiredExtendedKeyUsage', { exact: true });
  await usage.focus();
  await page.keyboard.type('clientAuth');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Create the policy' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Keyboard' }).waitFor();
  expect((await policy('by-keyboard')).parameters).toEqual({ requiredExtendedKeyUsage: 'clientAuth' });

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor();
  expect((await pages.fixture.read(`${CORE}/100/policies/by-keyboard`)).status).toBe(404);
});

it('2.10 the page says which right is missing for a change', async () => {
  const page = await pages.asAdministrator('/console/100/policies/strict', { roles: ['nevisIdm.Helpdesk'] });
  const save = page.getByRole('button', { name: 'Save' });
  await save.focus();
  await page.getByText('You need the right PolicyModify for this.').filter({ visible: true }).waitFor();
  expect(await page.getByLabel('maxValidityDays', { exact: true }).isDisabled()).toBe(true);
});

it('the texts of the parameters are there in German and French', async () => {
  const page = await pages.asAdministrator('/console/100/policies/default', {}, { locale: 'de-CH' });
  await page.getByRole('link', { name: 'Audit-Log' }).waitFor();
  await page.getByText('Das Zertifikat ist für höchstens so viele Tage ausgestellt').waitFor();
  await page.getByLabel('Sprache').or(page.getByLabel('Language')).selectOption('fr');
  await page.getByText('Le certificat est émis pour au plus ce nombre de jours').waitFor();
});
