import { createSecretKey, randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { chooseFile, countRequests, enterPassword, MyPages, newFile, PASSWORD, TELEPHONE } from './my-fixture.js';

const DONE = 'Your certificate is replaced';

describe('self-service', () => {
  let my: MyPages;

  beforeAll(async () => {
    my = await MyPages.start({ xToken: { key: createSecretKey(randomBytes(48)), seconds: 60 } });
  });

  afterAll(async () => {
    await my.pages.close();
  });

  it('Jane replaces a certificate that ends soon on a telephone', async () => {
    await my.register('telephone');
    const before = await my.read('telephone');
    const file = await newFile();
    const started = performance.now();
    const page = await my.pages.asUser('/my/', {}, TELEPHONE);
    await page.getByText('expires in 23 days').waitFor();
    await page.getByRole('link', { name: 'Replace Jane Doe' }).tap();
    await chooseFile(page, file);
    await page.getByRole('button', { name: 'Replace the old one' }).tap();
    await enterPassword(page);
    await page.getByText(DONE).waitFor();
    const seconds = (performance.now() - started) / 1000;
    console.log(`Jane replaced the certificate on a telephone in ${seconds.toFixed(1)} s.`);
    const after = await my.read('telephone');
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(after).toMatchObject({ stateName: 'active', version: 2, validity: { to: '2027-05-01T00:00:00Z' } });
    await page.getByRole('link', { name: 'Back to my certificates' }).tap();
    await page.getByText('In use').first().waitFor();
    my.pages.requireNoProblems();
  });

  it('everything can be done with the keyboard, and Escape closes the question for the password only', async () => {
    await my.register('keyboard');
    const page = await my.pages.asUser('/my/certificates/keyboard');
    await page.getByText('Choose your new certificate').waitFor();
    const focused = async () => await page.evaluate(() => document.activeElement?.textContent ?? '');
    const tabTo = async (isThere: () => Promise<boolean>) => {
      for (let presses = 0; presses < 40; presses += 1) {
        if (await isThere()) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Not reached with the keyboard; the focus is at: ${await focused()}`);
    };
    await tabTo(async () => await page.evaluate(() => document.activeElement?.matches('input[type=file]') ?? false));
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await choosing).setFiles(await newFile());
    await page.getByText('You can use this certificate').waitFor();
    const onButton = async () => (await focused()) === 'Replace the old one';
    await tabTo(onButton);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(onButton, { message: 'the focus is where it was' }).toBe(true);
    await page.getByText('You can use this certificate').waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Password').waitFor();
    await expect
      .poll(async () => await page.evaluate(() => document.activeElement?.getAttribute('type')))
      .toBe('password');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText(DONE).waitFor();
    expect(await my.read('keyboard')).toMatchObject({ version: 2 });
  });

  it('4.5 the password is asked for once, and again when the server no longer accepts the X-Token', async () => {
    await my.register('first');
    await my.register('second');
    await my.register('third');
    const page = await my.pages.asUser();
    const replace = async (extId: string) => {
      await page.getByRole('link', { name: 'My certificates' }).first().click();
      await page.locator(`a[href="/my/certificates/${extId}"]`).click();
      await chooseFile(page, await newFile());
      await page.getByRole('button', { name: 'Replace the old one' }).click();
    };
    await replace('first');
    await enterPassword(page);
    await page.getByText(DONE).waitFor();
    await replace('second');
    await page.getByText(DONE).waitFor();
    // The clocks may differ by a minute. The page does not know that the time has passed.
    my.pages.app.clock.advance(180_000);
    await replace('third');
    await page.getByText('It has been a while since you entered your password').waitFor();
    await enterPassword(page);
    await page.getByText(DONE).waitFor();
    for (const extId of ['first', 'second', 'third']) expect(await my.read(extId)).toMatchObject({ version: 2 });
  });

  it('two clicks on a button send one change', async () => {
    await my.register('twice');
    const page = await my.pages.asUser('/my/certificates/twice');
    const patches = countRequests(page, 'PATCH');
    await chooseFile(page, await newFile());
    await page.getByRole('button', { name: 'Replace the old one' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Confirm' }).dblclick();
    await page.getByText(DONE).waitFor();
    expect(patches()).toBe(1);
  });

  it('an attempt whose answer was lost is not made twice', async () => {
    await my.register('lost');
    const page = await my.pages.asUser('/my/certificates/lost');
    await chooseFile(page, await newFile());
    let losses = 0;
    await page.route('**/certificates/lost', async (route) => {
      if (route.request().method() !== 'PATCH') return await route.fallback();
      losses += 1;
      await route.fetch();
      return await route.abort();
    });
    await page.getByRole('button', { name: 'Replace the old one' }).click();
    await enterPassword(page);
    await page.getByText('The server cannot be reached').waitFor();
    await page.unroute('**/certificates/lost');
    await page.getByRole('button', { name: 'Replace the old one' }).click();
    await page.getByText(DONE).waitFor();
    expect(losses).toBe(1);
    expect(await my.read('lost')).toMatchObject({ version: 2 });
  });

  it('3.2 a change that somebody else has made in between is shown, and not overwritten unseen', async () => {
    await my.register('between');
    const page = await my.pages.asUser('/my/certificates/between');
    await chooseFile(page, await newFile());
    await my.change('between', { modificationComment: 'for the new laptop' });
    await page.getByRole('button', { name: 'Replace the old one' }).click();
    await enterPassword(page);
    await page.getByText('Somebody else has changed this in the meantime').waitFor();
    expect(await my.read('between')).toMatchObject({ version: 2, validity: { to: '2026-06-25T00:00:00Z' } });
    await page.getByRole('button', { name: 'Replace the old one' }).click();
    await page.getByText(DONE).waitFor();
    expect(await my.read('between')).toMatchObject({ version: 3, validity: { to: '2027-05-01T00:00:00Z' } });
  });

  it('the old certificate can be kept beside the new one', async () => {
    await my.register('kept');
    const page = await my.pages.asUser('/my/certificates/kept');
    const posts = countRequests(page, 'POST');
    await chooseFile(page, await newFile());
    const before = posts();
    await page.getByLabel('Keep the old one for now').check();
    await page.getByRole('button', { name: 'Add the new one' }).click();
    await enterPassword(page);
    await page.getByText('Your new certificate is added').waitFor();
    // One for the X-Token, and one for the certificate.
    expect(posts() - before).toBe(2);
    expect(await my.read('kept')).toMatchObject({ version: 1, stateName: 'active' });
  });

  it('6.4 a certificate under rules of its own is decided by these rules', async () => {
    await my.register('strict', { policyExtId: 'strict' });
    const page = await my.pages.asUser('/my/certificates/strict');
    await chooseFile(page, await newFile());
    await page.getByText('Special rules apply to this certificate').waitFor();
    await page.getByRole('button', { name: 'Replace the old one' }).click();
    await enterPassword(page);
    await page.getByText('Ask for one that is valid for 397 days at most').waitFor();
    expect(await page.getByRole('button', { name: 'Replace the old one' }).count()).toBe(0);
    expect(await my.read('strict')).toMatchObject({ version: 1 });
  });

  it('switching off and deleting say what follows, and happen only after that', async () => {
    await my.pages.fixture.builders.user('100', 'remover');
    await my.setPassword('remover');
    await my.register('removed', {}, 'remover');
    const page = await my.pages.asUser('/my/', { sub: 'remover' });
    await page.getByRole('button', { name: 'Switch off Jane Doe' }).click();
    await page.getByText('you cannot switch it on again yourself').waitFor();
    await page.keyboard.press('Escape');
    expect(await my.read('removed', 'remover')).toMatchObject({ stateName: 'active' });
    await page.getByRole('button', { name: 'Switch off Jane Doe' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await enterPassword(page);
    await page.getByText('Switched off by you').waitFor();
    expect(await my.read('removed', 'remover')).toMatchObject({ stateName: 'disabled', version: 2 });
    await page.getByRole('button', { name: 'Delete Jane Doe' }).click();
    await page.getByText('If it is your only one, you need another way to sign in').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('The certificate is deleted').waitFor();
    await page.getByText('You have no certificate here yet').waitFor();
  });
});
