import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import type { IfMatch } from './precondition.js';
import { stateOf } from './request-state.js';

/** The If-Match that the guard has parsed; undefined where none was sent. */
export const IfMatchHeader = createParamDecorator(
  (_: unknown, context: ExecutionContext): IfMatch | undefined =>
    stateOf(context.switchToHttp().getRequest<Request>()).ifMatch,
);
