/** Limits the calls to the vault per pass; the rest is left for the next pass. */
export class VaultCalls {
  private remaining: number;

  constructor(readonly allowed: number) {
    this.remaining = allowed;
  }

  get left(): number {
    return this.remaining;
  }

  /** Must be called before each call. Returns false if none is left. */
  take(): boolean {
    if (this.remaining === 0) return false;
    this.remaining -= 1;
    return true;
  }
}
