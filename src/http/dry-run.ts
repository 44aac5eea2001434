import { SetMetadata } from '@nestjs/common';
import type { Request } from 'express';

import { type AppError, appError } from '../common/errors.js';
import { isRead } from './is-read.js';
import { invalidParameter } from './query.js';

const REHEARSABLE = 'certkeep:rehearsable';

/** Says of a route that it takes `?dryRun=true` (contract 1.4). */
export function MayBeRehearsed(): MethodDecorator {
  return SetMetadata(REHEARSABLE, true);
}

/**
 * What a request says of a dry run: that it is one; nothing; or `denied`, because its route has none and would do for
 * real what was only asked about.
 */
export function dryRunOf(request: Request, handler: object): 'asked' | 'none' | 'denied' {
  const start = request.originalUrl.indexOf('?');
  if (start < 0 || isRead(request)) return 'none';
  const query = new URLSearchParams(request.originalUrl.slice(start + 1));
  if (!query.has('dryRun')) return 'none';
  if (Reflect.getMetadata(REHEARSABLE, handler) !== true) return 'denied';
  return query.get('dryRun') === 'true' ? 'asked' : 'none';
}

export function noDryRun(): AppError {
  return appError(invalidParameter('dryRun', 'This path has no dry run; the request would be carried out.'));
}
