import type { Actor } from '../common/actor.js';

/** Contract 10.1. */
const PER_SECOND = 10;

/** So that nobody can fill the audit log with refusals. Counts by second of the clock, and forgets the one before. */
export class RefusalLimit {
  private second = Number.NaN;
  private readonly counts = new Map<string, number>();

  admits({ clientExtId, userExtId }: Actor, now: Date): boolean {
    const second = Math.floor(now.getTime() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.counts.clear();
    }
    // A name holds no control character (`auth/actor.rules.ts`), so that no two callers share a key.
    const caller = `${clientExtId}\n${userExtId}`;
    const count = (this.counts.get(caller) ?? 0) + 1;
    this.counts.set(caller, count);
    return count <= PER_SECOND;
  }
}
