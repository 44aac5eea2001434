import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { NextFunction, Request, Response } from 'express';

import { closeAfterUnreadBody } from './unread-body.js';

/** More pipelined requests than any client sends without reading a response. */
const MAX_UNANSWERED = 100;

/** Connections whose last response is being written or has been written. */
const ended = new WeakSet<Socket>();

/** The newest request of each connection, and the number of its requests whose responses have not ended. */
const queues = new WeakMap<Socket, { newest: Response; unanswered: number }>();

/**
 * Requests may be pipelined. Each is executed after the previous one has been answered (RFC 9112 section 9.3.2), so
 * that a client that reads no responses makes the server prepare only one. A request after the last response is not
 * executed, because its caller would never receive the result.
 */
export function answerInOrder(request: Request, response: Response, next: NextFunction): void {
  const { socket } = request;
  if (ended.has(socket)) return;
  const queue = queues.get(socket) ?? { newest: response, unanswered: 0 };
  queues.set(socket, queue);
  const before = queue.newest;
  queue.newest = response;
  queue.unanswered += 1;
  response.once('close', () => (queue.unanswered -= 1));
  if (queue.unanswered === 1) {
    next();
    return;
  }
  if (queue.unanswered > MAX_UNANSWERED) {
    socket.destroy();
    return;
  }
  before.once('close', () => {
    if (!ended.has(socket) && !socket.destroyed) next();
  });
}

/** The response to the newest request on this connection, whether begun or not. */
export function newestResponseOn(socket: Socket): Response | undefined {
  return queues.get(socket)?.newest;
}

/**
 * The response that Node is working on. Node stores it on the socket and checks it before it writes an error itself.
 */
export function pendingResponse(socket: Socket): ServerResponse | undefined {
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null };
  return answer ?? undefined;
}

/** Makes the response to this request, which must be the newest, the last one on its connection. */
export function closeConnectionAfter(request: Request, response: Response): void {
  response.setHeader('Connection', 'close');
  ended.add(request.socket);
}

/**
 * Once `isEnding` returns true, every connection is closed after the response to its newest request. A connection with
 * a request body that was not fully received is always closed. `prototype` is the prototype of the responses. This is
 * evaluated when the head is written, so that requests in flight at the time of shutdown are included.
 */
export function closeConnectionsWhen(prototype: Response, isEnding: () => boolean): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the response below
  const writeHead = prototype.writeHead as (this: Response, ...parts: unknown[]) => Response;
  prototype.writeHead = function (this: Response, ...parts: unknown[]): Response {
    const { req: request } = this;
    if (!this.headersSent) {
      if (isEnding() && newestResponseOn(request.socket) === this) closeConnectionAfter(request, this);
      if (closeAfterUnreadBody(request)) closeConnectionAfter(request, this);
    }
    return writeHead.apply(this, parts);
  };
}
