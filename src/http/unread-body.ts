import type { Request } from 'express';

import { FairSlots } from '../common/fair-slots.js';
import { LINGER_BYTES } from './raw-answer.js';
import { stateOf } from './request-state.js';

/** Up to this size, the rest of a body is read, which costs less than a new connection. */
const SMALL = 64 * 1024;

/**
 * Slots for reading the rest of refused bodies, by address. Reading a body only to drop it costs as much as reading one
 * that is used. `Connections` ends the connections that wait for a slot.
 */
export const unreadBodies = new FairSlots({
  slots: 4,
  share: 1,
  reserved: 2,
  maxWaiting: Infinity,
  maxWaitingPerKey: Infinity,
  waitMs: 30_000,
});

/**
 * Whether a response that is sent before the body was read closes the connection. It is closed only after the body has
 * arrived or `Connections` has waited long enough: closing a socket with unread data resets the connection, and the
 * reset may overtake the response (RFC 9112 section 9.6).
 */
export function closeAfterUnreadBody(request: Request): boolean {
  const { socket } = request;
  if (request.complete || socket.destroyed || isSmall(request)) {
    // A reader that failed halfway has paused the body, and the next request of the connection waits behind it.
    if (request.isPaused()) request.resume();
    return false;
  }
  readRest(request);
  // Node calls this after the last response, and would close both directions at once.
  socket.destroySoon = () => {
    const close = (): unknown => socket.destroy();
    // Both directions are finished: the response has been written and the body read.
    socket.end(() => {
      if (request.complete) close();
      else request.once('end', close);
    });
  };
  return true;
}

function readRest(request: Request): void {
  const { socket } = request;
  let bytes = 0;
  request.pause();
  // Node reads and drops whatever has never been read as soon as the response has been sent.
  request.read(0);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) socket.destroy();
  });
  const left = new AbortController();
  socket.once('close', () => left.abort());
  // This was the last response of the connection, so the connection closes when the body has been read.
  const begin = (release: () => void): void => {
    if (socket.destroyed) release();
    else socket.once('close', release);
    request.resume();
  };
  unreadBodies.acquire(stateOf(request).address ?? '', left.signal).then(begin, () => socket.destroy());
}

/**
 * A body without a length may have any size. If the response is sent at once, even a request without a body is not
 * complete yet.
 */
function isSmall({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= SMALL;
}
