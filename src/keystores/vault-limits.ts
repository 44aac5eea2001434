/**
 * Maximum time in milliseconds that a request waits for the vault in total; a single call is limited to five seconds.
 */
const REQUEST_LIMIT_MS = 10_000;

/** Number of secrets of one request that are written concurrently. */
const CONCURRENCY = 4;

export function requestBudget(): AbortSignal {
  return AbortSignal.timeout(REQUEST_LIMIT_MS);
}

/** Runs `work` for a few items at a time; the results are in the order of the items. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = Array.from<Result>({ length: items.length });
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker));
  return results;
}

/** Limits the calls to the vault per pass; the rest is left for the next pass. */
export class VaultCalls {
  private remaining: number;

  constructor(readonly allowed: number) {
    this.remaining = allowed;
  }

  get left(): number {
    return this.remaining;
  }

  /** Must be called before each call. Returns false if none is left. */
  take(): boolean {
    if (this.remaining === 0) return false;
    this.remaining -= 1;
    return true;
  }
}
