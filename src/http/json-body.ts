import type { Request } from 'express';

import { type AppError, appError } from '../common/errors.js';
import { isUtf8Charset, mediaTypeOf } from './headers.js';
import { parseJson } from './json-text.js';
import { LARGE_BYTES, LargeBodies, READING_MS, tooSlow } from './large-bodies.js';
import { MAX_DEPTH, MAX_VALUES } from './large-json.js';
import { stateOf } from './request-state.js';

/** Contract 7.1: maximum size in bytes of a body, unless the route declares another limit. */
export const BODY_LIMIT = 128 * 1024;

const JSON_TYPES: readonly string[] = ['application/json', 'application/merge-patch+json'];

/** Shared by the whole process: only one large body is being parsed at a time. */
export const largeBodies = new LargeBodies();

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
  const encoding = request.headers['content-encoding'];
  const typeFits =
    request.headers['content-type'] === undefined
      ? !hasBody(request)
      : JSON_TYPES.includes(type) && isUtf8Charset(parameters['charset']);
  if (typeFits && (encoding === undefined || encoding.toLowerCase() === 'identity')) return;
  throw appError({
    code: 'errors.unsupportedMediaType',
    message: 'The body must be application/json in UTF-8, without a content coding.',
    field: 'Content-Type',
  });
}

function hasBody(request: Request): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

interface ReadBody {
  readonly bytes: Buffer;
  /** Releases the slot under which a large body was read. */
  readonly endReading: (() => void) | undefined;
}

/** Pauses a large body until it has a slot. Until then, at most the first LARGE_BYTES of it are in memory. */
async function readBytes(
  request: Request,
  clientExtId: string,
  limit: number,
  remedy: string | undefined,
): Promise<ReadBody> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > limit) throw tooLarge(limit, remedy);
  const ended = new AbortController();
  let turn: Promise<() => void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const takeTurn = (): void => {
    request.pause();
    turn = largeBodies.beginReading(clientExtId, ended.signal);
    turn.then(() => {
      if (ended.signal.aborted) return;
      timer = setTimeout(() => reject(tooSlow()), READING_MS);
      request.resume();
    }, reject);
  };
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > limit) {
      reject(tooLarge(limit, remedy));
      return;
    }
    chunks.push(chunk);
    if (size > LARGE_BYTES && turn === undefined) takeTurn();
  };
  if (length > LARGE_BYTES) takeTurn();
  request.on('data', onData);
  request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  request.once('error', () => reject(bodyInterrupted()));
  request.once('aborted', () => reject(bodyInterrupted()));
  try {
    const bytes = await promise;
    return { bytes, endReading: await turn };
  } catch (error) {
    ended.abort(error);
    void turn?.then(
      (endReading) => endReading(),
      () => undefined,
    );
    // Whether the rest is read is decided with the response (`closeAfterUnreadBody`).
    request.off('data', onData).pause();
    throw error;
  } finally {
    clearTimeout(timer);
    // The request and its listeners live longer than the body; release the memory now.
    chunks.length = 0;
  }
}

function valueOf(bytes: Buffer): unknown {
  const parsed = parseJson(bytes);
  if (!parsed.ok) throw malformed(`The body ${parsed.message}.`);
  return parsed.value;
}

/** Parsed in a worker thread, so that other requests are served meanwhile. */
async function largeValueOf(request: Request, bytes: Buffer): Promise<unknown> {
  const parsed = await stateOf(request).jsonWorker.parse(bytes);
  if (parsed.kind === 'parsed') return parsed.value;
  if (parsed.kind === 'malformed') throw malformed(`The body ${parsed.message}.`);
  throw appError({
    code: 'errors.invalidData',
    message: `A body over ${LARGE_BYTES / 1024} KiB holds at most ${MAX_VALUES} values, ${MAX_DEPTH} levels deep.`,
    field: 'body',
  });
}

function bodyInterrupted(): AppError {
  return malformed('The connection ended before the whole body was received.');
}

function malformed(message: string): AppError {
  return appError({ code: 'errors.malformedRequest', message });
}

function tooLarge(limit: number, remedy: string | undefined): AppError {
  return appError({
    code: 'errors.payloadTooLarge',
    message: [`The body is larger than ${limit / 1024} KiB.`, ...(remedy === undefined ? [] : [remedy])].join(' '),
  });
}
