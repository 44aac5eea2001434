import { ApiPropertyOptional } from '@nestjs/swagger';

/** The OpenAPI schema of what `common/external-id.ts` accepts. */
export const EXTERNAL_ID_SCHEMA = {
  type: 'string',
  minLength: 1,
  maxLength: 50,
  pattern: '^[A-Za-z0-9\\-@./_:(){}\\[\\]=!~+]{1,50}$',
} as const;

/** Texts by names that the caller has chosen, as they are answered. */
export const TEXT_MAP_SCHEMA = { type: 'object', additionalProperties: { type: 'string' } } as const;

/** An optional instant of a resource, in the form of `formatInstant`. */
export function instant(description: string): PropertyDecorator {
  return ApiPropertyOptional({ type: 'string', format: 'date-time', description, example: '2026-06-01T12:00:00Z' });
}
