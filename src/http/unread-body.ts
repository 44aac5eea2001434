import type { Request, Response } from 'express';

import { makeLastAnswer } from './last-answer.js';

/** What is left of a body is read on for so long, and so much of it, that its sender comes to read the answer. */
const LINGER_MS = 5_000;
const LINGER_BYTES = 16 * 1024 * 1024;

/** As much is read on without closing: it costs less than a new connection. */
const SMALL = 64 * 1024;

/**
 * For an answer that is sent before the body was read: it ends the connection, but not before the body has come, in
 * bounds. A socket that is closed with bytes unread is reset, and the reset overtakes the answer (RFC 9112 section 9.6).
 */
export function closeAfterUnreadBody(request: Request, response: Response): void {
  const { socket } = request;
  if (request.complete || socket.destroyed || isSmall(request)) return;
  makeLastAnswer(request, response);
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
    const limit = setTimeout(close, LINGER_MS);
    socket.once('close', () => clearTimeout(limit));
  };
}

function isSmall(request: Request): boolean {
  return Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= SMALL;
}
