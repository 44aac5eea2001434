import { AppError, type ErrorDetail } from '../common/errors.js';

/** What `read` answers; where it refuses, its errors go to the others, so that all are told at once. */
export function collectErrors<Result>(errors: ErrorDetail[], read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    errors.push(...error.details);
    return undefined;
  }
}
