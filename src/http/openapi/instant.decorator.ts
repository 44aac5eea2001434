import { ApiPropertyOptional } from '@nestjs/swagger';

/** An optional instant of a resource, in the form of `formatInstant`. */
export function instant(description: string): PropertyDecorator {
  return ApiPropertyOptional({ type: 'string', format: 'date-time', description, example: '2026-06-01T12:00:00Z' });
}
