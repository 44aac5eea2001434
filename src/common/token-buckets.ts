export interface BucketSize {
  /** Number of tokens after a pause. */
  readonly burst: number;
  /** Milliseconds until one token is added. */
  readonly refillMs: number;
  /** Maximum number of remembered keys; the one used longest ago is dropped first. */
  readonly keys: number;
}

interface Bucket {
  readonly tokens: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** One token bucket per key: allows bursts, and in the long run one request per `refillMs`. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly size: BucketSize) {}

  /** Takes a token. Returns 0 if there was one, otherwise the milliseconds until there is one. */
  take(key: string, now: Date): number {
    const { burst, refillMs } = this.size;
    const at = now.getTime();
    const known = this.buckets.get(key) ?? { tokens: burst, at };
    // If the clock was set back, the bucket is neither refilled nor emptied.
    const refilled = Math.min(burst, known.tokens + Math.max(0, at - known.at) / refillMs);
    const allowed = refilled >= 1;
    this.remember(key, { tokens: allowed ? refilled - 1 : refilled, at });
    return allowed ? 0 : Math.ceil((1 - refilled) * refillMs);
  }

  /** Gives a taken token back. */
  giveBack(key: string): void {
    const known = this.buckets.get(key);
    if (known === undefined) return;
    this.remember(key, { ...known, tokens: Math.min(this.size.burst, known.tokens + 1) });
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
