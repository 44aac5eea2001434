import { setTimeout as sleep } from 'node:timers/promises';

import type { Scheduler } from '../../common/scheduler.js';
import type { Announce } from '../report.js';
import { hangingWorker, MAX_SILENT_CHECKS, REPORT_MS } from './hanging-worker.rules.js';
import { type WorkerEvents, type WorkerPlan, WorkerProcess } from './worker-process.js';

/** A worker that has served this long has ended for a new cause. */
const STABLE_MS = 60_000;

/** Pauses before a worker is replaced that has ended soon after its start, doubled each time. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 8_000;

/** An old worker finishes this long on the connections that it has, so that callers learn to open new ones. */
const MIN_RELOAD_DRAIN_MS = 2_500;

const HANGING =
  `its event loop had not turned for ${(MAX_SILENT_CHECKS * REPORT_MS) / 1000} s, so it was killed. ` +
  'If nobody has stopped the process and the machine has memory left, please report this with the log before it';

export interface WorkersOptions {
  readonly count: number;
  readonly planOf: (index: number) => WorkerPlan;
  readonly events: WorkerEvents;
  readonly announce: Announce;
  readonly scheduler: Scheduler;
  readonly drainMs: number;
  /** The last worker has ended and cannot be replaced: the server has to end. */
  readonly onFailure: (error: unknown) => void;
  readonly onEnded: (worker: WorkerProcess) => void;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** Keeps the workers of a server running, one for each place. */
export class Workers {
  /** All processes, also those that start or end. */
  private readonly processes = new Set<WorkerProcess>();
  /** The worker of each place. */
  private readonly places: (WorkerProcess | undefined)[];
  private readonly failures: number[];
  private reloading: Promise<void> | undefined;
  private isReloadAsked = false;
  private isEnding = false;
  private endChecks: () => Promise<void> = () => Promise.resolve();
  private replacedCount = 0;
  private readonly pause: (milliseconds: number) => Promise<unknown>;

  constructor(private readonly options: WorkersOptions) {
    this.places = Array.from({ length: options.count }, () => undefined);
    this.failures = Array.from({ length: options.count }, () => 0);
    this.pause = options.pause ?? sleep;
  }

  get all(): readonly WorkerProcess[] {
    return [...this.processes];
  }

  /** Workers that have ended by themselves or hung, and were replaced. */
  get replaced(): number {
    return this.replacedCount;
  }

  /** Throws the first failure; the others then have been ended. The first worker starts alone, so that there is one. */
  async start(): Promise<void> {
    const [first = 0, ...others] = this.places.keys();
    await this.startAt(first);
    await Promise.all(others.map(async (index) => await this.startAt(index)));
    this.endChecks = this.options.scheduler.every(REPORT_MS, () => {
      this.check();
      return Promise.resolve();
    });
  }

  /**
   * Exchanges all workers, one after the other. A new one listens before the old one stops. If one does not start, the
   * others stay as they are.
   */
  reload(): void {
    this.isReloadAsked = true;
    this.reloading ??= this.exchangeAll().finally(() => (this.reloading = undefined));
  }

  async end(): Promise<void> {
    this.isEnding = true;
    await this.endChecks();
    await Promise.all(this.all.map(async (worker) => await worker.end(this.options.drainMs)));
  }

  private check(): void {
    for (const worker of this.places) if (worker !== undefined) worker.silentChecks += 1;
    hangingWorker(this.places)?.kill(HANGING);
  }

  private async exchangeAll(): Promise<void> {
    const { announce, drainMs } = this.options;
    while (this.isReloadAsked && !this.isEnding) {
      this.isReloadAsked = false;
      try {
        for (const index of this.places.keys()) {
          const old = this.places[index];
          await this.startAt(index);
          await old?.end(Math.max(drainMs, MIN_RELOAD_DRAIN_MS), { isReplaced: true });
        }
        announce('All workers were replaced.');
      } catch (error) {
        announce(`The remaining workers are not replaced: ${(error as Error).message}`);
      }
    }
  }

  private async startAt(index: number): Promise<void> {
    const { planOf, events, onEnded } = this.options;
    const before = this.places[index];
    let started: WorkerProcess | undefined;
    await WorkerProcess.start(planOf(index), events, (worker) => {
      started = worker;
      this.processes.add(worker);
      if (this.isEnding) void worker.end(0);
      void worker.ended.then((cause) => {
        this.processes.delete(worker);
        onEnded(worker);
        this.onEnd(index, worker, cause);
      });
    });
    const now = this.places[index];
    // Its predecessor has ended meanwhile, and somebody else has replaced it.
    if (now !== undefined && now !== before) void started?.end(this.options.drainMs, { isReplaced: true });
    else this.places[index] = started;
  }

  /** Replaces a worker that has served and has ended by itself. */
  private onEnd(index: number, worker: WorkerProcess, cause: string): void {
    if (this.places[index] !== worker) return;
    this.places[index] = undefined;
    if (worker.isEnding || this.isEnding) return;
    const lasted = performance.now() - worker.startedAt;
    if (lasted >= STABLE_MS) this.failures[index] = 0;
    this.options.announce(`Worker ${index + 1} (process ${worker.pid}) has ended: ${cause}. It is being replaced.`);
    void this.replace(index);
  }

  private async replace(index: number): Promise<void> {
    for (;;) {
      const failures = (this.failures[index] ?? 0) + 1;
      this.failures[index] = failures;
      // The first replacement starts at once.
      const pauseMs = failures === 1 ? 0 : Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 2));
      await this.pause(pauseMs);
      // A reload may have filled the place meanwhile.
      if (this.isEnding || this.places[index] !== undefined) return;
      try {
        await this.startAt(index);
        this.replacedCount += 1;
        return;
      } catch (error) {
        if (this.isEnding) return;
        if (!this.all.some(({ isServing }) => isServing)) {
          this.options.onFailure(error);
          return;
        }
        this.options.announce(`Worker ${index + 1} could not be replaced: ${(error as Error).message}`);
      }
    }
  }
}
