import type { Request } from 'express';

import { LINGER_BYTES } from './raw-answer.js';

/** Up to this size, the rest of a body is read, which costs less than a new connection. */
const SMALL = 64 * 1024;

/**
 * Whether a response that is sent before the body was read closes the connection. It is closed only after the body has
 * arrived or `Connections` has waited long enough: closing a socket with unread data resets the connection, and the
 * reset may overtake the response (RFC 9112 section 9.6).
 */
export function closeAfterUnreadBody(request: Request): boolean {
  const { socket } = request;
  if (request.complete || socket.destroyed || isSmall(request)) return false;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) socket.destroy();
  });
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

/**
 * A body without a length may have any size. If the response is sent at once, even a request without a body is not
 * complete yet.
 */
function isSmall({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= SMALL;
}
