import { defineConfig } from 'vitest/config';

// Rules are pure functions: their tests need no database.
export default defineConfig({
  test: { include: ['src/**/*.rules.spec.ts', 'src/**/*.property.spec.ts'], isolate: false },
});
