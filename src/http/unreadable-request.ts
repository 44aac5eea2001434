import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from 'pino';

import type { ErrorDetail } from '../common/errors.js';
import { pendingResponse, newestResponseOn } from './last-answer.js';
import { endConnection, rawAnswer } from './raw-answer.js';
import { isBodyStreamed } from './streamed-body.js';

interface Refusal {
  readonly status: number;
  readonly detail: ErrorDetail;
}

/** Node's error codes and the responses to them (contract 7.1: 408 and 431 have the code of a malformed request). */
const UNREADABLE: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: malformed(408, 'The request did not arrive in time.'),
  HPE_HEADER_OVERFLOW: malformed(431, 'The headers are larger than 16 KiB.'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    detail: { code: 'errors.payloadTooLarge', message: 'The chunks of the body carry more than 16 KiB of extensions.' },
  },
};

const NO_TUNNEL: Refusal = {
  status: 405,
  detail: { code: 'errors.methodNotAllowed', message: 'This server is not a proxy and does not support CONNECT.' },
};

/** Responds to requests that the parser rejects, before any middleware can run. */
export function respondToUnreadableRequests(server: Server, logger: Logger): void {
  const answered = new WeakSet<Socket>();
  const answer = (socket: Socket, refusal: Refusal, internal: string | undefined): void => {
    // Node reports again for every further packet and every second of a timeout.
    if (answered.has(socket)) return;
    answered.add(socket);
    runAfterEarlierResponses(socket, () => {
      if (!socket.writable || isAnswered(newestResponseOn(socket))) {
        socket.destroy();
        return;
      }
      const requestId = randomUUID();
      const { status, detail } = refusal;
      const headers = status === 405 ? ['Allow: DELETE, GET, HEAD, PATCH, POST, PUT'] : [];
      endConnection(socket, rawAnswer(status, detail, requestId, headers));
      logger.info({ requestId, status, code: detail.code, internal }, 'unreadable request');
    });
  };
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket: Socket) => {
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT' && isBodyStreamed(socket)) return;
    if (code === 'ECONNRESET') socket.destroy();
    else answer(socket, UNREADABLE[code ?? ''] ?? malformed(400, 'The request cannot be read.'), code);
  });
  server.on('connect', ({ socket }: IncomingMessage) => {
    // Node has removed its own listener.
    socket.on('error', () => undefined);
    answer(socket, NO_TUNNEL, 'CONNECT');
  });
}

/** Earlier requests on the connection were read completely, and their responses must be sent first. */
function runAfterEarlierResponses(socket: Socket, then: () => void): void {
  const pending = pendingResponse(socket);
  if (pending?.req.complete === true) pending.once('close', () => runAfterEarlierResponses(socket, then));
  else then();
}

/** Anything written after a response has begun would be read as part of it, or as the response to the next request. */
function isAnswered(newest: ServerResponse | undefined): boolean {
  return newest?.req.complete === false && newest.headersSent;
}

function malformed(status: number, message: string): Refusal {
  return { status, detail: { code: 'errors.malformedRequest', message } };
}
