import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { NextFunction, Request, Response } from 'express';

import { closeAfterUnreadBody } from './unread-body.js';

/** More than anybody sends without reading an answer. */
const MAX_UNANSWERED = 100;

/** Connections on which the last answer is being written, or has been. */
const ended = new WeakSet<Socket>();

/** The newest request of each connection, and how many of its requests wait for the end of their answers. */
const queues = new WeakMap<Socket, { newest: Response; unanswered: number }>();

/**
 * Requests may be pipelined. Each is carried out when the one before it has been answered (RFC 9112 section 9.3.2), so
 * that who reads no answers makes the server prepare one only. One that comes after the last answer would be carried
 * out, and its caller never told.
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

/** The answer to the newest request on this connection, begun or not. */
export function newestAnswerOn(socket: Socket): Response | undefined {
  return queues.get(socket)?.newest;
}

/** Node keeps it at the socket, and asks the same before it writes an error of its own. */
export function answerInTheMaking(socket: Socket): ServerResponse | undefined {
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null };
  return answer ?? undefined;
}

/** The answer to this request, which has none behind it, is the last of its connection. */
export function makeLastAnswer(request: Request, response: Response): void {
  response.setHeader('Connection', 'close');
  ended.add(request.socket);
}

/**
 * From when `isEnding` says so, every connection ends with the answer to the newest request on it; at any time, with one
 * whose body has not come whole. `prototype`: of the responses. Asked when the head is written: a request that is in
 * flight when the end begins is among the last as well.
 */
export function endConnectionsWhen(prototype: Response, isEnding: () => boolean): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the response below
  const writeHead = prototype.writeHead as (this: Response, ...parts: unknown[]) => Response;
  prototype.writeHead = function (this: Response, ...parts: unknown[]): Response {
    const { req: request } = this;
    if (!this.headersSent) {
      if (isEnding() && newestAnswerOn(request.socket) === this) makeLastAnswer(request, this);
      if (closeAfterUnreadBody(request)) makeLastAnswer(request, this);
    }
    return writeHead.apply(this, parts);
  };
}
