import { FairSlots } from './fair-slots.js';

const LIMITS = { slots: 4, share: 1, reserved: 3, maxWaiting: 8, maxWaitingPerKey: 1, waitMs: 10_000 } as const;

const RETRY_AFTER_SECONDS = 10;

/**
 * Turns of clients for requests that may last minutes, such as one that reads all certificates of a client. A client may
 * have one at a time.
 *
 * @param jobs - their name in error messages
 */
export function longRequestTurns(jobs: string): FairSlots {
  return new FairSlots(LIMITS, jobs, RETRY_AFTER_SECONDS);
}
