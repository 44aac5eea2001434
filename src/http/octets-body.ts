import { applyDecorators } from '@nestjs/common';
import type { Request } from 'express';

import { appError } from '../common/errors.js';
import { malformed, readBytes } from './body-bytes.js';
import { hasContentCoding, mediaTypeOf } from './headers.js';
import { ApiBody, ApiConsumes } from './openapi/swagger.js';
import { stateOf } from './request-state.js';

/** Documents a body of this media type, which `takeOctets` reads. */
export function OctetsBody(type: string): MethodDecorator {
  return applyDecorators(ApiConsumes(type), ApiBody({ required: true, schema: { type: 'string', format: 'binary' } }));
}

/**
 * Reads the body and hands it to `take`. A large one keeps its slot until `take` has ended, so that only a few are in
 * memory.
 *
 * @param limit - in octets
 */
export async function takeOctets<Value>(
  request: Request,
  { type, limit }: { readonly type: string; readonly limit: number },
  take: (bytes: Buffer) => Promise<Value>,
): Promise<Value> {
  if (mediaTypeOf(request).type !== type || hasContentCoding(request)) {
    const message = `The body must be ${type}, without a content coding.`;
    throw appError({ code: 'errors.unsupportedMediaType', message, field: 'Content-Type' });
  }
  const { bytes, endReading } = await readBytes(request, stateOf(request).actor?.clientExtId ?? '', limit);
  try {
    if (bytes.length === 0) throw malformed('A body is required.');
    return await take(bytes);
  } finally {
    endReading?.();
  }
}
