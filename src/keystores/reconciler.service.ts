import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { systemCaller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AppError } from '../common/errors.js';
import { LOGGER } from '../common/logger.token.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { BackgroundDatabase } from '../database/database.js';
import { Leader } from '../database/leader.js';
import { type Account, type Compared, KeyStoreComparison } from './key-store-comparison.js';
import { KeyStoreSettlement, type Settled } from './key-store-settlement.js';
import { destroyedIfDeletedUntil } from './key-store-status.rules.js';
import {
  CLAIM_KEY_STORES_TO_DESTROY,
  COUNT_CLAIMS_OF_KEY_STORES,
  READ_ACCOUNTS,
  READ_CLAIMED_KEY_STORES,
} from './key-store.queries.js';
import type { KeyStoreRow } from './key-store.table.js';
import { VaultCalls } from './vault-limits.js';

/** Longer than a request works on a key store, and longer than the clocks of two servers differ. In milliseconds. */
const GRACE_MS = 60_000;

const ROW_BATCH_SIZE = 100;
const ACCOUNT_BATCH_SIZE = 100;

/** Maximum number of calls to the vault per pass; the next pass continues at the same place. */
const MAX_CALLS_PER_PASS = 500;

/** The part of these calls that settling may use, so that comparing always gets a share. */
const MAX_SETTLING_CALLS = 400;

export interface Reconciled {
  readonly completed: number;
  readonly removed: number;
  readonly settled: number;
  readonly changed: number;
  readonly orphans: number;
  /** Not settled because of an error, or a secret that no key opens. */
  readonly unsettled: number;
  readonly vaultUnavailable: boolean;
}

/** Rows up to this one have been settled or skipped. */
type SettledPosition = Pick<KeyStoreRow, 'clientExtId' | 'id'> & { readonly claimedAt: Date };

const START_POSITION: SettledPosition = { claimedAt: new Date(0), clientExtId: '', id: 0 };

/** The account being compared; its key stores up to this id have been compared. */
interface ComparedPosition {
  readonly accountId: string;
  readonly keyStoreId: number;
}

const NOTHING = { completed: 0, removed: 0, settled: 0, changed: 0, orphans: 0, unsettled: 0 };

/**
 * Makes the database consistent with the vault. Only one server at a time runs it, and only while the vault is
 * available.
 */
@Injectable()
export class Reconciler {
  private settledPosition = START_POSITION;
  private lastAccount = '';
  private comparedPosition: ComparedPosition | undefined;
  private claims = 0;

  constructor(
    private readonly database: BackgroundDatabase,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly settlement: KeyStoreSettlement,
    private readonly comparison: KeyStoreComparison,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** After the last run: operations on key stores that have not ended; 0 if another server is the leader. */
  get openClaims(): number {
    return this.claims;
  }

  /** Undefined if another server is the leader. */
  async reconcile(): Promise<Reconciled | undefined> {
    if (!(await this.leader.leads())) {
      this.claims = 0;
      return undefined;
    }
    // The last count is shown until the pass ends: with a vault that hangs, it takes a while.
    const result = await this.pass();
    this.claims = (await COUNT_CLAIMS_OF_KEY_STORES.first(this.database, {}))?.open ?? 0;
    const { vaultUnavailable, ...counts } = result;
    if (vaultUnavailable) this.logger.warn('vault unavailable: key stores are not reconciled');
    if (Object.values(counts).some((count) => count > 0)) this.logger.info(counts, 'key stores reconciled');
    return result;
  }

  private async pass(): Promise<Reconciled> {
    const counts = { ...NOTHING };
    const settling = new VaultCalls(MAX_SETTLING_CALLS);
    if (!(await this.settleSome(counts, settling))) return { ...counts, vaultUnavailable: true };
    const comparing = new VaultCalls(MAX_CALLS_PER_PASS - MAX_SETTLING_CALLS + settling.left);
    return { ...counts, vaultUnavailable: !(await this.compareSome(counts, comparing)) };
  }

  /** False if the vault is unavailable. */
  private async settleSome(counts: typeof NOTHING, calls: VaultCalls): Promise<boolean> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - GRACE_MS);
    const destroyUntil = destroyedIfDeletedUntil(now, this.settings.keyStoreRetentionDays);
    const due = { deletedUntil: destroyUntil, claimedAt: before, limit: ROW_BATCH_SIZE };
    await CLAIM_KEY_STORES_TO_DESTROY.all(this.database, due);
    let fromBeginning = this.settledPosition === START_POSITION;
    for (;;) {
      const { claimedAt, clientExtId, id } = this.settledPosition;
      const rows = await READ_CLAIMED_KEY_STORES.all(this.database, {
        claimedUntil: before,
        afterClaimedAt: claimedAt,
        afterClientExtId: clientExtId,
        afterId: id,
        limit: ROW_BATCH_SIZE,
      });
      for (const row of rows) {
        const outcome = await this.settle(row, calls);
        if (outcome === 'callsSpent') return true;
        this.settledPosition = row;
        if (outcome === 'vaultUnavailable') return false;
        counts[outcome] += 1;
      }
      if (rows.length < ROW_BATCH_SIZE) {
        this.settledPosition = START_POSITION;
        if (fromBeginning) return true;
        fromBeginning = true;
      }
    }
  }

  /** A row that cannot be settled must not prevent others from being settled. */
  private async settle(row: KeyStoreRow, calls: VaultCalls): Promise<Exclude<Settled, 'unreadable'> | 'unsettled'> {
    const where = { accountId: row.clientExtId, keyStoreId: row.id };
    await this.leader.confirm();
    try {
      const outcome = await this.settlement.settle(
        systemCaller(row.clientExtId, this.clock.now(), randomUUID(), 'reconciler'),
        row,
        calls,
      );
      if (outcome !== 'unreadable') return outcome;
      this.logger.warn(where, 'no key opens the secret of a key store');
    } catch (error) {
      if (error instanceof AppError && error.code === 'errors.unavailable') throw error;
      this.logger.error({ ...where, err: error }, 'a key store could not be settled');
    }
    return 'unsettled';
  }

  /** False where the vault is unavailable. */
  private async compareSome(counts: typeof NOTHING, calls: VaultCalls): Promise<boolean> {
    let fromBeginning = this.lastAccount === '';
    for (;;) {
      const behind = { afterClientExtId: this.lastAccount, limit: ACCOUNT_BATCH_SIZE };
      const accounts = await READ_ACCOUNTS.all(this.database, behind);
      for (const account of accounts) {
        const end = await this.compareAccount(account, counts, calls);
        if (end !== 'done') return end === 'callsSpent';
      }
      if (accounts.length < ACCOUNT_BATCH_SIZE) {
        this.lastAccount = '';
        if (fromBeginning) return true;
        fromBeginning = true;
      }
    }
  }

  private async compareAccount(account: Account, counts: typeof NOTHING, calls: VaultCalls): Promise<Compared['end']> {
    await this.leader.confirm();
    const { accountId } = account;
    const previous = this.lastAccount;
    const after = this.comparedPosition?.accountId === accountId ? this.comparedPosition.keyStoreId : 0;
    // Set first, so that an account that cannot be compared does not end every pass at the same place.
    this.lastAccount = accountId;
    this.comparedPosition = undefined;
    const { changed, orphans, end, upTo } = await this.comparison.compare(account, after, calls, this.clock.now());
    counts.changed += changed;
    counts.orphans += orphans;
    if (upTo !== undefined) {
      this.lastAccount = previous;
      this.comparedPosition = { accountId, keyStoreId: upTo };
    }
    return end;
  }
}
