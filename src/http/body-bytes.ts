import type { Request } from 'express';

import { type AppError, appError } from '../common/errors.js';
import { LARGE_BYTES, LargeBodies, READING_MS, tooSlow } from './large-bodies.js';

/** Shared by the whole process: only one large body is being parsed at a time. */
export const largeBodies = new LargeBodies();

export function hasBody(request: Request): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Chunks may have no octets (RFC 9112 section 7.1), which is known when the first one or the end has arrived. */
export async function hasContent(request: Request): Promise<boolean> {
  if (request.headers['transfer-encoding'] === undefined) return hasBody(request);
  const { promise, resolve } = Promise.withResolvers<void>();
  const events = ['readable', 'end', 'close'];
  for (const event of events) request.once(event, resolve);
  if (!request.destroyed) await promise;
  for (const event of events) request.off(event, resolve);
  if (request.destroyed && !request.complete) throw bodyInterrupted();
  return request.readableLength > 0;
}

interface ReadBody {
  readonly bytes: Buffer;
  /** Releases the slot under which a large body was read. */
  readonly endReading: (() => void) | undefined;
}

/** Pauses a large body until it has a slot. Until then, at most the first LARGE_BYTES of it are in memory. */
export async function readBytes(
  request: Request,
  clientExtId: string,
  limit: number,
  remedy?: string,
): Promise<ReadBody> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > limit) throw tooLarge(limit, remedy);
  // Nothing more happens to it, not even its end.
  if (request.destroyed) throw bodyInterrupted();
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

export function bodyInterrupted(): AppError {
  return malformed('The connection ended before the whole body was received.');
}

export function malformed(message: string): AppError {
  return appError({ code: 'errors.malformedRequest', message });
}

function tooLarge(limit: number, remedy: string | undefined): AppError {
  return appError({
    code: 'errors.payloadTooLarge',
    message: [`The body is larger than ${limit / 1024} KiB.`, ...(remedy === undefined ? [] : [remedy])].join(' '),
  });
}
