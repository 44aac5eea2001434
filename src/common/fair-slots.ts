import { AppError, appError } from './errors.js';

export interface FairSlotsLimits {
  /** How many may be at work at once. */
  readonly slots: number;
  /** What a key may hold of them while others wait. */
  readonly share: number;
  /** What a key that holds more than its share leaves free, so that the next one to come need not wait. */
  readonly reserved: number;
  /** How many may wait, of all keys and of one. */
  readonly maxWaiting: number;
  readonly maxWaitingPerKey: number;
  /** What a key may hold and have waiting together; where it is absent, only what waits is bounded. */
  readonly maxPerKey?: number;
  /** Milliseconds after which whoever still waits is refused. */
  readonly waitMs: number;
}

/** Why a job was refused, as the metrics call it. */
export const REFUSAL_REASONS = ['client_limit', 'overloaded', 'waited_too_long'] as const;
type RefusalReason = (typeof REFUSAL_REASONS)[number];

type Release = () => void;

type Waiter = (release: Release) => void;

/**
 * A bounded number of slots that keys, such as clients, take in turn: whatever one key asks for, another one's next
 * request waits for one round at the most.
 */
export class FairSlots {
  private readonly held = new Map<string, number>();
  /** In the order of their turns; a key that has been served goes to the end. */
  private readonly queues = new Map<string, Waiter[]>();
  private readonly refused: Record<RefusalReason, number> = { client_limit: 0, overloaded: 0, waited_too_long: 0 };
  private free: number;
  private waiting = 0;

  /** `jobs`: what refusals call them; `retryAfterSeconds`: when they say to come again. */
  constructor(
    private readonly limits: FairSlotsLimits,
    private readonly jobs = 'requests',
    private readonly retryAfterSeconds = 1,
  ) {
    this.free = limits.slots;
  }

  get waitingCount(): number {
    return this.waiting;
  }

  get heldCount(): number {
    return this.limits.slots - this.free;
  }

  /** Of one key. */
  get largestHeldCount(): number {
    return Math.max(0, ...this.held.values());
  }

  /** Since the start. */
  get refusals(): Readonly<Record<RefusalReason, number>> {
    return this.refused;
  }

  /** Whether somebody waits who would be served if this key gave a slot back. */
  isAwaited(key: string): boolean {
    if (this.queues.has(key)) return true;
    if (this.free > 0) return false;
    return [...this.queues.keys()].some((other) => (this.held.get(other) ?? 0) < this.limits.share);
  }

  /**
   * Does `work` in the key's turn. For a caller that has left meanwhile it is not begun.
   *
   * @throws what `acquire` does, and `work`
   */
  async run<Result>(key: string, signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    const release = await this.acquire(key, signal);
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      release();
    }
  }

  /**
   * Answers what gives the slot back; called again, it does nothing.
   *
   * @param signal - of a caller that may leave: it then leaves the queue at once.
   * @throws AppError `errors.unavailable`, where too many wait, or this one has waited for too long; the signal's reason
   */
  async acquire(key: string, signal?: AbortSignal): Promise<Release> {
    signal?.throwIfAborted();
    this.requireRoom(key);
    return this.mayTake(key) ? this.take(key) : await this.wait(key, signal);
  }

  /** Throws the refusal that a job of this key would meet now. */
  requireRoom(key: string): void {
    const { maxWaiting, maxWaitingPerKey, maxPerKey = Infinity } = this.limits;
    const waiting = this.queues.get(key)?.length ?? 0;
    const isBeyond = (this.held.get(key) ?? 0) + waiting >= maxPerKey;
    if (!isBeyond && this.mayTake(key)) return;
    if (isBeyond || waiting >= maxWaitingPerKey) throw this.refusal('client_limit');
    if (this.waiting >= maxWaiting) throw this.refusal('overloaded');
  }

  private async wait(key: string, signal: AbortSignal | undefined): Promise<Release> {
    const { promise, resolve, reject } = Promise.withResolvers<Release>();
    const queue = this.queues.get(key) ?? [];
    queue.push(resolve);
    this.queues.set(key, queue);
    this.waiting += 1;
    const leave = (reason: () => Error): void => {
      // Whoever has been served already gives the slot back instead.
      if (this.remove(key, resolve)) reject(reason());
    };
    const onAbort = (): void => leave(() => signal?.reason as Error);
    const onTimeout = (): void => leave(() => this.refusal('waited_too_long'));
    const timer = setTimeout(onTimeout, this.limits.waitMs);
    signal?.addEventListener('abort', onAbort);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private mayTake(key: string): boolean {
    if (this.free === 0) return false;
    const held = this.held.get(key) ?? 0;
    if (held < this.limits.share) return true;
    return this.waiting === 0 && this.free > this.limits.reserved;
  }

  private take(key: string): Release {
    this.free -= 1;
    this.held.set(key, (this.held.get(key) ?? 0) + 1);
    let isGivenBack = false;
    return () => {
      if (isGivenBack) return;
      isGivenBack = true;
      const held = (this.held.get(key) ?? 0) - 1;
      if (held > 0) this.held.set(key, held);
      else this.held.delete(key);
      this.free += 1;
      this.serve();
    };
  }

  /** Gives what is free to those whose turn it is. */
  private serve(): void {
    for (let key = this.nextKey(); key !== undefined; key = this.nextKey()) {
      const queue = this.queues.get(key) as Waiter[];
      const waiter = queue.shift() as Waiter;
      this.queues.delete(key);
      if (queue.length > 0) this.queues.set(key, queue);
      this.waiting -= 1;
      waiter(this.take(key));
    }
  }

  private nextKey(): string | undefined {
    if (this.free === 0 || this.waiting === 0) return undefined;
    for (const key of this.queues.keys()) {
      if ((this.held.get(key) ?? 0) < this.limits.share) return key;
    }
    // Nobody else waits: what is left over may go beyond the share.
    const [only] = this.queues.size === 1 ? this.queues.keys() : [];
    return only !== undefined && this.free > this.limits.reserved ? only : undefined;
  }

  private remove(key: string, waiter: Waiter): boolean {
    const queue = this.queues.get(key);
    const index = queue?.indexOf(waiter) ?? -1;
    if (queue === undefined || index < 0) return false;
    queue.splice(index, 1);
    if (queue.length === 0) this.queues.delete(key);
    this.waiting -= 1;
    // Where only one key goes on waiting, it may go beyond its share.
    this.serve();
    return true;
  }

  private refusal(reason: RefusalReason): AppError {
    this.refused[reason] += 1;
    const { jobs, retryAfterSeconds } = this;
    const causes: Readonly<Record<RefusalReason, string>> = {
      client_limit: `Too many ${jobs} of this client are waiting.`,
      overloaded: `Too many ${jobs} of all clients are waiting.`,
      waited_too_long: `Too many ${jobs} are waiting: this one had no turn within ${this.limits.waitMs / 1000} s.`,
    };
    const message = `${causes[reason]} Try again in ${retryAfterSeconds} s.`;
    return appError({ code: 'errors.unavailable', message }, { retryAfterSeconds });
  }
}
