import type { Request } from 'express';

import { FairSlots } from '../common/fair-slots.js';
import { LINGER_BYTES } from './raw-answer.js';
import { stateOf } from './request-state.js';

/** As much is read on without closing: it costs less than a new connection. */
const SMALL = 64 * 1024;

/**
 * By address, two at once of one: reading on costs as much as reading what is wanted. Who waits is not refused, but
 * `Connections` ends it with its connection.
 */
export const readingOn = new FairSlots({
  slots: 4,
  share: 1,
  reserved: 2,
  maxWaiting: Infinity,
  maxWaitingPerKey: Infinity,
  waitMs: 30_000,
});

/**
 * For an answer that is sent before the body was read: whether it ends the connection. It does so not before the body
 * has come, or `Connections` has waited long enough. A socket that is closed with bytes unread is reset, and the reset overtakes the answer (RFC 9112
 * section 9.6).
 */
export function closeAfterUnreadBody(request: Request): boolean {
  const { socket } = request;
  if (request.complete || socket.destroyed || isSmall(request)) {
    // What has stopped in the middle of it has left it paused, and with it the next request of its connection.
    if (request.isPaused()) request.resume();
    return false;
  }
  readOn(request);
  // Node calls it after an answer that ends its connection, and would close both directions at once.
  socket.destroySoon = () => {
    const close = (): unknown => socket.destroy();
    // Both directions are done: the answer has been written, and nothing is left to read.
    socket.end(() => {
      if (request.complete) close();
      else request.once('end', close);
    });
  };
  return true;
}

function readOn(request: Request): void {
  const { socket } = request;
  let bytes = 0;
  request.pause();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) socket.destroy();
  });
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  // With its request the connection ends: this was its last answer.
  const begin = (end: () => void): void => {
    if (socket.destroyed) end();
    else socket.once('close', end);
    request.resume();
  };
  readingOn.acquire(stateOf(request).address ?? '', gone.signal).then(begin, () => socket.destroy());
}

/** One without a length may be of any size. An answer that comes at once finds even a request without a body incomplete. */
function isSmall({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= SMALL;
}
