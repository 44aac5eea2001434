import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { Caller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AppError } from '../common/errors.js';
import { Database } from '../database/database.js';
import { LOGGER } from '../http/logger.token.js';
import { type Account, KeyStoreComparison } from './key-store-comparison.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { KeyStoreSettlement, type Settled } from './key-store-settlement.js';
import { READ_ACCOUNTS, READ_CLAIMED_KEY_STORES } from './key-store.queries.js';

/** No request works on a key store for so long, nor does the time of two servers differ so much. Milliseconds. */
const GRACE_MS = 60_000;

const ROWS_AT_ONCE = 100;
const ACCOUNTS_AT_ONCE = 100;

/** Calls of the vault, about so many, that comparing may cost one pass; the next one goes on where it has ended. */
const COMPARING_CALLS = 500;

/** Any number, the same in every server. */
const LOCK = 7245118907n;

export interface Reconciled {
  readonly completed: number;
  readonly removed: number;
  readonly settled: number;
  readonly changed: number;
  readonly orphans: number;
  /** Left as they are: a defect, or a secret that no key opens. */
  readonly unsettled: number;
  readonly vaultUnavailable: boolean;
}

const NOTHING = { completed: 0, removed: 0, settled: 0, changed: 0, orphans: 0, unsettled: 0 };

/** Brings vault and database together again; one server at a time, and nothing while the vault cannot tell. */
@Injectable()
export class Reconciler {
  private lastAccount = '';

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settlement: KeyStoreSettlement,
    private readonly comparison: KeyStoreComparison,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Undefined where another server is at it. */
  async reconcile(): Promise<Reconciled | undefined> {
    const result = await this.database.alone(LOCK, async () => await this.pass());
    if (result === undefined) return undefined;
    const { vaultUnavailable, ...counts } = result;
    if (vaultUnavailable) this.logger.warn('vault unavailable: key stores are not reconciled');
    if (Object.values(counts).some((count) => count > 0)) this.logger.info(counts, 'key stores reconciled');
    return result;
  }

  private async pass(): Promise<Reconciled> {
    const counts = { ...NOTHING };
    const reached = (await this.settleAll(counts)) && (await this.compareSome(counts));
    return { ...counts, vaultUnavailable: !reached };
  }

  private async settleAll(counts: typeof NOTHING): Promise<boolean> {
    const before = new Date(this.clock.now().getTime() - GRACE_MS);
    for (;;) {
      const values = [before, ROWS_AT_ONCE, counts.unsettled];
      const rows = await this.database.run<KeyStoreRow>(READ_CLAIMED_KEY_STORES, values);
      for (const row of rows) {
        const outcome = await this.settle(row);
        if (outcome === 'vaultUnavailable') return false;
        counts[outcome] += 1;
      }
      if (rows.length < ROWS_AT_ONCE) return true;
    }
  }

  /** One that cannot be settled must not keep the others from it. */
  private async settle(row: KeyStoreRow): Promise<Exclude<Settled, 'unreadable'> | 'unsettled'> {
    const where = { accountId: row.clientExtId, keyStoreId: row.id };
    try {
      const outcome = await this.settlement.settle(this.callerFor(row.clientExtId), row);
      if (outcome !== 'unreadable') return outcome;
      this.logger.warn(where, 'no key opens the secret of a key store');
    } catch (error) {
      if (error instanceof AppError && error.code === 'errors.unavailable') throw error;
      this.logger.error({ ...where, err: error }, 'a key store could not be settled');
    }
    return 'unsettled';
  }

  private async compareSome(counts: typeof NOTHING): Promise<boolean> {
    let calls = 0;
    let fromBeginning = this.lastAccount === '';
    for (;;) {
      const accounts = await this.database.run<Account>(READ_ACCOUNTS, [this.lastAccount, ACCOUNTS_AT_ONCE]);
      for (const account of accounts) {
        // Before, so that one account that cannot be compared does not end every pass at the same place.
        this.lastAccount = account.accountId;
        const compared = await this.comparison.compare(account, this.clock.now());
        if (compared === 'vaultUnavailable') return false;
        counts.changed += compared.changed;
        counts.orphans += compared.orphans;
        calls += compared.calls;
        if (calls >= COMPARING_CALLS) return true;
      }
      if (accounts.length < ACCOUNTS_AT_ONCE) {
        this.lastAccount = '';
        if (fromBeginning) return true;
        fromBeginning = true;
      }
    }
  }

  /** Who stands in the trail where a creation is taken back. */
  private callerFor(clientExtId: string): Caller {
    return {
      actor: { userExtId: 'reconciler', clientExtId, permissions: new Set(), dataRoom: new Set([clientExtId]) },
      mode: 'administrator',
      xToken: undefined,
      now: this.clock.now(),
      requestId: randomUUID(),
    };
  }
}
