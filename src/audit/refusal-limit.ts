import type { Actor } from '../common/actor.js';

/** Contract 10.1. */
const PER_SECOND = 10;

/** Prevents a caller from filling the audit log with refusals. Counts per second, and keeps only the current second. */
export class RefusalLimit {
  private second = Number.NaN;
  private readonly counts = new Map<string, number>();

  admits({ clientExtId, userExtId }: Actor, now: Date): boolean {
    const second = Math.floor(now.getTime() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.counts.clear();
    }
    // Names contain no control characters (`auth/actor.rules.ts`), so two callers never share a key.
    const caller = `${clientExtId}\n${userExtId}`;
    const count = (this.counts.get(caller) ?? 0) + 1;
    this.counts.set(caller, count);
    return count <= PER_SECOND;
  }
}
