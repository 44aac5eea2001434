import type { Server } from 'node:http';

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

import { closeConnectionAfter } from './last-answer.js';
import { stateOf } from './request-state.js';

/** RFC 9112 section 3.2: a host, which may be empty, and an optional port. */
const HOST = /^(?:\[[\dA-Fa-f:.]+\]|[\w\-.~!$&'()*+,;=%]*)(?::\d{0,5})?$/;

const CONTINUE = /^100-continue$/i;

interface Fault {
  readonly status: 400 | 417;
  readonly message: string;
}

/**
 * Refuses requests that Node's parser accepts but that another program on the way might interpret differently (request
 * smuggling), and closes the connection before the request is processed any further. Errors that Node would send
 * without a body get ours.
 */
export function refuseMalformedMessages(app: NestExpressApplication, server: Server): void {
  // An option of http.createServer, which Nest calls without options; Node reads it with each request.
  Object.assign(server, { requireHostHeader: false });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  app.use((request: Request, response: Response, next: NextFunction) => {
    const fault = faultOf(request);
    if (fault !== undefined) {
      refuse(request, response, fault);
      return;
    }
    // No upgrade is supported, and ignoring one is correct (RFC 9110 section 7.8). Node loses data after a request that
    // asks for an upgrade, so this is the last one on its connection.
    if (request.headers.upgrade !== undefined) closeConnectionAfter(request, response);
    next();
  });
}

function faultOf(request: Request): Fault | undefined {
  const { headers, httpVersion } = request;
  const isOld = httpVersion === '1.0';
  if (!isOld && httpVersion !== '1.1') return malformed('The version of HTTP must be 1.0 or 1.1.');
  const coding = headers['transfer-encoding'];
  // RFC 9112 section 6.1: with another coding, the encoded bytes would be read as the body.
  if (coding !== undefined && (isOld || coding.trim().toLowerCase() !== 'chunked')) {
    return malformed('Transfer-Encoding must be chunked only.');
  }
  const hosts = countHosts(request.rawHeaders);
  if (hosts > 1 || (hosts === 0 && !isOld)) return malformed('The request must have exactly one Host header.');
  if (!HOST.test(headers.host ?? '')) return malformed('The Host header is not a valid host.');
  if (!isTarget(request.originalUrl)) return malformed('The request target must be a path, or an http or https URL.');
  // RFC 9110 section 10.1.1: Expect is ignored in HTTP/1.0.
  if (headers.expect !== undefined && !isOld && !CONTINUE.test(headers.expect)) {
    return { status: 417, message: 'The only supported expectation is 100-continue.' };
  }
  return undefined;
}

/** A path or a URL, without a fragment (RFC 9112 section 3.2); `*` is allowed for OPTIONS. */
function isTarget(target: string): boolean {
  return (target.startsWith('/') || target === '*' || /^https?:\/\//i.test(target)) && !target.includes('#');
}

/** Node drops a repeated header, but a proxy may have used it. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

function refuse(request: Request, response: Response, { status, message }: Fault): void {
  const state = stateOf(request);
  const code = 'errors.malformedRequest';
  state.errorCode = code;
  closeConnectionAfter(request, response);
  response.status(status).json({ errors: [{ code, message, requestId: state.id }] });
}

function malformed(message: string): Fault {
  return { status: 400, message };
}
