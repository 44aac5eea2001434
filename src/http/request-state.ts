import type { Request } from 'express';

import type { Actor, Caller } from '../common/actor.js';
import type { ErrorCode } from '../common/errors.js';
import type { IfMatch } from '../common/expected-version.js';
import type { JsonWorker } from './json-worker.js';

/**
 * What the server knows about a request in addition to the request itself. Created first, and read by the handlers and
 * the log.
 */
export interface RequestState {
  readonly id: string;
  /** The time that everything in this request uses. */
  readonly now: Date;
  /** Monotonic, in milliseconds; for durations only. */
  readonly startedAt: number;
  /**
   * The client's address, taking `TRUSTED_PROXIES` into account; undefined if the connection has already been closed.
   */
  readonly address: string | undefined;
  /** Parses large bodies. */
  readonly jsonWorker: JsonWorker;
  /** Aborted with a `CallerLeftError` if the connection closes before the response has been sent. */
  readonly signal: AbortSignal;
  /** The controller method of the route. */
  handler?: object;
  actor?: Actor;
  caller?: Caller;
  ifMatch?: IfMatch;
  /** Whether nothing is to be written (contract 1.4). */
  dryRun?: boolean;
  errorCode?: ErrorCode;
  /** Log-only detail of a refusal. */
  internal?: string;
}

const STATE = Symbol('certkeep.request');

type Carrier = Request & { [STATE]?: RequestState };

export function attachState(request: Request, state: RequestState): void {
  (request as Carrier)[STATE] = state;
}

export function stateOf(request: Request): RequestState {
  const state = (request as Carrier)[STATE];
  if (state === undefined) throw new Error('The request has no state: the request middleware did not run.');
  return state;
}
