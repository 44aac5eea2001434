import type { Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { type FairSlots, REFUSAL_REASONS } from '../common/fair-slots.js';

/** Upper bounds in seconds. Reads take one or two milliseconds; argon2id and slow vaults take longer. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Of this process: the metrics of a server are the sums of those of its processes. */
export interface WorkerCounts {
  readonly serving: () => number;
  /** Since the server started. */
  readonly replaced: () => number;
}

const ONE_PROCESS: WorkerCounts = { serving: () => 1, replaced: () => 0 };

/** The metrics of the process, and the number and duration of the responses of each route. */
export class Metrics {
  readonly registry = new Registry();

  private readonly duration = new Histogram({
    name: 'certkeep_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its response.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [this.registry],
  });

  private readonly logins = new Histogram({
    name: 'certkeep_login_duration_seconds',
    help: 'Time that logins with certificates took, by outcome.',
    labelNames: ['outcome'],
    buckets: BUCKETS,
    registers: [this.registry],
  });

  private readonly loginCount = new Counter({
    name: 'certkeep_logins_total',
    help: 'Logins with certificates, by outcome.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  /** Asks for the metrics of all workers; if absent, this process is the whole server. */
  private ofServer: (() => Promise<string | undefined>) | undefined;

  /** `droppedLogLines`: counted since the server started. `queues`: by the value of their label. */
  constructor(
    droppedLogLines: () => number,
    queues: Readonly<Record<string, FairSlots>>,
    workers: WorkerCounts = ONE_PROCESS,
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.showWorkers(workers);
    const dropped = new Counter({
      name: 'certkeep_log_lines_dropped_total',
      help: 'Log lines that were dropped because they could not be written or the buffer was full.',
      registers: [],
      collect() {
        this.reset();
        this.inc(droppedLogLines());
      },
    });
    this.registry.registerMetric(dropped);
    this.showQueues(Object.entries(queues));
  }

  showServer(ofServer: () => Promise<string | undefined>): void {
    this.ofServer = ofServer;
  }

  /** Of the whole server; only of this process if the others cannot be asked. */
  async text(): Promise<string> {
    return (await this.ofServer?.()) ?? (await this.registry.metrics());
  }

  /** `refused`: counted since the server started, by reason. */
  showConnections(connections: { readonly open: number; readonly refused: Readonly<Record<string, number>> }): void {
    const open = new Gauge({
      name: 'certkeep_connections_open',
      help: 'Open client connections.',
      registers: [],
      collect() {
        this.set(connections.open);
      },
    });
    const refused = new Counter({
      name: 'certkeep_connections_refused_total',
      help: 'Connections refused because of the limit of all connections (total) or of one address (address).',
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

  /** `written`: counted since the server started. */
  showSearchColumns(progress: { readonly written: number; readonly isComplete: boolean }): void {
    const written = new Counter({
      name: 'certkeep_search_columns_written_total',
      help: 'Stored certificates whose search columns this server has written in the background.',
      registers: [],
      collect() {
        this.reset();
        this.inc(progress.written);
      },
    });
    const complete = new Gauge({
      name: 'certkeep_search_columns_complete',
      help: '1 if this server leads and its last pass found the search columns of every certificate written, else 0.',
      registers: [],
      collect() {
        this.set(progress.isComplete ? 1 : 0);
      },
    });
    this.registry.registerMetric(written);
    this.registry.registerMetric(complete);
  }

  /** Counts: since the server started. Seconds: undefined where this server does not lead, or nothing was checked. */
  showRevocationChecks(checks: {
    readonly counts: Readonly<Record<'checked' | 'disabled' | 'enabled', number>>;
    readonly oldestSeconds: () => number | undefined;
    readonly lastPassSeconds: () => number | undefined;
  }): void {
    const total = new Counter({
      name: 'certkeep_revocation_checks_total',
      help: 'Stored certificates that this server has checked for revocation in the background (checked), and of these, disabled and enabled again.',
      labelNames: ['outcome'],
      registers: [],
      collect() {
        this.reset();
        for (const [outcome, count] of Object.entries(checks.counts)) this.inc({ outcome }, count);
      },
    });
    const gauges: readonly [string, string, () => number | undefined][] = [
      [
        'oldest_seconds',
        'Time since the check of the client that was checked longest ago ended; 0 if this server does not lead.',
        checks.oldestSeconds,
      ],
      [
        'last_pass_seconds',
        'How long the batches of the last check of all certificates of a client took; 0 if there was none.',
        checks.lastPassSeconds,
      ],
    ];
    this.registry.registerMetric(total);
    for (const [name, help, valueOf] of gauges) {
      const gauge = new Gauge({
        name: `certkeep_revocation_checks_${name}`,
        help,
        registers: [],
        collect() {
          this.set(valueOf() ?? 0);
        },
      });
      this.registry.registerMetric(gauge);
    }
  }

  /** `outcomes`: by kind of source and outcome, counted since the server started. */
  showRevocation(evidence: {
    readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly queues: Readonly<Record<string, FairSlots>>;
    readonly stored: () => number;
    readonly oldestDueSeconds: () => number;
  }): void {
    const fetches = new Counter({
      name: 'certkeep_revocation_fetches_total',
      help: 'Requests to OCSP responders and CRL distribution points by kind of source and outcome; all but stored and kept are failures.',
      labelNames: ['kind', 'outcome'],
      registers: [],
      collect() {
        this.reset();
        for (const [kind, counts] of Object.entries(evidence.outcomes))
          for (const [outcome, count] of Object.entries(counts)) this.inc({ kind, outcome }, count);
      },
    });
    const waiting = new Gauge({
      name: 'certkeep_revocation_fetches_waiting',
      help: 'Requests that wait for a slot, by kind of source.',
      labelNames: ['kind'],
      registers: [],
      collect() {
        for (const [kind, queue] of Object.entries(evidence.queues)) this.set({ kind }, queue.waitingCount);
      },
    });
    const stored = new Gauge({
      name: 'certkeep_revocation_answers_stored',
      help: 'Stored answers of sources; 0 if this server does not lead.',
      registers: [],
      collect() {
        this.set(evidence.stored());
      },
    });
    const overdue = new Gauge({
      name: 'certkeep_revocation_refresh_overdue_seconds',
      help: 'How long the stored answer that is overdue longest should have been refreshed; 0 if this server does not lead.',
      registers: [],
      collect() {
        this.set(evidence.oldestDueSeconds());
      },
    });
    for (const metric of [fetches, waiting, stored, overdue]) this.registry.registerMetric(metric);
  }

  showSearchColumnsOfUsers(progress: { readonly written: number; readonly isComplete: boolean }): void {
    const written = new Counter({
      name: 'certkeep_user_search_columns_written_total',
      help: 'Stored users whose search columns this server has written in the background.',
      registers: [],
      collect() {
        this.reset();
        this.inc(progress.written);
      },
    });
    const complete = new Gauge({
      name: 'certkeep_user_search_columns_complete',
      help: '1 if this server leads and its last pass found the search columns of every user written, else 0.',
      registers: [],
      collect() {
        this.set(progress.isComplete ? 1 : 0);
      },
    });
    this.registry.registerMetric(written);
    this.registry.registerMetric(complete);
  }

  /** `refusals`: counted since the server started, by reason. */
  showDenials(
    numbering: { readonly lagSeconds: number },
    readers: { readonly count: number; readonly refusals: Readonly<Record<string, number>> },
  ): void {
    const gauges: readonly [string, string, () => number][] = [
      [
        'numbering_lag_seconds',
        'How old the oldest change is that gateways cannot read yet, or was when the last run numbered it; 0 if there was none. Every server shows it.',
        () => numbering.lagSeconds,
      ],
      ['readers', 'Gateways that wait for denials at this server, or read their stream.', () => readers.count],
    ];
    for (const [name, help, valueOf] of gauges) {
      const gauge = new Gauge({
        name: `certkeep_denials_${name}`,
        help,
        registers: [],
        collect() {
          this.set(valueOf());
        },
      });
      this.registry.registerMetric(gauge);
    }
    const refused = new Counter({
      name: 'certkeep_denials_readers_refused_total',
      help: 'Readers of denials refused with 503: too many of the client, or too many in total.',
      labelNames: ['reason'],
      registers: [],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(readers.refusals)) this.inc({ reason }, count);
      },
    });
    this.registry.registerMetric(refused);
  }

  /** `results`: of rows, counted since the server started. `running`: jobs that this server works on as the leader. */
  showJobs(jobs: { readonly results: Readonly<Record<string, number>>; readonly running: () => number }): void {
    const running = new Gauge({
      name: 'certkeep_jobs_running',
      help: 'Jobs that this server works on; 0 if it does not lead.',
      registers: [],
      collect() {
        this.set(jobs.running());
      },
    });
    const rows = new Counter({
      name: 'certkeep_job_rows_total',
      help: 'Rows of jobs that this server has finished, by result.',
      labelNames: ['result'],
      registers: [],
      collect() {
        this.reset();
        for (const [result, count] of Object.entries(jobs.results)) this.inc({ result }, count);
      },
    });
    this.registry.registerMetric(running);
    this.registry.registerMetric(rows);
  }

  /** So that the metrics show the outcomes that no login has had yet. */
  showLogins(outcomes: readonly string[]): void {
    for (const outcome of outcomes) {
      this.logins.zero({ outcome });
      this.loginCount.inc({ outcome }, 0);
    }
  }

  observeLogin(outcome: string, milliseconds: number): void {
    this.logins.observe({ outcome }, milliseconds / 1000);
    this.loginCount.inc({ outcome });
  }

  /** The label is the pattern of the route, never the path: one label value per id would grow without limit. */
  observe(request: Request, response: Response, milliseconds: number): void {
    const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
    const method = route === 'none' ? 'any' : request.method;
    this.duration.observe({ method, route, status: response.statusCode }, milliseconds / 1000);
  }

  private showWorkers({ serving, replaced }: WorkerCounts): void {
    const workers = new Gauge({
      name: 'certkeep_workers',
      help: 'Processes that serve.',
      registers: [],
      collect() {
        this.set(serving());
      },
    });
    const replacements = new Counter({
      name: 'certkeep_workers_replaced_total',
      help: 'Workers that have ended by themselves and were replaced.',
      registers: [],
      collect() {
        this.reset();
        this.inc(replaced());
      },
    });
    this.registry.registerMetric(workers);
    this.registry.registerMetric(replacements);
  }

  /** No label contains a client, because their number is unlimited. */
  private showQueues(queues: readonly (readonly [string, FairSlots])[]): void {
    const gauges: readonly [string, string, (queue: FairSlots) => number][] = [
      ['waiting', 'Jobs that wait for a slot.', (queue) => queue.waitingCount],
      ['held', 'Slots in use.', (queue) => queue.heldCount],
      ['largest_share', 'Slots in use by the client that uses the most.', (queue) => queue.largestHeldCount],
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
      help: 'Jobs refused with 503: too many of the client waiting, too many waiting in total, or no slot in time.',
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
