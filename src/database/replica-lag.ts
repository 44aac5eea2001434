/** A replica that lacks what the primary had written this long ago serves nothing. */
export const MAX_LAG_MS = 10_000;

/** How often the position of the primary is read, and that of each connection to a replica checked. */
export const LAG_PAUSE_MS = 1_000;

interface Position {
  readonly written: bigint;
  readonly readAtMs: number;
}

/**
 * The positions that the primary had in its write-ahead log. A replica must have replayed what was written
 * `MAX_LAG_MS` ago: that needs no clocks that agree, and while nothing is written, a replica cannot lag. While there is
 * no primary, the last known position stays valid.
 */
export class PrimaryPositions {
  /** Oldest first; the first one is the only one that is `MAX_LAG_MS` old. */
  private positions: readonly Position[] = [];

  add(written: bigint, nowMs: number): void {
    // After a failover, the new primary may have less than the former one had.
    const kept = this.positions.filter((position) => position.written <= written);
    this.positions = [...kept, { written, readAtMs: nowMs }];
    this.forget(nowMs);
  }

  /** What a replica must have replayed; undefined where nothing is known of the primary. */
  required(nowMs: number): bigint | undefined {
    this.forget(nowMs);
    return this.positions[0]?.written;
  }

  private forget(nowMs: number): void {
    const last = this.positions.findLastIndex(({ readAtMs }) => nowMs - readAtMs >= MAX_LAG_MS);
    if (last > 0) this.positions = this.positions.slice(last);
  }
}
