/** After this time, a value counts half as much as a new one. */
const HALF_LIFE_MS = 300;

/**
 * The mean of recent values, each of which counts once. Among many, a few that come together, as when a disk was slow
 * for a short time, change it little; where values are rare, the newest one is most of it.
 */
export class RecentMean {
  private sum = 0;
  private count = 0;
  private addedAt = 0;

  /** `now`: milliseconds, monotonic. */
  add(value: number, now: number): void {
    const kept = 2 ** ((this.addedAt - now) / HALF_LIFE_MS);
    this.sum = this.sum * kept + value;
    this.count = this.count * kept + 1;
    this.addedAt = now;
  }

  /** 0 until there is a value. */
  get value(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }
}
