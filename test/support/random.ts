/** Returns an integer below `limit`. */
export type Random = (limit: number) => number;

/** A linear congruential generator: the same numbers in every run. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new RangeError('There is nothing to choose from.');
  return item;
}
