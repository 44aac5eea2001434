import { ApiPropertyOptional } from './swagger.js';

/** The OpenAPI schema of what `common/external-id.ts` accepts. */
export const EXTERNAL_ID_SCHEMA = {
  type: 'string',
  minLength: 1,
  maxLength: 50,
  pattern: '^[A-Za-z0-9\\-@./_:(){}\\[\\]=!~+]{1,50}$',
} as const;

/** Texts by names that the caller has chosen, as they are answered. */
export const TEXT_MAP_SCHEMA = { type: 'object', additionalProperties: { type: 'string' } } as const;

export const PAGINATION_SCHEMA = {
  type: 'object',
  required: ['limit'],
  properties: {
    continuationToken: { type: 'string', description: 'Present only when there is a next page.' },
    limit: { type: 'integer' },
    totalResult: { type: 'integer', description: 'Present only if returnTotalResultCount=true.' },
    heldFrom: {
      type: 'string',
      format: 'date-time',
      description: 'In an audit log from which retention has dropped what was before.',
    },
  },
} as const;

export const CLASSIFICATIONS_SCHEMA = { type: 'object', maxProperties: 0, description: 'Always empty.' } as const;

/** An optional instant of a resource, in the form of `formatInstant`. */
export function instant(description: string): PropertyDecorator {
  return ApiPropertyOptional({ type: 'string', format: 'date-time', description, example: '2026-06-01T12:00:00Z' });
}
