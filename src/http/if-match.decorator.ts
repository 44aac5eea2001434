import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import type { IfMatch } from '../common/expected-version.js';
import { ApiHeader } from './openapi/swagger.js';
import { documentedBy } from './request-body.decorator.js';
import { stateOf } from './request-state.js';

const readIfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): IfMatch | undefined =>
    stateOf(context.switchToHttp().getRequest<Request>()).ifMatch,
);

/** The If-Match that the guard has parsed; undefined if none was sent. */
export function IfMatchHeader(): ParameterDecorator {
  return documentedBy(
    readIfMatch(),
    ApiHeader({
      name: 'If-Match',
      required: false,
      schema: { type: 'string', example: '"3"' },
      description:
        'One or more ETags, one of which must be the current one, or `*` for any version. Weak ETags never match.',
    }),
  );
}
