import type { Request } from 'express';

import { LINGER_BYTES } from './raw-answer.js';

/** As much is read on without closing: it costs less than a new connection. */
const SMALL = 64 * 1024;

/**
 * For an answer that is sent before the body was read: whether it ends the connection. It does so not before the body
 * has come, or `Connections` has waited long enough. A socket that is closed with bytes unread is reset, and the reset overtakes the answer (RFC 9112
 * section 9.6).
 */
export function closeAfterUnreadBody(request: Request): boolean {
  const { socket } = request;
  if (request.complete || socket.destroyed || isSmall(request)) return false;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) socket.destroy();
  });
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

/** One without a length may be of any size. An answer that comes at once finds even a request without a body incomplete. */
function isSmall({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= SMALL;
}
