import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../../common/clock.js';
import { LOGGER } from '../../common/logger.token.js';
import { LeaderWork } from '../../database/leader-work.js';
import { Leader, NotLeaderError } from '../../database/leader.js';
import { Metrics } from '../../http/metrics.js';
import { EvaluationEndedError } from '../evaluation/certificate-evaluator.js';
import { CheckedClients, type ClientPass } from './checked-clients.js';
import { PathStatuses } from './path-statuses.service.js';
import { RevocationChangeService } from './revocation-change.service.js';
import {
  FIND_CERTIFICATES_TO_CHECK,
  FIND_CLIENTS_TO_CHECK,
  isCheckedRow,
  MAX_CHECKED,
} from './revocation-checks.queries.js';

const PAUSE_MS = 20_000;
const FIRST_PAUSE_MS = 5_000;

/** After so many batches, the clients are read again: one whose evidence has changed meanwhile joins the others. */
const BATCHES_BETWEEN = 20;

/** Writes at once: the connections for background work. */
const WRITES = 3;

/** Batches in a row that fail before the run ends: the database, not a client, is the cause. */
const MAX_FAILURES = 3;

const LOGGED_EVERY = 10_000;

/**
 * The background check (contract 13.4): asks again about the certificates of every policy with `revocationCheck`. The
 * leader does it, in batches, the clients in turn.
 */
@Injectable()
export class RevocationChecks implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly clients = new CheckedClients();
  private readonly counts = { checked: 0, disabled: 0, enabled: 0 };
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly statuses: PathStatuses,
    private readonly changes: RevocationChangeService,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { counts, clients, clock } = this;
    this.metrics.showRevocationChecks({
      counts,
      oldestSeconds: () => clients.oldestSeconds(clock.now()),
      lastPassSeconds: () => clients.lastPassSeconds,
    });
    this.end = this.work.every(
      { pauseMs: PAUSE_MS, firstPauseMs: FIRST_PAUSE_MS, failure: 'stored certificates could not be checked' },
      async (ending) => await this.run(ending),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  /** Until no client is due. What is not done when it is broken off, the next run continues; a new leader begins again. */
  async run(ending: AbortSignal = new AbortController().signal): Promise<void> {
    if (!(await this.leader.leads())) {
      this.clients.clear();
      return;
    }
    try {
      await this.checkDue(ending);
    } catch (error) {
      if (error instanceof NotLeaderError) this.clients.clear();
      throw error;
    }
  }

  private async checkDue(ending: AbortSignal): Promise<void> {
    let failures = 0;
    for (;;) {
      this.clients.update(await FIND_CLIENTS_TO_CHECK.all(this.leader, {}), this.clock.now());
      for (let batch = 0; batch < BATCHES_BETWEEN; batch += 1) {
        const pass = this.clients.next(this.clock.now());
        if (pass === undefined) return;
        ending.throwIfAborted();
        const startedAt = this.clock.now();
        try {
          await this.checkBatch(pass, ending);
          pass.milliseconds += this.clock.now().getTime() - startedAt.getTime();
          this.advance(pass);
          failures = 0;
        } catch (error) {
          if (error instanceof NotLeaderError || ending.aborted) throw error;
          this.putOff(pass, error);
          failures += 1;
          if (failures === MAX_FAILURES) throw error;
        }
      }
    }
  }

  private async checkBatch(pass: ClientPass, ending: AbortSignal): Promise<void> {
    const { clientExtId } = pass;
    const found = await FIND_CERTIFICATES_TO_CHECK.all(this.leader, { clientExtId, afterExtId: pass.after });
    const rows = found.filter(isCheckedRow);
    const next = rows.length === MAX_CHECKED ? rows.at(-1)?.extId : found[0]?.lastExamined;
    pass.upcoming = next ?? undefined;
    const findings = await this.statuses.of(clientExtId, rows, pass.evidence, ending);
    await inParallel(findings, WRITES, async (finding) => {
      const effect = await this.changes.apply(finding);
      if (effect !== 'disabled' && effect !== 'enabled') return;
      this.counts[effect] += 1;
      pass.counts[effect] += 1;
    });
    this.counts.checked += rows.length;
    pass.counts.checked += rows.length;
  }

  private advance(pass: ClientPass): void {
    const { clientExtId: client, counts } = pass;
    const isFinished = this.clients.advance(pass, this.clock.now());
    if (isFinished) {
      if (counts.disabled + counts.enabled > 0 || counts.checked >= LOGGED_EVERY) {
        this.logger.info({ client, ...counts }, 'the certificates of a client have been checked for revocation');
      }
    } else if (counts.checked >= pass.loggedAt + LOGGED_EVERY) {
      pass.loggedAt = counts.checked;
      this.logger.info({ client, ...counts }, 'certificates have been checked for revocation so far');
    }
  }

  /** The other clients go on. A batch that ended the thread would do so again, and is passed over. */
  private putOff(pass: ClientPass, err: unknown): void {
    const isHarmful = err instanceof EvaluationEndedError;
    this.clients.putOff(pass, { isHarmful, now: this.clock.now() });
    this.logger.error(
      { err, client: pass.clientExtId, after: pass.after },
      isHarmful
        ? 'a batch of certificates could not be evaluated and is passed over'
        : 'a batch of certificates could not be checked for revocation',
    );
  }
}

/** After a failure, what has begun is finished and nothing else begins. */
async function inParallel<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      await work(item).catch((error: unknown) => {
        left.length = 0;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
