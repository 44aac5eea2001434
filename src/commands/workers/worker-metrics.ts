import { AggregatorRegistry } from 'prom-client';

import type { MetricsOfProcess } from './messages.js';

/** A worker that does not answer in this time is shown as it was before. */
const COLLECT_MS = 1_000;

/** What has metrics. */
interface Source {
  readonly isServing: boolean;
  send(message: { readonly kind: 'collect' }): void;
}

/**
 * The metrics of a server: those of its workers and of its main process, put together. Counters go on counting when a
 * worker has ended, because Prometheus would take a lower sum for a new start, and add all of it again.
 */
export class WorkerMetrics<Worker extends Source> {
  /** The last known metrics of each worker. */
  private readonly known = new Map<Worker, MetricsOfProcess>();
  /** Counters and histograms of all workers that have ended. */
  private past: MetricsOfProcess = [];
  /** Workers that still have to answer. */
  private awaited = new Set<Worker>();
  private complete: () => void = () => undefined;
  private collecting: Promise<string> | undefined;

  constructor(
    private readonly workers: () => readonly Worker[],
    private readonly ofMain: () => Promise<MetricsOfProcess>,
    private readonly collectMs = COLLECT_MS,
  ) {}

  /** In Prometheus' format. Everybody who asks meanwhile gets the same. */
  async text(): Promise<string> {
    this.collecting ??= this.collect().finally(() => (this.collecting = undefined));
    return await this.collecting;
  }

  collected(worker: Worker, metrics: MetricsOfProcess): void {
    this.known.set(worker, metrics);
    this.awaited.delete(worker);
    if (this.awaited.size === 0) this.complete();
  }

  /** What it has counted since it was last asked is lost, unless it has said so before it ended. */
  ended(worker: Worker): void {
    const counted = (this.known.get(worker) ?? []).filter(({ type }) => isCounted(String(type)));
    this.past = aggregated([this.past, counted]).metrics;
    this.known.delete(worker);
    this.awaited.delete(worker);
    if (this.awaited.size === 0) this.complete();
  }

  private async collect(): Promise<string> {
    this.awaited = new Set(this.workers().filter(({ isServing }) => isServing));
    await new Promise<void>((resolve) => {
      this.complete = resolve;
      setTimeout(resolve, this.collectMs).unref();
      if (this.awaited.size === 0) resolve();
      for (const worker of this.awaited) worker.send({ kind: 'collect' });
    });
    return await aggregated([await this.ofMain(), ...this.known.values(), this.past]).text();
  }
}

/** By the aggregator of each metric, which is sum if it has none. */
function aggregated(processes: readonly MetricsOfProcess[]): {
  readonly metrics: MetricsOfProcess;
  readonly text: () => Promise<string>;
} {
  const metrics = processes.map((ofProcess) =>
    ofProcess.map((metric) => ({ ...metric, aggregator: aggregatorOf(metric) })),
  );
  const registry = AggregatorRegistry.aggregate(metrics);
  return {
    metrics: registry.getMetricsAsArray() as unknown as MetricsOfProcess,
    text: async () => await registry.metrics(),
  };
}

/**
 * prom-client would show the mean of the delays of several event loops, in which one that is blocked disappears, and
 * leave out since when the server runs: that is the main process, the first.
 */
function aggregatorOf({ aggregator }: MetricsOfProcess[number]): MetricsOfProcess[number]['aggregator'] {
  if (aggregator === 'average') return 'max';
  return aggregator === 'omit' ? 'first' : aggregator;
}

/** prom-client's enumeration of types has numbers in its declaration, and texts at run time. */
function isCounted(type: string): boolean {
  return type === 'counter' || type === 'histogram';
}
