import { AppError, appError } from './errors.js';
import { RecentMean } from './recent-mean.js';

/** Contract 9: a console sends 101 requests at once. While fewer than these wait, they are served, however long each takes. */
export const BURST = 128;

export interface FairSlotsLimits {
  /** Number of jobs that may run at once. */
  readonly slots: number;
  /** Number of slots that a key may hold while others wait. */
  readonly share: number;
  /**
   * Number of slots that a key must leave free once it holds more than its share, so that the next key need not wait.
   */
  readonly reserved: number;
  /** Maximum number of waiting jobs, in total and per key. */
  readonly maxWaiting: number;
  readonly maxWaitingPerKey: number;
  /** Maximum number of running and waiting jobs per key; if absent, only waiting jobs are limited. */
  readonly maxPerKey?: number;
  /** Milliseconds after which a waiting job is refused. */
  readonly waitMs: number;
  /** A job that would probably wait longer than this is refused at once; if absent, it may wait. In milliseconds. */
  readonly maxExpectedWaitMs?: number;
  /** While fewer jobs than these wait, a job may wait for `waitMs` all the same; if absent, none may. */
  readonly burst?: number;
}

/** The reasons for refusing a job, as label values of the metrics. */
type RefusalReason = 'client_limit' | 'overloaded' | 'waited_too_long';

type Release = () => void;

type Waiter = (release: Release) => void;

/**
 * A limited number of slots that keys, such as clients, take in turn. However many requests one key sends, another
 * key's next request waits for at most one round.
 */
export class FairSlots {
  private readonly held = new Map<string, number>();
  /** In the order of their turns; a key that has been served moves to the end. */
  private readonly queues = new Map<string, Waiter[]>();
  private readonly refused: Record<RefusalReason, number> = { client_limit: 0, overloaded: 0, waited_too_long: 0 };
  /** Made once, because the stack of an error is a large part of what a refusal costs. */
  private readonly errors: Partial<Record<RefusalReason, AppError>> = {};
  private free: number;
  private waiting = 0;
  /** How long jobs have recently held their slots. In milliseconds. */
  private readonly durations = new RecentMean();
  private lastTakenAt = 0;

  /**
   * `jobs`: the name of the jobs in error messages. `retryAfterSeconds`: sent with refusals. `monotonic`: milliseconds.
   */
  constructor(
    private readonly limits: FairSlotsLimits,
    private readonly jobs = 'requests',
    private readonly retryAfterSeconds = 1,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    this.free = limits.slots;
  }

  get slotCount(): number {
    return this.limits.slots;
  }

  get waitingCount(): number {
    return this.waiting;
  }

  get heldCount(): number {
    return this.limits.slots - this.free;
  }

  /** The largest number of slots that one key holds. */
  get largestHeldCount(): number {
    return Math.max(0, ...this.held.values());
  }

  /** Counted since the server started. */
  get refusals(): Readonly<Record<RefusalReason, number>> {
    return this.refused;
  }

  /** Whether another key would be served if this key released a slot. */
  isAwaited(key: string): boolean {
    if (this.queues.has(key)) return true;
    if (this.free > 0) return false;
    return [...this.queues.keys()].some((other) => (this.held.get(other) ?? 0) < this.limits.share);
  }

  /**
   * Runs `work` when it is the key's turn. If the caller has left meanwhile, it is not started.
   *
   * @throws errors of `acquire` and of `work`
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
   * Returns a function that releases the slot; further calls do nothing.
   *
   * @param signal - removes the job from the queue as soon as it is aborted
   * @throws AppError `errors.unavailable` if too many wait, or this one has waited too long; the signal's reason
   */
  async acquire(key: string, signal?: AbortSignal): Promise<Release> {
    signal?.throwIfAborted();
    this.requireRoom(key);
    return this.mayTake(key) ? this.take(key) : await this.wait(key, signal);
  }

  /**
   * Throws the error with which a job of this key would be refused now. `before`: how many others of the key come first
   * that have not arrived here yet.
   */
  requireRoom(key: string, before = 0): void {
    const { maxWaiting, maxWaitingPerKey, maxPerKey = Infinity } = this.limits;
    const waiting = this.queues.get(key)?.length ?? 0;
    const isBeyond = (this.held.get(key) ?? 0) + waiting >= maxPerKey;
    if (!isBeyond && this.mayTake(key)) return;
    if (isBeyond || waiting >= maxWaitingPerKey) throw this.refusal('client_limit');
    if (this.waiting >= maxWaiting) throw this.refusal('overloaded');
    this.requireShortWait(key, waiting + before, this.waiting + before);
  }

  /** By what waits before it: of its key, or in the turns of all keys. Which of the two is longer is the reason. */
  private requireShortWait(key: string, ofKey: number, ofAll: number): void {
    const { slots, share, reserved, waitMs, maxExpectedWaitMs = Infinity, burst = 0 } = this.limits;
    // A key of which nothing waits is next within a round, however slow the jobs of others are.
    const mayWait = ofKey === 0 || ofAll < burst;
    const limitMs = mayWait && maxExpectedWaitMs < waitMs ? waitMs : maxExpectedWaitMs;
    const keys = this.queues.size + (this.queues.has(key) ? 0 : 1);
    const slotsOfKey = keys === 1 ? Math.max(share, slots - reserved) : share;
    const turnsOfKey = (ofKey + 1) / slotsOfKey;
    const turns = (Math.min(ofAll, (ofKey + 1) * keys - 1) + 1) / slots;
    if (Math.max(turnsOfKey, turns) * this.durationMs() <= limitMs) return;
    throw this.refusal(turnsOfKey >= turns ? 'client_limit' : 'overloaded');
  }

  /** If no job has ended for long, those that run take at least as long as the newest of them has run. */
  private durationMs(): number {
    return Math.max(this.durations.value, this.free === 0 ? this.monotonic() - this.lastTakenAt : 0);
  }

  private async wait(key: string, signal: AbortSignal | undefined): Promise<Release> {
    const { promise, resolve, reject } = Promise.withResolvers<Release>();
    const queue = this.queues.get(key) ?? [];
    queue.push(resolve);
    this.queues.set(key, queue);
    this.waiting += 1;
    const leave = (reason: () => Error): void => {
      // If it has been served already, the slot is released instead.
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
    const takenAt = this.monotonic();
    this.lastTakenAt = takenAt;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const now = this.monotonic();
      this.durations.add(now - takenAt, now);
      const held = (this.held.get(key) ?? 0) - 1;
      if (held > 0) this.held.set(key, held);
      else this.held.delete(key);
      this.free += 1;
      this.serve();
    };
  }

  /** Assigns free slots to the next waiting keys. */
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
    // If no other key waits, this one may exceed its share.
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
    // If only one key still waits, it may exceed its share.
    this.serve();
    return true;
  }

  private refusal(reason: RefusalReason): AppError {
    this.refused[reason] += 1;
    return (this.errors[reason] ??= this.errorOf(reason));
  }

  private errorOf(reason: RefusalReason): AppError {
    const { jobs, retryAfterSeconds } = this;
    const causes: Readonly<Record<RefusalReason, string>> = {
      client_limit: `Too many ${jobs} of this client are waiting.`,
      overloaded: `Too many ${jobs} of all clients are waiting.`,
      waited_too_long: `Too many ${jobs} are waiting: this one was not served within ${this.limits.waitMs / 1000} s.`,
    };
    const message = `${causes[reason]} Try again in ${retryAfterSeconds} s.`;
    return appError({ code: 'errors.unavailable', message }, { retryAfterSeconds });
  }
}
