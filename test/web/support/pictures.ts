import { join } from 'node:path';

import type { Page } from 'playwright-core';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'docs', 'pictures');

/** They are part of the repository, and of a page that people read on the way. */
const MAX_BYTES = 150_000;

/** Takes a picture for the documents, in the light theme, if `CERTKEEP_PICTURES` is `1`: as `docs/pictures/<name>.png`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['CERTKEEP_PICTURES'] !== '1') return;
  await page.emulateMedia({ colorScheme: 'light' });
  const { length } = await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  if (length > MAX_BYTES) throw new Error(`The picture ${name} has ${length} bytes, more than ${MAX_BYTES}.`);
}
