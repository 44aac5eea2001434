import { ApiExtension } from '@nestjs/swagger';

import type { ErrorCode } from '../../common/errors.js';

export const ERROR_CODES = 'x-error-codes';

/**
 * The codes that only this route refuses with. Those that follow from what a route is (it needs a token, has a body, is
 * changed with a version…) are added to the document by `error-responses.ts`.
 */
export function Refuses(...codes: readonly ErrorCode[]): MethodDecorator {
  return ApiExtension(ERROR_CODES, codes);
}
