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
  /** Milliseconds after which whoever still waits is refused. */
  readonly waitMs: number;
}

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
  private free: number;
  private waiting = 0;

  constructor(private readonly limits: FairSlotsLimits) {
    this.free = limits.slots;
  }

  get waitingCount(): number {
    return this.waiting;
  }

  /**
   * Answers what gives the slot back, to be called once.
   *
   * @param signal - of a caller that may leave: it then leaves the queue at once.
   * @throws AppError `errors.unavailable`, where too many wait, or this one has waited for too long; the signal's reason
   */
  async acquire(key: string, signal?: AbortSignal): Promise<Release> {
    signal?.throwIfAborted();
    if (this.mayTake(key)) return this.take(key);
    const queue = this.queues.get(key) ?? [];
    if (queue.length >= this.limits.maxWaitingPerKey) throw overloaded('Too many requests of this client are waiting.');
    if (this.waiting >= this.limits.maxWaiting) throw overloaded('The server is overloaded.');
    return await this.wait(key, queue, signal);
  }

  private async wait(key: string, queue: Waiter[], signal: AbortSignal | undefined): Promise<Release> {
    const { promise, resolve, reject } = Promise.withResolvers<Release>();
    queue.push(resolve);
    this.queues.set(key, queue);
    this.waiting += 1;
    const leave = (reason: Error): void => {
      // Whoever has been served already gives the slot back instead.
      if (this.remove(key, resolve)) reject(reason);
    };
    const onAbort = (): void => leave(signal?.reason as Error);
    const onTimeout = (): void => leave(overloaded('The request has waited too long for its turn.'));
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
    return () => {
      const held = (this.held.get(key) ?? 0) - 1;
      if (held > 0) this.held.set(key, held);
      else this.held.delete(key);
      this.free += 1;
      if (this.waiting > 0) this.serve();
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
    if (this.free === 0) return undefined;
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
    return true;
  }
}

function overloaded(message: string): AppError {
  return appError({ code: 'errors.unavailable', message }, { retryAfterSeconds: 1 });
}
