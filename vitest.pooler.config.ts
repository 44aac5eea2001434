import { defineConfig } from 'vitest/config';

import { isPgbouncerMissing } from './test/support/pgbouncer.js';

const isMissing = isPgbouncerMissing();

/** Some of the tests through HTTP again, with a real PgBouncer in transaction mode before the database. */
export default defineConfig({
  test: {
    include: isMissing
      ? []
      : [
          'test/e2e/certificates.e2e-spec.ts',
          'test/e2e/certificate-logins-at-once.e2e-spec.ts',
          'test/e2e/clients-deletion.e2e-spec.ts',
          'test/e2e/key-stores-races.e2e-spec.ts',
          'test/e2e/lists.e2e-spec.ts',
          'test/e2e/logins.e2e-spec.ts',
          'test/e2e/bulk-jobs.e2e-spec.ts',
          'test/e2e/bulk-undo.e2e-spec.ts',
        ],
    passWithNoTests: isMissing,
    globalSetup: ['test/support/pooler-setup.ts'],
    setupFiles: ['test/support/fast-check-seed.ts'],
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
