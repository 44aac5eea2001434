import { appError } from '../../common/errors.js';

interface Limits {
  readonly perClient: number;
  readonly total: number;
}

const LIMITS: Limits = { perClient: 100, total: 1_000 };

interface Waiter {
  readonly after: number;
  readonly wake: () => void;
}

/** A reader that is counted until it leaves. */
export interface Reader {
  /** Resolves when there is something after this number, at the latest after so long, and at once when readers must end. */
  wait(after: number, milliseconds: number): Promise<void>;
  leave(): void;
}

/**
 * The readers of the feeds that wait for something new, of this server. They hold no connection to the database: one statement
 * asks for all of them (`poll`).
 */
export class WaitingReaders {
  readonly refusals = { client_limit: 0, overloaded: 0 };
  private readonly counts = new Map<string, number>();
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readers = 0;
  private ended = false;

  constructor(private readonly limits: Limits = LIMITS) {}

  get count(): number {
    return this.readers;
  }

  /** Whether the server ends, and readers have to ask another one. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** @throws AppError `errors.unavailable` if too many of this client or of all clients read */
  enter(clientExtId: string, signal: AbortSignal): Reader {
    const count = this.counts.get(clientExtId) ?? 0;
    if (count >= this.limits.perClient) throw this.refusal('client_limit');
    if (this.readers >= this.limits.total) throw this.refusal('overloaded');
    this.counts.set(clientExtId, count + 1);
    this.readers += 1;
    let hasLeft = false;
    return {
      wait: async (after, milliseconds) => await this.wait(clientExtId, { after, milliseconds, signal }),
      leave: () => {
        if (hasLeft) return;
        hasLeft = true;
        this.readers -= 1;
        const left = (this.counts.get(clientExtId) ?? 0) - 1;
        if (left > 0) this.counts.set(clientExtId, left);
        else this.counts.delete(clientExtId);
      },
    };
  }

  /** Wakes the readers that have something to read. */
  async poll(lastNumbersOf: (clientExtIds: readonly string[]) => Promise<ReadonlyMap<string, number>>): Promise<void> {
    if (this.waiters.size === 0) return;
    const numbers = await lastNumbersOf([...this.waiters.keys()]);
    for (const [clientExtId, lastNumber] of numbers) {
      for (const { after, wake } of this.waiters.get(clientExtId) ?? []) if (lastNumber > after) wake();
    }
  }

  /** From now on nobody waits. */
  end(): void {
    this.ended = true;
    for (const waiting of this.waiters.values()) for (const { wake } of waiting) wake();
  }

  private async wait(
    clientExtId: string,
    {
      after,
      milliseconds,
      signal,
    }: { readonly after: number; readonly milliseconds: number; readonly signal: AbortSignal },
  ): Promise<void> {
    signal.throwIfAborted();
    if (this.ended) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = { after, wake: resolve };
    const waiting = this.waiters.get(clientExtId) ?? new Set();
    this.waiters.set(clientExtId, waiting.add(waiter));
    const timer = setTimeout(resolve, milliseconds);
    const onAbort = (): void => resolve();
    signal.addEventListener('abort', onAbort);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      waiting.delete(waiter);
      if (waiting.size === 0 && this.waiters.get(clientExtId) === waiting) this.waiters.delete(clientExtId);
    }
    signal.throwIfAborted();
  }

  private refusal(reason: keyof WaitingReaders['refusals']) {
    this.refusals[reason] += 1;
    const whose = reason === 'client_limit' ? 'of this client' : 'of all clients';
    const message = `Too many readers ${whose} wait for denials. Try again in 5 s, or without waiting.`;
    return appError({ code: 'errors.unavailable', message }, { retryAfterSeconds: 5 });
  }
}
