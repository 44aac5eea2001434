import { defineConfig } from 'vitest/config';

// Rules, the validation of paths and the check of revocation are pure functions: their tests need no database.
export default defineConfig({
  test: {
    include: [
      'src/**/*.rules.spec.ts',
      'src/**/*.property.spec.ts',
      'src/x509/path/*.spec.ts',
      'src/x509/revocation/**/*.spec.ts',
      'src/x509/name/compare-names.spec.ts',
    ],
    setupFiles: ['test/support/fast-check-seed.ts'],
    isolate: false,
  },
});
