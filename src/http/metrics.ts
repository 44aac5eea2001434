import type { Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

import type { FairSlots } from '../common/fair-slots.js';
import {
  type Counts,
  showCounter,
  showCounters,
  showCountersByTwo,
  showGauge,
  showGauges,
  type ShownGauge,
} from './shown-metric.js';

/** Upper bounds in seconds. Reads take one or two milliseconds; argon2id and slow vaults take longer. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Of this process: the metrics of a server are the sums of those of its processes. */
export interface WorkerCounts {
  readonly serving: () => number;
  /** Since the server started. */
  readonly replaced: () => number;
}

/** Requests that wait until they are started; `refusals`: counted since the server started, by reason. */
interface TurnsShown {
  readonly waitingCount: number;
  readonly refusals: Counts;
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

  private turns: TurnsShown = { waitingCount: 0, refusals: {} };

  /** Asks for the metrics of all workers; if absent, this process is the whole server. */
  private ofServer: (() => Promise<string | undefined>) | undefined;

  /** `droppedLogLines`: counted since the server started. `queues`: by the value of their label. */
  constructor(
    droppedLogLines: () => number,
    queues: Readonly<Record<string, FairSlots>>,
    workers: WorkerCounts = ONE_PROCESS,
  ) {
    const { registry } = this;
    collectDefaultMetrics({ register: registry });
    showGauge(registry, { name: 'certkeep_workers', help: 'Processes that serve.' }, workers.serving);
    const replaced = 'Workers that have ended by themselves, or were killed because they hung, and were replaced.';
    showCounter(registry, { name: 'certkeep_workers_replaced_total', help: replaced }, workers.replaced);
    const dropped = 'Log lines that were dropped because they could not be written or the buffer was full.';
    showCounter(registry, { name: 'certkeep_log_lines_dropped_total', help: dropped }, droppedLogLines);
    this.showQueues(queues);
  }

  showServer(ofServer: () => Promise<string | undefined>): void {
    this.ofServer = ofServer;
  }

  /** Of the whole server; only of this process if the others cannot be asked. */
  async text(): Promise<string> {
    return (await this.ofServer?.()) ?? (await this.registry.metrics());
  }

  /** As a queue without slots. */
  showTurns(turns: TurnsShown): void {
    this.turns = turns;
  }

  /** What only one part of the server knows. */
  showGauge(shown: ShownGauge, value: () => number): void {
    showGauge(this.registry, shown, value);
  }

  /** `failures`: by kind, counted since the server started. */
  showDatabase(failures: () => Counts): void {
    const help =
      'Statements and connections that have failed, by kind; one that then succeeded included. Not what a constraint has refused.';
    showCounters(this.registry, { name: 'certkeep_database_errors_total', help }, 'kind', failures);
  }

  /** `reads`: by outcome, counted since the server started. */
  showReplica(reads: () => Counts): void {
    const help =
      'Reads that the replica may serve, by outcome: it has (served), or refused what the primary would refuse, too (refused); all others were left to the primary.';
    showCounters(this.registry, { name: 'certkeep_replica_reads_total', help }, 'outcome', reads);
  }

  /** `failures`: by reason, counted since the server started. */
  showVault(failures: () => Counts): void {
    const help = 'Calls to the vault of key stores that have failed, by reason.';
    showCounters(this.registry, { name: 'certkeep_vault_failures_total', help }, 'reason', failures);
  }

  /** `refused`: counted since the server started, by reason. */
  showConnections(connections: { readonly open: number; readonly refused: Counts }): void {
    const open = { name: 'certkeep_connections_open', help: 'Open client connections.' };
    showGauge(this.registry, open, () => connections.open);
    const refused = {
      name: 'certkeep_connections_refused_total',
      help: 'Connections refused because of the limit of all connections (total) or of one address (address).',
    };
    showCounters(this.registry, refused, 'reason', () => connections.refused);
  }

  /** `written`: counted since the server started. */
  showSearchColumns(progress: { readonly written: number; readonly isComplete: boolean }): void {
    this.showBackfill('certkeep_search_columns', 'certificates', 'certificate', progress);
  }

  showSearchColumnsOfUsers(progress: { readonly written: number; readonly isComplete: boolean }): void {
    this.showBackfill('certkeep_user_search_columns', 'users', 'user', progress);
  }

  /** Counts: since the server started. Seconds: undefined where this server does not lead, or nothing was checked. */
  showRevocationChecks(checks: {
    readonly counts: Readonly<Record<'checked' | 'disabled' | 'enabled', number>>;
    readonly oldestSeconds: () => number | undefined;
    readonly lastPassSeconds: () => number | undefined;
  }): void {
    const total = {
      name: 'certkeep_revocation_checks_total',
      help: 'Stored certificates that this server has checked for revocation in the background (checked), and of these, disabled and enabled again.',
    };
    showCounters(this.registry, total, 'outcome', () => checks.counts);
    const oldest = {
      name: 'certkeep_revocation_checks_oldest_seconds',
      help: 'Time since the check of the client that was checked longest ago ended; 0 if this server does not lead.',
      largest: true,
    } as const;
    showGauge(this.registry, oldest, () => checks.oldestSeconds() ?? 0);
    const lastPass = {
      name: 'certkeep_revocation_checks_last_pass_seconds',
      help: 'How long the batches of the last check of all certificates of a client took; 0 if there was none.',
      largest: true,
    } as const;
    showGauge(this.registry, lastPass, () => checks.lastPassSeconds() ?? 0);
  }

  /** `outcomes`: by kind of source and outcome, counted since the server started. */
  showRevocation(evidence: {
    readonly outcomes: Readonly<Record<string, Counts>>;
    readonly queues: Readonly<Record<string, FairSlots>>;
    readonly stored: () => number;
    readonly oldestDueSeconds: () => number;
  }): void {
    const fetches = {
      name: 'certkeep_revocation_fetches_total',
      help: 'Requests to OCSP responders and CRL distribution points by kind of source and outcome; all but stored and kept are failures.',
    };
    showCountersByTwo(this.registry, fetches, ['kind', 'outcome'], () => evidence.outcomes);
    const waiting = {
      name: 'certkeep_revocation_fetches_waiting',
      help: 'Requests that wait for a slot, by kind of source.',
    };
    showGauges(this.registry, waiting, 'kind', () => valuesOf(evidence.queues, (queue) => queue.waitingCount));
    const stored = {
      name: 'certkeep_revocation_answers_stored',
      help: 'Stored answers of sources; 0 if this server does not lead.',
      largest: true,
    } as const;
    showGauge(this.registry, stored, evidence.stored);
    const overdue = {
      name: 'certkeep_revocation_refresh_overdue_seconds',
      help: 'How long the stored answer that is overdue longest should have been refreshed; 0 if this server does not lead.',
      largest: true,
    } as const;
    showGauge(this.registry, overdue, evidence.oldestDueSeconds);
  }

  /** `refusals`: counted since the server started, by reason. */
  showDenials(
    numbering: { readonly lagSeconds: number },
    readers: { readonly count: number; readonly refusals: Counts },
  ): void {
    const lag = {
      name: 'certkeep_denials_numbering_lag_seconds',
      help: 'How old the oldest change is that gateways cannot read yet, or was when the last run numbered it; 0 if there was none. Every server shows it.',
      largest: true,
    } as const;
    showGauge(this.registry, lag, () => numbering.lagSeconds);
    const reading = {
      name: 'certkeep_denials_readers',
      help: 'Gateways that wait for denials at this server, or read their stream.',
    };
    showGauge(this.registry, reading, () => readers.count);
    const refused = {
      name: 'certkeep_denials_readers_refused_total',
      help: 'Readers of denials refused with 503: too many of the client, or too many in total.',
    };
    showCounters(this.registry, refused, 'reason', () => readers.refusals);
  }

  /** `results`: of rows, counted since the server started. `running`: jobs that this server works on as the leader. */
  showJobs(jobs: { readonly results: Counts; readonly running: () => number }): void {
    const running = { name: 'certkeep_jobs_running', help: 'Jobs that this server works on; 0 if it does not lead.' };
    showGauge(this.registry, running, jobs.running);
    const rows = { name: 'certkeep_job_rows_total', help: 'Rows of jobs that this server has finished, by result.' };
    showCounters(this.registry, rows, 'result', () => jobs.results);
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

  private showBackfill(
    name: string,
    plural: string,
    singular: string,
    progress: { readonly written: number; readonly isComplete: boolean },
  ): void {
    const written = `Stored ${plural} whose search columns this server has written in the background.`;
    showCounter(this.registry, { name: `${name}_written_total`, help: written }, () => progress.written);
    const complete = {
      name: `${name}_complete`,
      help: `1 if this server leads and its last pass found the search columns of every ${singular} written, else 0.`,
      largest: true,
    } as const;
    showGauge(this.registry, complete, () => (progress.isComplete ? 1 : 0));
  }

  /** No label contains a client, because their number is unlimited. */
  private showQueues(queues: Readonly<Record<string, FairSlots>>): void {
    const waiting = { name: 'certkeep_queue_waiting', help: 'Jobs that wait for a slot.' };
    showGauges(this.registry, waiting, 'queue', () => ({
      ...valuesOf(queues, (queue) => queue.waitingCount),
      requests: this.turns.waitingCount,
    }));
    const gauges: readonly [ShownGauge, (queue: FairSlots) => number][] = [
      [{ name: 'certkeep_queue_slots', help: 'Slots in all.' }, (queue) => queue.slotCount],
      [{ name: 'certkeep_queue_held', help: 'Slots in use.' }, (queue) => queue.heldCount],
      [
        {
          name: 'certkeep_queue_largest_share',
          help: 'Slots in use by the client that uses the most.',
          largest: true,
        },
        (queue) => queue.largestHeldCount,
      ],
    ];
    for (const [shown, valueOf] of gauges) showGauges(this.registry, shown, 'queue', () => valuesOf(queues, valueOf));
    const refused = {
      name: 'certkeep_queue_refused_total',
      help: 'Jobs refused with 503: too many of the client waiting, too many waiting in total, or no slot in time.',
    };
    const refusals = () =>
      Object.fromEntries([
        ...Object.entries(queues).map(([label, queue]) => [label, queue.refusals] as const),
        ['requests', this.turns.refusals] as const,
      ]);
    showCountersByTwo(this.registry, refused, ['queue', 'reason'], refusals);
  }
}

function valuesOf(queues: Readonly<Record<string, FairSlots>>, valueOf: (queue: FairSlots) => number): Counts {
  return Object.fromEntries(Object.entries(queues).map(([label, queue]) => [label, valueOf(queue)]));
}
