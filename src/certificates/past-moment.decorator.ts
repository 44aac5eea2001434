import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { Request } from 'express';

import { appError } from '../common/errors.js';
import { parseInstant } from '../http/instant.js';
import { invalidParameter, readQuery } from '../http/query.js';

/**
 * `?at=` (contract 10.2), undefined where it is absent. Resources show their moments to the second, so a moment without
 * a fraction means that second as a whole: what was changed at the `lastModified` that a console has read is in it.
 */
export const PastMoment = createParamDecorator((_: unknown, context: ExecutionContext): Date | undefined => {
  const { at } = readQuery(context.switchToHttp().getRequest<Request>(), ['at']);
  if (at === undefined) return undefined;
  const moment = parseInstant(at);
  if (moment === undefined) throw appError(invalidParameter('at', 'at must be a moment such as 2026-01-31T00:00:00Z.'));
  return at.includes('.') ? moment : new Date(moment.getTime() + 999);
});

export function ApiPastMoment(): MethodDecorator {
  return ApiQuery({
    name: 'at',
    required: false,
    schema: { type: 'string', format: 'date-time' },
    description: 'Answer the credential as it was at this moment; without a fraction, at the end of this second.',
  });
}
