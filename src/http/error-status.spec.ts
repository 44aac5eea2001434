import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { ERROR_STATUS } from './error-status.js';

test('7.1 every documented code is used in the code', async () => {
  const sources = join(import.meta.dirname, '..');
  const answered = new Set<string>();
  for await (const file of glob('**/*.ts', { cwd: sources })) {
    if (file.endsWith('.spec.ts')) continue;
    const text = await readFile(join(sources, file), 'utf8');
    for (const [, code = ''] of text.matchAll(/\bcode: '(errors\.\w+)'/g)) answered.add(code);
  }
  expect(answered).toEqual(new Set(Object.keys(ERROR_STATUS)));
});
