import type { Server } from 'node:http';

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

import { makeLastAnswer } from './last-answer.js';
import { stateOf } from './request-state.js';

/** RFC 9112 section 3.2: what names a host, which may be empty, and a port. */
const HOST = /^(?:\[[\dA-Fa-f:.]+\]|[\w\-.~!$&'()*+,;=%]*)(?::\d{0,5})?$/;

const CONTINUE = /^100-continue$/i;

interface Fault {
  readonly status: 400 | 417;
  readonly message: string;
}

/**
 * What Node's parser lets pass, and another program on the way may read in another way: such a request is refused, and
 * its connection ended, before anything else is made of it. What Node answers without a body gets ours.
 */
export function refuseMalformedMessages(app: NestExpressApplication, server: Server): void {
  // An option of http.createServer, which Nest calls without any; read with each request.
  Object.assign(server, { requireHostHeader: false });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  app.use((request: Request, response: Response, next: NextFunction) => {
    const fault = faultOf(request);
    if (fault !== undefined) {
      refuse(request, response, fault);
      return;
    }
    // No upgrade is known, and none is an error (RFC 9110 section 7.8). Node loses bytes behind a request that asks for one.
    if (request.headers.upgrade !== undefined) makeLastAnswer(request, response);
    next();
  });
}

function faultOf(request: Request): Fault | undefined {
  const { headers, httpVersion } = request;
  const isOld = httpVersion === '1.0';
  if (!isOld && httpVersion !== '1.1') return malformed('The version of HTTP must be 1.0 or 1.1.');
  const coding = headers['transfer-encoding'];
  // RFC 9112 section 6.1: a coding that is not undone would be taken for the body itself.
  if (coding !== undefined && (isOld || coding.trim().toLowerCase() !== 'chunked')) {
    return malformed('Transfer-Encoding must be chunked, and nothing else.');
  }
  const hosts = countHosts(request.rawHeaders);
  if (hosts > 1 || (hosts === 0 && !isOld)) return malformed('There must be one header Host.');
  if (!HOST.test(headers.host ?? '')) return malformed('The header Host names no host.');
  if (!isTarget(request.originalUrl)) return malformed('The request target must be a path, or a URL of http or https.');
  // RFC 9110 section 10.1.1: HTTP/1.0 knows no expectations.
  if (headers.expect !== undefined && !isOld && !CONTINUE.test(headers.expect)) {
    return { status: 417, message: 'The only expectation that can be met is 100-continue.' };
  }
  return undefined;
}

/** A path or a URL, without a fragment (RFC 9112 section 3.2); `*` is what OPTIONS may ask for. */
function isTarget(target: string): boolean {
  return (target.startsWith('/') || target === '*' || /^https?:\/\//i.test(target)) && !target.includes('#');
}

/** Node drops a second one, where a proxy may have gone by it. */
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
  makeLastAnswer(request, response);
  response.status(status).json({ errors: [{ code, message, requestId: state.id }] });
}

function malformed(message: string): Fault {
  return { status: 400, message };
}
