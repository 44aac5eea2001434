/** How many requests of each client at each address were started in this turn of the event loop and in the one before. */
export class RecentStarts {
  private now = new Map<string, number>();
  private before = new Map<string, number>();

  of(address: string, client: string): number {
    const key = keyOf(address, client);
    return (this.now.get(key) ?? 0) + (this.before.get(key) ?? 0);
  }

  add(address: string, client: string): void {
    const key = keyOf(address, client);
    this.now.set(key, (this.now.get(key) ?? 0) + 1);
  }

  /** The next turn of the event loop begins. */
  turn(): void {
    this.before = this.now;
    this.now = new Map();
  }
}

/** An address contains no blank. */
function keyOf(address: string, client: string): string {
  return `${address} ${client}`;
}
