import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from 'pino';

import type { ErrorDetail } from '../common/errors.js';
import { answerInTheMaking, newestAnswerOn } from './last-answer.js';
import { endConnection, rawAnswer } from './raw-answer.js';

interface Refusal {
  readonly status: number;
  readonly detail: ErrorDetail;
}

/** What Node calls it, and what it is on the wire (contract 7.1: 408 and 431 have the code of a malformed request). */
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
  detail: { code: 'errors.methodNotAllowed', message: 'This server is no proxy: there is no CONNECT.' },
};

/** Requests that never become one: the parser gives up on them before any middleware can answer. */
export function answerUnreadableRequests(server: Server, logger: Logger): void {
  const answered = new WeakSet<Socket>();
  const answer = (socket: Socket, refusal: Refusal, internal: string | undefined): void => {
    // Node reports every further packet, and every second of a timeout.
    if (answered.has(socket)) return;
    answered.add(socket);
    afterEarlierAnswers(socket, () => {
      if (!socket.writable || isAnswered(newestAnswerOn(socket))) {
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
    if (code === 'ECONNRESET') socket.destroy();
    else answer(socket, UNREADABLE[code ?? ''] ?? malformed(400, 'The request cannot be read.'), code);
  });
  server.on('connect', ({ socket }: IncomingMessage) => {
    // Node has taken its own listener away.
    socket.on('error', () => undefined);
    answer(socket, NO_TUNNEL, 'CONNECT');
  });
}

/** The requests before this one have been read whole, and their senders wait for answers in the same order. */
function afterEarlierAnswers(socket: Socket, then: () => void): void {
  const pending = answerInTheMaking(socket);
  if (pending?.req.complete === true) pending.once('close', () => afterEarlierAnswers(socket, then));
  else then();
}

/** What follows an answer that has begun would be taken for a part of it, or for the answer to the next request. */
function isAnswered(newest: ServerResponse | undefined): boolean {
  return newest?.req.complete === false && newest.headersSent;
}

function malformed(status: number, message: string): Refusal {
  return { status, detail: { code: 'errors.malformedRequest', message } };
}
