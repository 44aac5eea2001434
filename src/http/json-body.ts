import type { Request } from 'express';

import { type AppError, appError } from '../common/errors.js';
import { bodyInterrupted, hasBody, largeBodies, malformed, readBytes } from './body-bytes.js';
import { hasContentCoding, isUtf8Charset, mediaTypeOf } from './headers.js';
import { parseJson } from './json-text.js';
import { LARGE_BYTES } from './large-bodies.js';
import { MAX_DEPTH, MAX_VALUES } from './large-json.js';
import { stateOf } from './request-state.js';

/** Contract 7.1: maximum size in bytes of a body, unless the route declares another limit. */
export const BODY_LIMIT = 128 * 1024;

const JSON_TYPES: readonly string[] = ['application/json', 'application/merge-patch+json'];

/** Reads a JSON object. Media type, size and form are checked in the order of contract 7.2. */
export async function readJsonObject(request: Request, limit: number): Promise<Record<string, unknown>> {
  return await readJson(request, limit, (value) => {
    if (!isJsonObject(value)) throw malformed('The body must be a JSON object.');
    return value;
  });
}

/**
 * Like `readJsonObject`, for routes that accept other JSON values too. Returns the result of `take`. In a large body,
 * an array of many byte values becomes a Uint8Array. `remedy`: a sentence that tells the caller what to do if the body
 * is too large.
 */
export async function readJson<Value>(
  request: Request,
  limit: number,
  take: (value: unknown) => Value,
  remedy?: string,
): Promise<Value> {
  checkMediaType(request);
  const clientExtId = stateOf(request).actor?.clientExtId ?? '';
  const { bytes, endReading } = await readBytes(request, clientExtId, limit, remedy);
  try {
    if (bytes.length === 0) throw malformed('A JSON body is required.');
    if (bytes.length <= LARGE_BYTES) return take(valueOf(bytes));
    const sender = { clientExtId, hasLeft: () => request.socket.destroyed };
    return await largeBodies.parse(sender, async () => take(await largeValueOf(request, bytes)), bodyInterrupted);
  } finally {
    endReading?.();
  }
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function checkMediaType(request: Request): void {
  const { type, parameters } = mediaTypeOf(request);
  const typeFits =
    request.headers['content-type'] === undefined
      ? !hasBody(request)
      : JSON_TYPES.includes(type) && isUtf8Charset(parameters['charset']);
  if (typeFits && !hasContentCoding(request)) return;
  throw appError({
    code: 'errors.unsupportedMediaType',
    message: 'The body must be application/json in UTF-8, without a content coding.',
    field: 'Content-Type',
  });
}

function valueOf(bytes: Buffer): unknown {
  const parsed = parseJson(bytes);
  if (parsed.ok) return parsed.value;
  throw parsed.isRefused ? invalidBody(`The body ${parsed.message}.`) : malformed(`The body ${parsed.message}.`);
}

/** Parsed in a worker thread, so that other requests are served meanwhile. */
async function largeValueOf(request: Request, bytes: Buffer): Promise<unknown> {
  const parsed = await stateOf(request).jsonWorker.parse(bytes);
  if (parsed.kind === 'parsed') return parsed.value;
  if (parsed.kind === 'malformed') throw malformed(`The body ${parsed.message}.`);
  throw invalidBody(
    parsed.kind === 'refused'
      ? `The body ${parsed.message}.`
      : `A body over ${LARGE_BYTES / 1024} KiB holds at most ${MAX_VALUES} values, ${MAX_DEPTH} levels deep.`,
  );
}

function invalidBody(message: string): AppError {
  return appError({ code: 'errors.invalidData', message, field: 'body' });
}
