import { expect, test } from 'vitest';

import { AppError } from '../common/errors.js';
import { errorAnswer } from './error-body.js';

const error = (index: number) => ({ code: 'errors.certificatePolicyViolated', message: `${index}` }) as const;

test('7.1 an answer has at most 100 errors', () => {
  const others = Array.from({ length: 4_999 }, (_, index) => error(index + 1));
  const { body } = errorAnswer(new AppError([error(0), ...others]), 'request-1');
  expect(body.errors).toHaveLength(100);
  expect(body.errors.at(-1)?.message).toBe('99');
});
