import type { Actor } from './actor.js';
import type { ErrorCode } from './errors.js';

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
