import { ApiExtension } from '@nestjs/swagger';

import type { ErrorCode } from '../../common/errors.js';

export const ERROR_CODES = 'x-error-codes';

/**
 * The error codes that are specific to this route. Codes that follow from the kind of route (needs a token, has a body,
 * changes a version…) are added to the document by `error-responses.ts`.
 */
export function Refuses(...codes: readonly ErrorCode[]): MethodDecorator {
  return ApiExtension(ERROR_CODES, codes);
}
