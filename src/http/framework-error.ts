import { HttpException } from '@nestjs/common';
import type { Request } from 'express';

import { type AppError, appError } from '../common/errors.js';
import { allowedMethods } from './routes.js';

/**
 * What the framework throws before any code of ours is asked: no such route, a path that cannot be decoded. Everything
 * else that is not ours is a defect and comes back as it is.
 */
export function domainErrorOfRequest(thrown: unknown, request: Request): unknown {
  if (!(thrown instanceof HttpException)) return thrown;
  switch (thrown.getStatus()) {
    case 404:
      return noRoute(request);
    case 400:
      return appError({ code: 'errors.malformedRequest', message: 'The request cannot be read.' });
    default:
      return thrown;
  }
}

/** Contract 1.1: 405 where the path is served with another method, else 404. */
export function noRoute(request: Request): AppError {
  const methods = allowedMethods(request);
  // A route that would serve the method has passed the path on: it holds what can be no id.
  return methods.length === 0 || methods.includes(request.method)
    ? appError({ code: 'errors.noRecord', message: 'There is no such path.' })
    : appError({
        code: 'errors.methodNotAllowed',
        message: `This path is served with ${methods.join(', ')} only.`,
      });
}
