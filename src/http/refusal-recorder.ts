import type { Request } from 'express';

import type { Actor } from '../common/actor.js';
import type { AppError, ErrorCode } from '../common/errors.js';
import { stateOf } from './request-state.js';

/** A request of a known caller that a route has refused. */
export interface RefusedRequest {
  readonly method: string;
  /** The pattern of the route, its parameters as `:name`. */
  readonly route: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Nothing would have been written anyway (contract 1.4). */
  readonly dryRun: boolean;
  readonly codes: readonly ErrorCode[];
  readonly actor: Actor;
  readonly now: Date;
  readonly requestId: string;
  readonly address: string | undefined;
}

/** Is told of refusals before they are answered; `audit` implements it. What it throws changes no answer. */
export abstract class RefusalRecorder {
  abstract record(refused: RefusedRequest): Promise<void>;
}

/** Undefined where nobody known was refused, or no route was asked. */
export function refusedRequest(request: Request, error: AppError): RefusedRequest | undefined {
  const { actor, now, id, address, dryRun = false } = stateOf(request);
  const { path } = (request.route ?? {}) as { readonly path?: unknown };
  if (actor === undefined || typeof path !== 'string') return undefined;
  return {
    method: request.method,
    route: path,
    parameters: request.params as Record<string, string>,
    dryRun,
    codes: error.details.map(({ code }) => code),
    actor,
    now,
    requestId: id,
    address,
  };
}
