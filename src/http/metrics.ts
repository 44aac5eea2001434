import type { Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { type FairSlots, REFUSAL_REASONS } from '../common/fair-slots.js';

/** Upper bounds in seconds: reads answer in one or two milliseconds, argon2id and slow vaults take their time. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What `/metrics` shows: the process, and how many requests of each route were answered how and how fast. */
export class Metrics {
  readonly registry = new Registry();

  private readonly duration = new Histogram({
    name: 'certkeep_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [this.registry],
  });

  /** `droppedLogLines`: since the start. `queues`: by the name that their label has. */
  constructor(droppedLogLines: () => number, queues: Readonly<Record<string, FairSlots>>) {
    collectDefaultMetrics({ register: this.registry });
    const dropped = new Counter({
      name: 'certkeep_log_lines_dropped_total',
      help: 'Log lines that could not be written, or had to wait for too many others.',
      registers: [],
      collect() {
        this.reset();
        this.inc(droppedLogLines());
      },
    });
    this.registry.registerMetric(dropped);
    this.showQueues(Object.entries(queues));
  }

  /** `refused`: since the start, by the reason. */
  showConnections(connections: { readonly open: number; readonly refused: Readonly<Record<string, number>> }): void {
    const open = new Gauge({
      name: 'certkeep_connections_open',
      help: 'Connections of callers that are open.',
      registers: [],
      collect() {
        this.set(connections.open);
      },
    });
    const refused = new Counter({
      name: 'certkeep_connections_refused_total',
      help: 'Connections that were one too many: of all (total) or of their address (address).',
      labelNames: ['reason'],
      registers: [],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(connections.refused)) this.inc({ reason }, count);
      },
    });
    this.registry.registerMetric(open);
    this.registry.registerMetric(refused);
  }

  /** The route's pattern, never the path: a label for each id would grow without end. */
  observe(request: Request, response: Response, milliseconds: number): void {
    const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
    const method = route === 'none' ? 'any' : request.method;
    this.duration.observe({ method, route, status: response.statusCode }, milliseconds / 1000);
  }

  /** No label names a client, of which there may be any number. */
  private showQueues(queues: readonly (readonly [string, FairSlots])[]): void {
    const gauges: readonly [string, string, (queue: FairSlots) => number][] = [
      ['waiting', 'Jobs that wait for their turn.', (queue) => queue.waitingCount],
      ['held', 'Slots that jobs hold.', (queue) => queue.heldCount],
      [
        'largest_share',
        'Slots that the jobs of one client hold, the most of all clients.',
        (queue) => queue.largestHeldCount,
      ],
    ];
    for (const [name, help, valueOf] of gauges) {
      const gauge = new Gauge({
        name: `certkeep_queue_${name}`,
        help,
        labelNames: ['queue'],
        registers: [],
        collect() {
          for (const [label, queue] of queues) this.set({ queue: label }, valueOf(queue));
        },
      });
      this.registry.registerMetric(gauge);
    }
    const refused = new Counter({
      name: 'certkeep_queue_refused_total',
      help: 'Jobs that were answered 503 by a queue: too many of the client wait, too many of all, or no turn in time.',
      labelNames: ['queue', 'reason'],
      registers: [],
      collect() {
        this.reset();
        for (const [label, { refusals }] of queues)
          for (const reason of REFUSAL_REASONS) this.inc({ queue: label, reason }, refusals[reason]);
      },
    });
    this.registry.registerMetric(refused);
  }
}
