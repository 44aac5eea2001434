/** Counts the calls of the vault that a pass may make before it leaves the rest for the next one. */
export class VaultCalls {
  private remaining: number;

  constructor(readonly allowed: number) {
    this.remaining = allowed;
  }

  get left(): number {
    return this.remaining;
  }

  /** Before a call. False where none is left. */
  take(): boolean {
    if (this.remaining === 0) return false;
    this.remaining -= 1;
    return true;
  }
}
