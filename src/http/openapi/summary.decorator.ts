import { ApiOperation } from '@nestjs/swagger';

/** What a route does, in one line; then what would surprise a reader of the contract, a sentence each. */
export function Summary(summary: string, ...surprises: readonly string[]): MethodDecorator {
  return ApiOperation({ summary, ...(surprises.length === 0 ? {} : { description: surprises.join(' ') }) });
}
