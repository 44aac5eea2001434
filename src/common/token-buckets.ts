export interface BucketSize {
  /** What may be taken at once after a pause. */
  readonly burst: number;
  /** Milliseconds after which one more may be taken. */
  readonly refillMs: number;
  /** Keys remembered at the most; the one that was seen longest ago goes first. */
  readonly keys: number;
}

interface Bucket {
  readonly tokens: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A token bucket for each key: bursts are let through, and in the long run one in `refillMs`. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly size: BucketSize) {}

  /** Takes one. 0 where there was one, otherwise the milliseconds until there will be. */
  take(key: string, now: Date): number {
    const { burst, refillMs } = this.size;
    const at = now.getTime();
    const known = this.buckets.get(key) ?? { tokens: burst, at };
    // A clock that was set back refills nothing, and must not empty a bucket either.
    const refilled = Math.min(burst, known.tokens + Math.max(0, at - known.at) / refillMs);
    const allowed = refilled >= 1;
    this.remember(key, { tokens: allowed ? refilled - 1 : refilled, at });
    return allowed ? 0 : Math.ceil((1 - refilled) * refillMs);
  }

  private remember(key: string, bucket: Bucket): void {
    this.buckets.delete(key);
    if (this.buckets.size >= this.size.keys) {
      const [oldest] = this.buckets.keys();
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    this.buckets.set(key, bucket);
  }
}
