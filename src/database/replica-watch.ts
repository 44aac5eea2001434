import type { Scheduler } from '../common/scheduler.js';
import type { BackgroundDatabase } from './database.js';
import { LAG_PAUSE_MS } from './replica-lag.js';
import { noReads, type Replica } from './replica.js';

/** Watches the replica, where there is one, for as long as the server runs. */
export class ReplicaWatch {
  private readonly end: () => Promise<void>;

  constructor(
    private readonly replica: Replica | undefined,
    private readonly background: BackgroundDatabase,
    scheduler: Scheduler,
  ) {
    this.end =
      replica === undefined ? () => Promise.resolve() : scheduler.every(LAG_PAUSE_MS, async () => await this.run());
  }

  /** Undefined where there is no replica. */
  get isUp(): boolean | undefined {
    return this.replica?.isUp;
  }

  /** By outcome, counted since the process started. */
  get reads(): Readonly<Record<string, number>> {
    return this.replica?.reads ?? noReads();
  }

  async run(): Promise<void> {
    await this.replica?.watch(this.background);
  }

  async close(): Promise<void> {
    await this.end();
    await this.replica?.close();
  }
}
