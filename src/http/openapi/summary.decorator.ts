import { ApiOperation } from '@nestjs/swagger';

/**
 * Summarises the route in one line. `surprises` are sentences about behaviour that a reader of the contract would not
 * expect.
 */
export function Summary(summary: string, ...surprises: readonly string[]): MethodDecorator {
  return ApiOperation({ summary, ...(surprises.length === 0 ? {} : { description: surprises.join(' ') }) });
}
