import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE, send } from '../support/http.js';
import { Pages } from './support/pages.js';

const PASSWORD = 'correct horse battery staple';

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
  const policy = {
    policyType: 'PwdPolicy',
    name: 'passwords',
    extId: 'passwords',
    parameters: {},
    defaultPolicy: true,
  };
  await send(pages.app, 'POST', `${CORE}/100/policies`, { token: pages.fixture.token, body: policy });
});

afterAll(async () => {
  await pages.close();
});

const pathOf = (user: string) => `${CORE}/100/users/${user}/password`;

async function userWithPassword(extId: string): Promise<void> {
  await pages.fixture.builders.user('100', extId);
  const { token } = pages.fixture;
  const { status } = await send(pages.app, 'POST', pathOf(extId), { token, body: { password: PASSWORD } });
  expect(status).toBe(201);
}

/** Whether the user can log in with this password. */
async function canLogIn(user: string, password: string): Promise<boolean> {
  const token = await pages.app.token({ sub: user, roles: ['nevisIdm.SelfAdmin'] });
  const body = { grant_type: 'password', username: user, password };
  return (await send(pages.app, 'POST', '/nevisidm/api/principal/v1/token', { token, body })).status === 200;
}

async function open(user: string, claims: object = {}): Promise<Page> {
  const page = await pages.asAdministrator(`/console/100/users/${user}`, { ...claims });
  await page.getByRole('heading', { name: 'Password' }).waitFor();
  return page;
}

const stateOf = async (user: string) =>
  ((await pages.fixture.read(pathOf(user))).body as { stateName: string }).stateName;

test('2.13 a user without a password gets a first one, and a double click sets it once', async () => {
  await pages.fixture.builders.user('100', 'newcomer');
  const page = await open('newcomer');
  await page.getByText('This user has no password').waitFor();
  await page.getByRole('button', { name: 'Set a password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill('short');
  await dialog.getByRole('button', { name: 'Set the password' }).click();
  await dialog.getByRole('alert').getByText('at least 12 characters').first().waitFor();
  await dialog.getByRole('button', { name: 'Suggest one' }).click();
  const suggested = await dialog.getByLabel('Password', { exact: true }).inputValue();
  expect(suggested).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){4}$/);
  await pages.check(page, 'password-create');
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await dialog.getByRole('button', { name: 'Set the password' }).dblclick();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Set a new password' }).waitFor();
  expect(posts).toHaveLength(1);
  expect(await canLogIn('newcomer', suggested)).toBe(true);
  await pages.check(page, 'user-password');
});

test('5.2 is locked, unlocked, disabled, enabled and deleted, each after a sentence of what follows', async () => {
  await userWithPassword('handled');
  const page = await open('handled');
  const dialog = page.getByRole('dialog');
  const act = async (verb: string, consequence: RegExp) => {
    await page.getByRole('button', { name: `${verb} the password` }).click();
    await dialog.getByText(consequence).waitFor();
    if (verb !== 'Delete') await dialog.getByLabel('Comment').fill(`to ${verb}`);
    await dialog.getByRole('button', { name: verb, exact: true }).dblclick();
    await dialog.waitFor({ state: 'detached' });
  };
  await act('Lock', /until an administrator unlocks it/);
  expect(await stateOf('handled')).toBe('fail-locked');
  expect(await canLogIn('handled', PASSWORD)).toBe(false);
  await page.getByText('to Lock').waitFor();
  await act('Unlock', /The failed logins are forgotten/);
  expect(await stateOf('handled')).toBe('active');
  await act('Disable', /until an administrator enables it/);
  expect(await stateOf('handled')).toBe('disabled');
  await act('Enable', /can log in with the password at once/);
  expect(await canLogIn('handled', PASSWORD)).toBe(true);
  await act('Delete', /can no longer log in with a password/);
  await page.getByText('This user has no password').waitFor();
  expect((await pages.fixture.read(pathOf('handled'))).status).toBe(404);
});

test('2.13 a new password of a locked one also unlocks it, unless that is unchecked', async () => {
  for (const [user, isUnlocked] of [
    ['locked-1', true],
    ['locked-2', false],
  ] as const) {
    await userWithPassword(user);
    await pages.fixture.patch(pathOf(user), { stateName: 'fail-locked' });
    const page = await open(user);
    await page.getByRole('button', { name: 'Set a new password' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password', { exact: true }).fill('another horse, another staple');
    if (!isUnlocked) await dialog.getByLabel('Unlock it, too').uncheck();
    await dialog.getByRole('button', { name: 'Set the password' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await stateOf(user)).toBe(isUnlocked ? 'active' : 'fail-locked');
    expect(await canLogIn(user, 'another horse, another staple')).toBe(isUnlocked);
  }
});

test('3.2 a password that somebody else has changed is not overwritten unseen', async () => {
  await userWithPassword('shared');
  const page = await open('shared');
  await page.getByRole('button', { name: 'Set a new password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill('mine, which comes too late');
  const token = await pages.app.token({ sub: 'colleague' });
  await send(pages.app, 'PATCH', pathOf('shared'), { token, body: { password: 'theirs, which came first' } });
  await dialog.getByRole('button', { name: 'Set the password' }).click();
  await dialog.getByRole('alert').getByText('colleague').waitFor();
  expect(await canLogIn('shared', 'theirs, which came first')).toBe(true);
  await dialog.getByRole('button', { name: 'Set the password' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await canLogIn('shared', 'mine, which comes too late')).toBe(true);
});

test('4.3 what a caller may not do is disabled, with the right that is missing', async () => {
  await userWithPassword('shown');
  const claims = { roles: [], permissions: ['AccessControl.UserView', 'AccessControl.CredentialView'] };
  const page = await open('shown', claims);
  for (const [name, right] of [
    ['Set a new password', 'CredentialModify'],
    ['Lock the password', 'CredentialModify'],
    ['Delete the password', 'CredentialDelete'],
  ] as const) {
    const button = page.getByRole('button', { name });
    await expect.poll(() => button.getAttribute('aria-disabled'), { message: name }).toBe('true');
    await button.focus();
    await page
      .locator('[data-open]', { hasText: `You need the right ${right} for this.` })
      .last()
      .waitFor();
  }
});
