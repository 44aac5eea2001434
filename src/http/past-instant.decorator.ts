import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { ApiQuery } from './openapi/swagger.js';
import { instantParameter, readQuery } from './query.js';

/**
 * `?at=` (contract 10.2), undefined if absent. Resources show times in seconds, so an instant without a fraction means
 * the end of that second: it includes a change at the `lastModified` that a console has read.
 */
export const PastInstant = createParamDecorator((_: unknown, context: ExecutionContext): Date | undefined => {
  const { at } = readQuery(context.switchToHttp().getRequest<Request>(), ['at']);
  const instant = instantParameter('at', at);
  return instant === undefined || at?.includes('.') ? instant : new Date(instant.getTime() + 999);
});

export function ApiPastInstant(): MethodDecorator {
  return ApiQuery({
    name: 'at',
    required: false,
    schema: { type: 'string', format: 'date-time' },
    description: 'Return the resource as it was at this instant. Without a fraction, the end of that second is meant.',
  });
}
