import type { Socket } from 'node:net';

import type { NextFunction, Request, Response } from 'express';

/** Connections on which the last answer is being written, or has been. */
const ended = new WeakSet<Socket>();

const newestRequests = new WeakMap<Socket, Request>();

/** Requests may be pipelined: one that comes after the last answer would be carried out, and its caller never told. */
export function ignoreAfterLastAnswer(request: Request, _response: Response, next: NextFunction): void {
  if (ended.has(request.socket)) return;
  newestRequests.set(request.socket, request);
  next();
}

/** The answer to this request, which has none behind it, is the last of its connection. */
export function makeLastAnswer(request: Request, response: Response): void {
  response.setHeader('Connection', 'close');
  ended.add(request.socket);
}

/**
 * From when `isEnding` says so, every connection ends with the answer to the newest request on it. `prototype`: of the
 * responses. Asked when the head is written: a request that is in flight when the end begins is among the last as well.
 */
export function endConnectionsWhen(prototype: Response, isEnding: () => boolean): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the response below
  const writeHead = prototype.writeHead as (this: Response, ...parts: unknown[]) => Response;
  prototype.writeHead = function (this: Response, ...parts: unknown[]): Response {
    const { req: request } = this;
    const isLast = isEnding() && newestRequests.get(request.socket) === request;
    if (isLast && !this.headersSent) makeLastAnswer(request, this);
    return writeHead.apply(this, parts);
  };
}
