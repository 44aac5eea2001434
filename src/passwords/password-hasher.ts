import { availableParallelism } from 'node:os';

import { FairSlots, type FairSlotsLimits } from '../common/fair-slots.js';
import { partOfWorker } from '../common/part-of-worker.js';
import { decoyHash, hashPassword, verifyPassword } from './argon2id.js';

/** Contract 4.8: limit per client; each computation uses 19 MiB. */
const MAX_PER_CLIENT = 4;

/**
 * The number of parallel computations leaves one core for other requests. Each computation occupies a core for about 20
 * ms; with four of them on two cores, a concurrent read took twelve times as long.
 */
const COMPUTING = Math.max(1, Math.min(4, availableParallelism() - 1));

/** With only one, two logins of a client would be refused if the same worker happens to get them at once. */
const MIN_PER_CLIENT = 2;

function limitsOf(workers: number): FairSlotsLimits {
  const slots = partOfWorker(COMPUTING, workers, 1);
  const ofClient = partOfWorker(MAX_PER_CLIENT, workers, MIN_PER_CLIENT);
  return {
    slots,
    share: Math.max(1, Math.floor(slots / 2)),
    reserved: slots > 1 ? 1 : 0,
    maxPerKey: ofClient,
    maxWaitingPerKey: ofClient,
    // About four seconds if only one is computed at a time.
    maxWaiting: 200,
    waitMs: 5_000,
  };
}

/** Runs every argon2id computation of this process; clients take turns. */
export class PasswordHasher {
  readonly queue: FairSlots;

  /**
   * The hash of no known password: checking a password that does not exist must cost as much as checking one that does.
   */
  private readonly decoy = decoyHash();

  /** `workers`: the number of processes that share the cores. */
  constructor(workers = 1) {
    this.queue = new FairSlots(limitsOf(workers), 'passwords');
  }

  /** Throws a 503 early if the queue is full. */
  requireRoom(clientExtId: string): void {
    this.queue.requireRoom(clientExtId);
  }

  /** @param signal - of the caller; nothing is computed if it is aborted while waiting */
  async hash(clientExtId: string, password: string, signal: AbortSignal | undefined): Promise<string> {
    return await this.queue.run(clientExtId, signal, async () => await hashPassword(password));
  }

  /**
   * Whether the password matches the hash. Without a hash the result is false, at the same cost. `signal` as in `hash`.
   */
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
