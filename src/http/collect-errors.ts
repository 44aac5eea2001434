import { AppError, type ErrorDetail } from '../common/errors.js';

/**
 * Returns the result of `read`. If `read` throws an AppError, its details are added to `errors`, so that all errors are
 * reported together.
 */
export function collectErrors<Result>(errors: ErrorDetail[], read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    errors.push(...error.details);
    return undefined;
  }
}
