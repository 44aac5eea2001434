import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type Browser, chromium } from 'playwright-core';

import { findChromium } from '../../support/chromium.js';

/** Ignored by git. */
export const SCREENS = join(import.meta.dirname, '..', '..', '..', '.cache', 'screens');

let launched: Promise<Browser> | undefined;

/** One browser for all test files of a process; it ends with the process. */
export async function browser(): Promise<Browser> {
  launched ??= launch();
  return await launched;
}

async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium.');
  await mkdir(SCREENS, { recursive: true });
  // Chromium's sandbox does not work for root.
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  return await chromium.launch({ executablePath, args });
}
