import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { chooseFile, enterPassword, MyPages, newFile, PASSWORD, TELEPHONE } from './my-fixture.js';

describe('self-service: password, details and the first certificate', () => {
  let my: MyPages;

  beforeAll(async () => {
    my = await MyPages.start();
  });

  afterAll(async () => {
    await my.pages.close();
  });

  async function user(extId: string, hasPassword = true): Promise<void> {
    await my.pages.fixture.builders.user('100', extId, { firstName: 'Jane', familyName: 'Doe' });
    if (hasPassword) await my.setPassword(extId);
  }

  it('a user without a certificate adds the first one', async () => {
    await user('first');
    const page = await my.pages.asUser('/my/', { sub: 'first' }, TELEPHONE);
    await page.getByRole('link', { name: 'Add your first certificate' }).tap();
    await chooseFile(page, await newFile());
    await page.getByRole('button', { name: 'Add this certificate' }).tap();
    await enterPassword(page);
    await page.getByText('Your certificate is added').waitFor();
    const { body } = await my.administrator('GET', my.path('first', 'certificates'));
    expect(body.items).toMatchObject([{ stateName: 'active', stateChangeReason: 'cert-uploaded' }]);
  });

  it('4.8 a wrong password and a lock are said in words, and the right password goes on after the lock', async () => {
    await user('forgetful');
    const page = await my.pages.asUser('/my/add', { sub: 'forgetful' });
    await chooseFile(page, await newFile());
    await page.getByRole('button', { name: 'Add this certificate' }).click();
    await enterPassword(page, 'not my password');
    await page.getByText('This password is wrong. Try again.').waitFor();
    await enterPassword(page, 'nor is this one');
    await page.getByText('Your password is locked for a short time').waitFor();
    my.pages.app.clock.advance(61_000);
    await enterPassword(page);
    await page.getByText('Your certificate is added').waitFor();
  });

  it('4.8 a lock that has ended is not shown when the password is asked for again', async () => {
    await user('patient');
    const page = await my.pages.asUser('/my/add', { sub: 'patient' });
    await chooseFile(page, await newFile());
    await page.getByRole('button', { name: 'Add this certificate' }).click();
    await enterPassword(page, 'not my password');
    await page.getByText('This password is wrong. Try again.').waitFor();
    await enterPassword(page, 'nor is this one');
    const lock = page.getByText('Your password is locked for a short time');
    await lock.waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    my.pages.app.clock.advance(61_000);
    await page.getByRole('button', { name: 'Add this certificate' }).click();
    await page.getByRole('dialog', { name: 'Enter your password' }).waitFor();
    expect(await lock.count()).toBe(0);
    await enterPassword(page);
    await page.getByText('Your certificate is added').waitFor();
  });

  it('4.8 a password that only an administrator can unlock says so', async () => {
    await user('locked');
    await my.administrator('PATCH', my.path('locked', 'password'), { stateName: 'fail-locked' });
    const page = await my.pages.asUser('/my/', { sub: 'locked' });
    await page.getByText('Only an administrator can unlock it').waitFor();
  });

  it('a user without a password reads whom to ask', async () => {
    await user('without', false);
    const page = await my.pages.asUser('/my/add', { sub: 'without' });
    await chooseFile(page, await newFile());
    await page.getByRole('button', { name: 'Add this certificate' }).click();
    await page.getByRole('dialog').getByText('Ask your administrator to set it').waitFor();
    expect(await page.getByRole('button', { name: 'Confirm' }).count()).toBe(0);
  });

  it('2.13 the password is changed with the current one, and a new one that is too short says what it needs', async () => {
    await user('changer');
    const page = await my.pages.asUser('/my/password', { sub: 'changer' });
    const fill = async (current: string, next: string, again = next) => {
      await page.getByLabel('Current password').fill(current);
      await page.getByLabel('New password', { exact: true }).fill(next);
      await page.getByLabel('New password again').fill(again);
      await page.getByRole('button', { name: 'Change my password' }).click();
    };
    await fill('not my password', 'a new long password');
    await page.getByText('This password is wrong. Try again.').waitFor();
    await fill(PASSWORD, 'a new long password', 'another long password');
    await page.getByText('The two new passwords are not the same').waitFor();
    await fill(PASSWORD, 'short');
    await page.getByText('It needs 12 characters or more.').waitFor();
    await fill(PASSWORD, 'a new long password');
    await page.getByText('Your password is changed').waitFor();
    await page.getByRole('link', { name: 'Back to my certificates' }).click();
    await page.getByRole('link', { name: 'Add your first certificate' }).click();
    await chooseFile(page, await newFile());
    await page.getByRole('button', { name: 'Add this certificate' }).click();
    await enterPassword(page, 'a new long password');
    await page.getByText('Your certificate is added').waitFor();
  });

  it('4.5 details are saved without the password, the e-mail address with it', async () => {
    await user('detailed');
    const page = await my.pages.asUser('/my/details', { sub: 'detailed' });
    await page.getByLabel('Mobile').fill('+41 79 123 45 67');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your details are saved').waitFor();
    await page.getByRole('link', { name: 'Back to my certificates' }).click();
    await page.getByRole('link', { name: 'Change my details' }).click();
    await page.getByLabel('E-mail').fill('jane@acme.example');
    await page.getByRole('button', { name: 'Save' }).click();
    await enterPassword(page);
    await page.getByText('Your details are saved').waitFor();
    const { body } = await my.administrator('GET', '/nevisidm/api/core/v1/100/users/detailed');
    expect(body.contacts).toEqual({ mobile: '+41 79 123 45 67', email: 'jane@acme.example' });
  });

  it('3.2 details that somebody else has changed in between are shown beside what was entered', async () => {
    await user('raced');
    const page = await my.pages.asUser('/my/details', { sub: 'raced' });
    await page.getByLabel('Mobile').fill('1');
    await my.administrator('PATCH', '/nevisidm/api/core/v1/100/users/raced', { contacts: { telephone: '2' } });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else has changed this in the meantime').waitFor();
    await expect.poll(async () => await page.getByLabel('Telephone').inputValue()).toBe('2');
    expect(await page.getByLabel('Mobile').inputValue()).toBe('1');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your details are saved').waitFor();
    const { body } = await my.administrator('GET', '/nevisidm/api/core/v1/100/users/raced');
    expect(body.contacts).toEqual({ telephone: '2', mobile: '1' });
  });
});
