import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';

import type { MetricsOfProcess } from './messages.js';
import { WorkerMetrics } from './worker-metrics.js';

/** A worker with one metric of each kind. */
class FakeWorker {
  isServing = true;
  readonly registry = new Registry();
  readonly requests = new Counter({
    name: 'requests_total',
    help: 'r',
    labelNames: ['route'],
    registers: [this.registry],
  });
  readonly open = new Gauge({ name: 'open', help: 'o', registers: [this.registry] });
  readonly oldest = new Gauge({ name: 'oldest', help: 'o', aggregator: 'max', registers: [this.registry] });
  readonly lag = new Gauge({ name: 'lag', help: 'l', aggregator: 'average', registers: [this.registry] });
  readonly duration = new Histogram({ name: 'duration', help: 'd', buckets: [1], registers: [this.registry] });
  asked = 0;

  constructor(readonly onAsked: (worker: FakeWorker) => void) {}

  send(): void {
    this.asked += 1;
    this.onAsked(this);
  }

  async metrics(): Promise<MetricsOfProcess> {
    return await this.registry.getMetricsAsJSON();
  }
}

function server(collectMs = 60_000) {
  const workers: FakeWorker[] = [];
  const metrics: WorkerMetrics<FakeWorker> = new WorkerMetrics(
    () => workers,
    () => Promise.resolve([]),
    collectMs,
  );
  const answer = (worker: FakeWorker): void => void worker.metrics().then((found) => metrics.collected(worker, found));
  const add = (onAsked = answer): FakeWorker => {
    const worker = new FakeWorker(onAsked);
    workers.push(worker);
    return worker;
  };
  const lines = async (): Promise<readonly string[]> =>
    (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { metrics, add, answer, lines };
}

test('counters, histograms and most gauges are summed, and what says how late something is shows the worst', async () => {
  const { add, lines } = server();
  for (const value of [1, 3]) {
    const worker = add();
    worker.requests.inc({ route: '/a' }, value);
    worker.requests.inc({ route: `/only-${value}` }, value);
    worker.open.set(value);
    worker.oldest.set(value);
    worker.lag.set(value);
    worker.duration.observe(value);
  }
  expect(await lines()).toEqual([
    'requests_total{route="/a"} 4',
    'requests_total{route="/only-1"} 1',
    'requests_total{route="/only-3"} 3',
    'open 4',
    'oldest 3',
    'lag 3',
    'duration_bucket{le="1"} 1',
    'duration_bucket{le="+Inf"} 2',
    'duration_sum 4',
    'duration_count 2',
  ]);
});

test('what a worker has counted stays when it has ended, and what it held does not', async () => {
  const { metrics, add, lines } = server();
  const [ended, other] = [add(), add()];
  ended.requests.inc({ route: '/a' }, 5);
  ended.open.set(5);
  ended.duration.observe(5);
  other.requests.inc({ route: '/a' }, 1);
  await lines();
  ended.isServing = false;
  metrics.ended(ended);
  const shown = await lines();
  expect(shown).toContain('requests_total{route="/a"} 6');
  expect(shown).toContain('open 0');
  expect(shown).toContain('duration_count 1');
  // And once only.
  metrics.ended(ended);
  expect(await lines()).toEqual(shown);
});

test('a worker that does not answer is shown as it was before, and all who ask at once get one answer', async () => {
  const { metrics, add, answer } = server(5);
  let isSilent = false;
  const worker = add((asked) => {
    if (!isSilent) answer(asked);
  });
  worker.open.set(2);
  await metrics.text();
  isSilent = true;
  worker.open.set(7);
  const [one, two] = await Promise.all([metrics.text(), metrics.text()]);
  expect(one).toContain('open 2\n');
  expect(two).toBe(one);
  expect(worker.asked).toBe(2);
});

test('a worker that ends while it is asked is not waited for', async () => {
  const { metrics, add } = server();
  const worker = add(() => undefined);
  const text = metrics.text();
  metrics.ended(worker);
  expect(await text).toBe('\n');
});
