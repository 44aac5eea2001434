/** Rows of one transaction for which evidence is gathered at once. */
const AT_ONCE = 4;

/** The row is left for a later turn of its job. */
export class PutOffError extends Error {
  override readonly name = 'PutOffError';
}

/** Gathers evidence for a few rows at once, in their order, as long as the turn of their job lasts. */
export class GatheringTurns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly isOver: () => boolean = () => false) {}

  /** @throws PutOffError once the turn of the job is over; errors of `work` */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.begin();
    try {
      if (this.isOver()) throw new PutOffError();
      return await work();
    } finally {
      this.end();
    }
  }

  private async begin(): Promise<void> {
    if (this.running < AT_ONCE) {
      this.running += 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.push(resolve);
    await promise;
  }

  private end(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}
