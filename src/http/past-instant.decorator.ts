import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { Request } from 'express';

import { appError } from '../common/errors.js';
import { parseInstant } from './instant.js';
import { invalidParameter, readQuery } from './query.js';

/**
 * `?at=` (contract 10.2), undefined where it is absent. Resources show times to the second, so one without a fraction
 * means that second as a whole: what was changed at the `lastModified` that a console has read is in it.
 */
export const PastInstant = createParamDecorator((_: unknown, context: ExecutionContext): Date | undefined => {
  const { at } = readQuery(context.switchToHttp().getRequest<Request>(), ['at']);
  if (at === undefined) return undefined;
  const instant = parseInstant(at);
  if (instant === undefined)
    throw appError(invalidParameter('at', 'at must be a date and time such as 2026-01-31T00:00:00Z.'));
  return at.includes('.') ? instant : new Date(instant.getTime() + 999);
});

export function ApiPastInstant(): MethodDecorator {
  return ApiQuery({
    name: 'at',
    required: false,
    schema: { type: 'string', format: 'date-time' },
    description: 'Answer the resource as it was at this instant; without a fraction, at the end of this second.',
  });
}
