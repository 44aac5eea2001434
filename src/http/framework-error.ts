import { HttpException } from '@nestjs/common';
import type { Request } from 'express';

import { type AppError, appError } from '../common/errors.js';
import { allowedMethods, isUndecodable } from './route-table.js';

/**
 * Converts the errors that the framework throws before our code runs: no matching route, a path that cannot be decoded.
 * Any other error is returned unchanged and treated as an internal error.
 */
export function domainErrorOfRequest(thrown: unknown, request: Request): unknown {
  if (!(thrown instanceof HttpException)) return thrown;
  switch (thrown.getStatus()) {
    case 404:
      return noRoute(request);
    case 400:
      return unreadable();
    default:
      return thrown;
  }
}

/** Contract 1.1: 405 if the path exists with another method, otherwise 404; 400 if it cannot be decoded. */
export function noRoute(request: Request): AppError {
  if (isUndecodable(request)) return unreadable();
  const methods = allowedMethods(request);
  // If a route serves this method and still did not match, the path contains something that cannot be an id.
  return methods.length === 0 || methods.includes(request.method)
    ? appError({ code: 'errors.noRecord', message: 'This path does not exist.' })
    : appError({
        code: 'errors.methodNotAllowed',
        message: `This path only supports ${methods.join(', ')}.`,
      });
}

function unreadable(): AppError {
  return appError({ code: 'errors.malformedRequest', message: 'The request cannot be read.' });
}
