import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { ADVISORY_LOCKS } from './locks.js';

const NUMBERS = Object.values(ADVISORY_LOCKS);

test('no two advisory locks share a number', () => {
  expect(new Set(NUMBERS).size).toBe(NUMBERS.length);
});

test('advisory lock numbers are in locks.ts only', () => {
  const source = join(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const holds = (file: string) => /7_?245_?118_?9\d\d/.test(readFileSync(join(source, file), 'utf8'));
  expect(files.filter(holds)).toEqual([join('database', 'locks.ts')]);
});
