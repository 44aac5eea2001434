import { Scheduler } from '../../src/common/scheduler.js';

/** A scheduler whose work only a test runs. */
export class TestScheduler extends Scheduler {
  readonly works: (() => Promise<void>)[] = [];

  override every(_pauseMs: number, work: () => Promise<void>): () => Promise<void> {
    this.works.push(work);
    return () => Promise.resolve();
  }

  async runAll(): Promise<void> {
    for (const work of this.works) await work();
  }
}
