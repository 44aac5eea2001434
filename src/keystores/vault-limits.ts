/** What the vault may cost a request in all, in milliseconds; the vault itself gives up a call after five seconds. */
const REQUEST_LIMIT_MS = 10_000;

/** Secrets of one request that are on their way at once. */
const AT_ONCE = 4;

export function requestBudget(): AbortSignal {
  return AbortSignal.timeout(REQUEST_LIMIT_MS);
}

/** The results in the order of the items; a few of them at a time. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = Array.from<Result>({ length: items.length });
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
