import type { Request } from 'express';

import type { Actor } from '../common/actor.js';
import type { AppError, ErrorCode } from '../common/errors.js';
import { stateOf } from './request-state.js';

/** A request of an authenticated caller that a route has refused. */
export interface RefusedRequest {
  /** The controller method of the route; its decorators say what the route changes. */
  readonly handler: object;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Whether it was a dry run, which would not have written anything (contract 1.4). */
  readonly dryRun: boolean;
  readonly codes: readonly ErrorCode[];
  readonly actor: Actor;
  readonly now: Date;
  readonly requestId: string;
  readonly address: string | undefined;
}

/** Records refusals before the response is sent; `audit` implements it. An error in it does not change the response. */
export abstract class RefusalRecorder {
  abstract record(refused: RefusedRequest): Promise<void>;
}

/** Undefined if the caller is not authenticated, or no route matched. */
export function refusedRequest(request: Request, error: AppError): RefusedRequest | undefined {
  const { handler, actor, now, id, address, dryRun = false } = stateOf(request);
  if (actor === undefined || handler === undefined) return undefined;
  return {
    handler,
    parameters: request.params as Record<string, string>,
    dryRun,
    codes: error.details.map(({ code }) => code),
    actor,
    now,
    requestId: id,
    address,
  };
}
