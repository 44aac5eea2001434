import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from 'pino';

import type { ErrorDetail } from '../common/errors.js';

/** What Node calls it, and what it is on the wire (contract 7.1: 408 and 431 have the code of a malformed request). */
const UNREADABLE: Readonly<Record<string, { status: number; message: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time.' },
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are larger than 16 KiB.' },
};

/** Requests that never become one: the parser gives up on them before any middleware can answer. */
export function answerUnreadableRequests(server: Server, logger: Logger): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // What follows an answer that has begun would be taken for a part of it.
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegunAnswer(socket)) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    const { status, message } = UNREADABLE[error.code ?? ''] ?? { status: 400, message: 'The request cannot be read.' };
    const detail: ErrorDetail = { code: 'errors.malformedRequest', message };
    const body = JSON.stringify({ errors: [{ ...detail, requestId }] });
    socket.end(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Cache-Control: no-store, no-transform',
        `X-Request-Id: ${requestId}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
    logger.info({ requestId, status, code: detail.code, internal: error.code }, 'unreadable request');
  });
}

/** Node keeps the answer in the making at the socket, and asks the same before it writes an error of its own. */
function hasBegunAnswer(socket: Socket): boolean {
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null };
  return answer?.headersSent ?? false;
}
