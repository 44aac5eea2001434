/** Calls of the vault that a work may make, one after the other, before it has to leave the rest for another time. */
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
