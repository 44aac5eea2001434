import { availableParallelism } from 'node:os';

import { FairSlots } from '../common/fair-slots.js';
import { hashOfNothing, hashPassword, verifyPassword } from './argon2id.js';

/** Contract 4.8: of one client; each that computes takes 19 MiB. */
const MAX_PER_CLIENT = 4;

/**
 * Of all clients so many compute at once that a core is left to everybody else: each keeps one busy for some 20 ms, and
 * four on two cores made a read that goes on beside them twelve times as slow.
 */
const COMPUTING = Math.max(1, Math.min(4, availableParallelism() - 1));

const LIMITS = {
  slots: COMPUTING,
  share: Math.max(1, Math.floor(COMPUTING / 2)),
  reserved: COMPUTING > 1 ? 1 : 0,
  maxPerKey: MAX_PER_CLIENT,
  maxWaitingPerKey: MAX_PER_CLIENT,
  // Some four seconds where one computes at a time.
  maxWaiting: 200,
  waitMs: 5_000,
};

/** Every argon2id of this process runs here, the clients in turn. */
export class PasswordHasher {
  readonly queue = new FairSlots(LIMITS, 'passwords');

  /** A password that nobody has: what is asked of no password costs as much as what is asked of one. */
  private readonly decoy = hashOfNothing();

  /** Throws the 503 that would come in the end, before anything is done for it. */
  requireRoom(clientExtId: string): void {
    this.queue.requireRoom(clientExtId);
  }

  /** @param signal - of the caller; one who has left while it was waiting needs no hash any more. */
  async hash(clientExtId: string, password: string, signal: AbortSignal | undefined): Promise<string> {
    return await this.queue.run(clientExtId, signal, async () => await hashPassword(password));
  }

  /** Whether it is the password of this hash; of none it never is, at the same cost. `signal` as in `hash`. */
  async matches(
    clientExtId: string,
    hash: string | undefined,
    password: string,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const verify = async () => await verifyPassword(hash ?? this.decoy, password);
    const verified = await this.queue.run(clientExtId, signal, verify);
    return verified && hash !== undefined;
  }
}
