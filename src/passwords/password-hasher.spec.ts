import { expect, test } from 'vitest';

import { AppError } from '../common/errors.js';
import { PasswordHasher } from './password-hasher.js';

test('4.8 four are let in, whatever they are; the fifth is refused at once, and room is given back', async () => {
  const hasher = new PasswordHasher();
  const hash = await hasher.hash('correct horse');
  const four = [
    hasher.hash('another'),
    hasher.matches(hash, 'correct horse'),
    hasher.matches(undefined, 'correct horse'),
    hasher.matches('no hash at all', 'correct horse'),
  ];
  const settled = Promise.allSettled(four);
  expect(() => hasher.requireRoom()).toThrow(AppError);
  await expect(hasher.matches(hash, 'correct horse')).rejects.toMatchObject({
    code: 'errors.unavailable',
    retryAfterSeconds: 1,
  });
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  hasher.requireRoom();
  const again = Array.from({ length: 4 }, async () => await hasher.matches(hash, 'correct horse'));
  expect(await Promise.all(again)).toEqual([true, true, true, true]);
});

test('4.8 no password matches where there is none', async () => {
  const hasher = new PasswordHasher();
  for (const password of ['', 'correct horse']) expect(await hasher.matches(undefined, password)).toBe(false);
});
