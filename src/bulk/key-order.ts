/** Runs work at once, but whatever has a key in common one after the other, in the order in which it was handed in. */
export class KeyOrder {
  private readonly last = new Map<string, Promise<unknown>>();

  async run<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const earlier = keys.flatMap((key) => this.last.get(key) ?? []);
    // Whether the earlier work has failed is of no importance to this.
    const done = Promise.allSettled(earlier).then(work);
    for (const key of keys) this.last.set(key, done);
    return await done;
  }
}
