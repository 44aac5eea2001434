import { randomUUID } from 'node:crypto';

import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';

import type { Clock } from '../common/clock.js';
import { CallerLeftError } from '../common/errors.js';
import { plainAddress } from '../config/networks.js';
import type { Settings } from '../config/settings.js';
import { TrustedProxies } from './client-address.js';
import type { JsonWorker } from './json-worker.js';
import { asciiOf } from './logger.js';
import type { Metrics } from './metrics.js';
import { isProbe } from './probes.js';
import { attachState, type RequestState } from './request-state.js';

const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/;

/** For responses that only programs read: no framing, MIME sniffing, caching or referrer. */
const SECURITY_HEADERS = {
  // A proxy that compressed a response would weaken or change its ETag (contract 3.5).
  'Cache-Control': 'no-store, no-transform',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/**
 * Runs before everything else, and writes one structured log event when the response has been sent. An interceptor
 * would miss every request that a guard refuses.
 */
export function requestMiddleware(
  settings: Settings,
  clock: Clock,
  logger: Logger,
  metrics: Metrics,
  jsonWorker: JsonWorker,
) {
  const proxies = new TrustedProxies(settings.trustedProxies);
  const isEmbedded = settings.database.url === undefined;
  return (request: Request, response: Response, next: NextFunction): void => {
    const peer = plainAddress(request.socket.remoteAddress);
    const sent = request.headers['x-request-id'];
    const isKept = typeof sent === 'string' && (isEmbedded || proxies.has(peer)) && REQUEST_ID.test(sent);
    const id = isKept ? sent : randomUUID();
    const address = proxies.clientOf(peer, request.headers['x-forwarded-for']);
    const presence = new AbortController();
    const { signal } = presence;
    const state: RequestState = { id, now: clock.now(), startedAt: performance.now(), address, signal, jsonWorker };
    attachState(request, state);
    response.setHeader('X-Request-Id', id);
    for (const name in SECURITY_HEADERS) {
      response.setHeader(name, SECURITY_HEADERS[name as keyof typeof SECURITY_HEADERS]);
    }
    response.once('close', () => {
      if (!response.writableFinished) presence.abort(new CallerLeftError());
      const milliseconds = performance.now() - state.startedAt;
      metrics.observe(request, response, milliseconds);
      logger[levelOf(request)](eventOf(request, response, state, milliseconds), 'request');
    });
    next();
  };
}

function levelOf({ path }: Request): 'debug' | 'info' {
  return isProbe(path) ? 'debug' : 'info';
}

/** Never logs the query, which may contain what was searched for, nor any header or body. */
function eventOf(request: Request, response: Response, state: RequestState, milliseconds: number): object {
  const query = request.originalUrl.indexOf('?');
  return {
    requestId: state.id,
    address: state.address,
    method: request.method,
    path: asciiOf(query < 0 ? request.originalUrl : request.originalUrl.slice(0, query)),
    status: response.writableFinished ? response.statusCode : 499,
    milliseconds: Math.round(milliseconds * 10) / 10,
    actor: orAbsent(state.actor?.userExtId),
    actorClient: orAbsent(state.actor?.clientExtId),
    mode: state.caller?.mode,
    code: state.errorCode,
    // The internal reason of a refusal may quote the request.
    internal: orAbsent(state.internal),
  };
}

function orAbsent(text: string | undefined): string | undefined {
  return text === undefined ? undefined : asciiOf(text);
}
