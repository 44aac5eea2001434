/**
 * One worker's part of a number that is meant for the whole server. `least`: what each worker needs, even if all of them
 * together then have more.
 */
export function partOfWorker(total: number, workers: number, least: number): number {
  return Math.max(least, Math.floor(total / workers));
}
