/** What happens by itself, and not because somebody asks; tests decide when. */
export abstract class Scheduler {
  /**
   * Runs `work` again and again, a pause after each end of it and one of its own before the first. Answers what ends
   * that; what runs then is waited for.
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
