/** Runs background work; tests control when. */
export abstract class Scheduler {
  /**
   * Runs `work` repeatedly, with a pause after each run and its own pause before the first. Returns a function that
   * stops this and waits for a run in progress.
   */
  abstract every(pauseMs: number, work: () => Promise<void>, firstPauseMs?: number): () => Promise<void>;
}

export class SystemScheduler extends Scheduler {
  override every(pauseMs: number, work: () => Promise<void>, firstPauseMs = pauseMs): () => Promise<void> {
    let running: Promise<void> = Promise.resolve();
    let ended = false;
    const run = (): void => {
      running = work().finally(() => {
        if (!ended) timer = setTimeout(run, pauseMs).unref();
      });
    };
    let timer = setTimeout(run, firstPauseMs).unref();
    return async () => {
      ended = true;
      clearTimeout(timer);
      await running;
    };
  }
}
