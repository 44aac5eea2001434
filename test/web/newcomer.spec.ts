import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { BuiltProgram, temporaryDataDirectory } from '../support/process.js';
import { browser } from './support/browser.js';
import { picture } from './support/pictures.js';

const ROOT = join(import.meta.dirname, '..', '..');
const TELEPHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

let data: Awaited<ReturnType<typeof temporaryDataDirectory>>;
let program: BuiltProgram;

/** The server as `npm start` runs it, without building it again. */
beforeAll(async () => {
  data = await temporaryDataDirectory();
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const [, options = ''] = /^exec node scripts\/node26\.mjs (.*?) dist\/src\/main\.js /.exec(scripts.start) ?? [];
  const variables = { CERTKEEP_DATA: data.path, PORT: '0' };
  program = BuiltProgram.start('main.js', variables, [], 'pipe', options.split(' '));
  await program.says(/To start over:/);
});

afterAll(async () => {
  program.signal('SIGTERM');
  await program.exit();
  await data.remove();
});

async function open(link: string, options: object = {}): Promise<Page> {
  const context = await (
    await browser()
  ).newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 720 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

const printed = (pattern: RegExp) => pattern.exec(program.output)?.[1] ?? '';

it('a person who has only the README finds, understands and replaces a refused certificate, and who changed it', async () => {
  const started = performance.now();
  const page = await open(printed(/^ {2}(\S+\/console\/#token=\S+)$/m));
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  expect(page.url(), 'the token is no longer in the address').not.toContain('token');

  // Jane's certificate, by its serial number.
  await page.getByRole('button', { name: 'Search by PEM' }).waitFor();
  await page.keyboard.press('Control+k');
  await page
    .getByRole('combobox', { name: 'What do you have?' })
    .fill(printed(/serial number of the laptop's certificate: ([0-9A-F]+)$/m));
  const found = page.getByRole('option', { name: 'Jane Doe' });
  await found.waitFor();
  await picture(page, 'console-search');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Jane Doe' }).waitFor();
  await page.getByText('This certificate can log in.').waitFor();

  // The other one, and why it was refused.
  await page.getByRole('link', { name: 'User jane' }).click();
  const row = page.getByRole('row').filter({ hasText: 'John Roe' });
  await row.getByText('Disabled').waitFor();
  await row.getByRole('link', { name: 'CN=John Roe' }).click();
  await page.getByText('Nobody can log in with it. The policy disabled it.').waitFor();
  await page.getByRole('tab', { name: 'Policy' }).click();
  const rule = page.getByRole('list', { name: 'Rules of the policy' }).getByRole('listitem').first();
  await rule.getByText('not met').waitFor();
  expect(await rule.innerText()).toMatch(/Elements of the subject[^]*Expected[^]*Doe[^]*Found[^]*John Roe/);
  await picture(page, 'console-refused');

  // The replacement.
  await page.getByRole('link', { name: 'Replace' }).click();
  await page.locator('input[type=file]').setInputFiles(printed(/refused\. (\S+\.pem) can replace it/));
  await page.getByText('This certificate would be accepted.').waitFor();
  await picture(page, 'console-replace');
  await page.getByRole('button', { name: 'Replace the certificate' }).click();
  await page.getByRole('heading', { name: 'Jane Doe' }).waitFor();
  await page.getByText('This certificate can log in.').waitFor();

  // Who changed what, from what to what.
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('link', { name: 'All its events in the audit log' }).click();
  const change = page.getByRole('row').filter({ hasText: 'Changed' });
  await change.waitFor();
  const text = await change.innerText();
  expect(text).toMatch(/^[^\n]*\d{4}/);
  expect(text).toContain('admin');
  expect(text).toMatch(/State: Disabled\s*→\s*(?:to)?\s*Active/);
  expect(text).toMatch(/Certificate: (?:[0-9A-F]{2}:){31}[0-9A-F]{2}\s*→\s*(?:to)?\s*(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/);
  const seconds = (performance.now() - started) / 1000;
  console.log(`A newcomer replaced the refused certificate and found the change in ${seconds.toFixed(1)} s.`);
  await picture(page, 'console-audit');
});

it('the printed link of the user leads to their own certificates', async () => {
  const page = await open(printed(/^ {2}(\S+\/my\/#token=\S+)$/m), TELEPHONE);
  await page.getByRole('link', { name: 'Replace Jane Doe' }).first().waitFor();
  await picture(page, 'my-certificates');
});
