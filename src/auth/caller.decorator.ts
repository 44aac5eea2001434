import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import type { Caller } from '../common/actor.js';
import { stateOf } from '../http/request-state.js';

/** The caller that the guard has authorized. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = stateOf(context.switchToHttp().getRequest<Request>());
  if (caller === undefined) throw new Error('A route without an access decision has no caller.');
  return caller;
});
