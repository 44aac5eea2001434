import { applyDecorators } from '@nestjs/common';

import { ApiQuery } from './swagger.js';

/** The parameters of every list (contract 8.1). */
export function ApiPageQuery(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 0, maximum: 1000, default: 100 },
      description: '0 means 100.',
    }),
    ApiQuery({
      name: 'continuationToken',
      required: false,
      schema: { type: 'string', pattern: '^\\d{1,15}_.+$' },
      description: 'The token returned with the previous page.',
    }),
    ApiQuery({
      name: 'returnTotalResultCount',
      required: false,
      schema: { type: 'boolean', default: false },
      description: 'Count the items of all pages as totalResult.',
    }),
  );
}
