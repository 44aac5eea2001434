import { FairSlots } from './fair-slots.js';

const LIMITS = { slots: 4, share: 1, reserved: 3, maxWaiting: 8, maxWaitingPerKey: 1, waitMs: 10_000 } as const;

const RETRY_AFTER_SECONDS = 10;

/** `jobs`: their name in error messages. */
const turns = (jobs: string): FairSlots => new FairSlots(LIMITS, jobs, RETRY_AFTER_SECONDS);

/**
 * Turns of clients for requests that may last minutes, such as one that reads all certificates of a client. A client may
 * have one of each kind at a time.
 */
export class LongRequestTurns {
  readonly certificateExports = turns('exports of certificates');
  readonly userExports = turns('exports of users');
  /** Also their dry runs. */
  readonly imports = turns('imports');
  readonly dryRuns = turns('dry runs');
  readonly forecasts = turns('forecasts');
  readonly simulations = turns('simulations');
}
