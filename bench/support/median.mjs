/** Titles of the figures in the printed tables. */
export const COLUMNS = { p50: 'p50 ms', p99: 'p99 ms', perSecond: 'requests/s' };

export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
