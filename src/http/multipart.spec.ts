import { BadRequestException } from '@nestjs/common';
import { expect, test } from 'vitest';

import { type AppError, appError } from '../common/errors.js';
import { multipartError } from './multipart.js';

const codeOf = (thrown: unknown): string => (multipartError(thrown, 1024) as AppError).code;
const multer = (code: string | undefined, message: string): Error => Object.assign(new Error(message), { code });

test.each([
  ['LIMIT_FILE_SIZE', 'errors.payloadTooLarge'],
  ['LIMIT_FIELD_VALUE', 'errors.payloadTooLarge'],
  ['LIMIT_FILE_COUNT', 'errors.invalidData'],
  ['LIMIT_UNEXPECTED_FILE', 'errors.invalidData'],
  ['MISSING_FIELD_NAME', 'errors.malformedRequest'],
  [undefined, 'errors.malformedRequest'],
])('an error of multer with the code %s becomes %s, whatever its text, wrapped by Nest or not', (code, expected) => {
  const error = multer(code, 'Too many parts: file too large, unexpected end of form');
  expect(codeOf(error)).toBe(expected);
  expect(codeOf(new BadRequestException('Bad', { cause: error }))).toBe(expected);
});

test('an AppError stays as it is', () => {
  const error = appError({ code: 'errors.payloadTooLarge', message: 'The body is too large.' });
  expect(multipartError(error, 1024)).toBe(error);
});
