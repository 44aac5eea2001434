import { defineConfig } from 'vitest/config';

import { findChromium } from './test/support/chromium.js';

const chromium = findChromium();
if (chromium === undefined) console.log('skipped: there is no Chromium (apt-get install chromium)');

/** The tests of the pages in a browser, against the server that `npm test` tests without one. */
export default defineConfig({
  test: {
    include: chromium === undefined ? [] : ['test/web/**/*.spec.ts'],
    passWithNoTests: chromium === undefined,
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/fast-check-seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    // A test may check several screens, each in two themes and at two widths.
    testTimeout: 900_000,
    hookTimeout: 300_000,
    // A busy machine may need long for what a test waits for; the default is one second.
    expect: { poll: { timeout: 120_000 } },
  },
});
