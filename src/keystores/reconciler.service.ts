import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { systemCaller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AppError } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { BackgroundDatabase } from '../database/database.js';
import { Leader } from '../database/leader.js';
import { LOGGER } from '../http/logger.token.js';
import { type Account, type Compared, KeyStoreComparison } from './key-store-comparison.js';
import { KeyStoreSettlement, type Settled } from './key-store-settlement.js';
import { destroyedIfDeletedUntil } from './key-store-status.rules.js';
import { CLAIM_KEY_STORES_TO_DESTROY, READ_ACCOUNTS, READ_CLAIMED_KEY_STORES } from './key-store.queries.js';
import type { KeyStoreRow } from './key-store.table.js';
import { VaultCalls } from './vault-calls.js';

/** Longer than a request works on a key store, or the clocks of two servers differ. Milliseconds. */
const GRACE_MS = 60_000;

const ROWS_AT_ONCE = 100;
const ACCOUNTS_AT_ONCE = 100;

/** Calls of the vault that one pass may make; the next pass continues where it ended. */
const CALLS_OF_A_PASS = 500;

/** What settling may use of these, so that comparing gets its share however much there is to settle. */
const CALLS_OF_SETTLING = 400;

export interface Reconciled {
  readonly completed: number;
  readonly removed: number;
  readonly settled: number;
  readonly changed: number;
  readonly orphans: number;
  /** Left as they are because of a defect, or a secret that no key opens. */
  readonly unsettled: number;
  readonly vaultUnavailable: boolean;
}

/** Everything up to this row has been settled, or left as it is. */
type SettledUpTo = Pick<KeyStoreRow, 'clientExtId' | 'id'> & { readonly claimedAt: Date };

const BEGINNING: SettledUpTo = { claimedAt: new Date(0), clientExtId: '', id: 0 };

/** Of the account that is being compared, the key stores up to this one have been compared. */
interface ComparedUpTo {
  readonly accountId: string;
  readonly keyStoreId: number;
}

const NOTHING = { completed: 0, removed: 0, settled: 0, changed: 0, orphans: 0, unsettled: 0 };

/** Makes vault and database agree; one server at a time, and only while the vault is available. */
@Injectable()
export class Reconciler {
  private settledUpTo = BEGINNING;
  private lastAccount = '';
  private comparedUpTo: ComparedUpTo | undefined;

  constructor(
    private readonly database: BackgroundDatabase,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly settlement: KeyStoreSettlement,
    private readonly comparison: KeyStoreComparison,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Undefined where another server is the leader. */
  async reconcile(): Promise<Reconciled | undefined> {
    if (!(await this.leader.leads())) return undefined;
    const result = await this.pass();
    const { vaultUnavailable, ...counts } = result;
    if (vaultUnavailable) this.logger.warn('vault unavailable: key stores are not reconciled');
    if (Object.values(counts).some((count) => count > 0)) this.logger.info(counts, 'key stores reconciled');
    return result;
  }

  private async pass(): Promise<Reconciled> {
    const counts = { ...NOTHING };
    const settling = new VaultCalls(CALLS_OF_SETTLING);
    if (!(await this.settleSome(counts, settling))) return { ...counts, vaultUnavailable: true };
    const comparing = new VaultCalls(CALLS_OF_A_PASS - CALLS_OF_SETTLING + settling.left);
    return { ...counts, vaultUnavailable: !(await this.compareSome(counts, comparing)) };
  }

  /** False where the vault is unavailable. */
  private async settleSome(counts: typeof NOTHING, calls: VaultCalls): Promise<boolean> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - GRACE_MS);
    const destroyUntil = destroyedIfDeletedUntil(now, this.settings.keyStoreRetentionDays);
    const due = { deletedUntil: destroyUntil, claimedAt: before, limit: ROWS_AT_ONCE };
    await CLAIM_KEY_STORES_TO_DESTROY.all(this.database, due);
    let fromBeginning = this.settledUpTo === BEGINNING;
    for (;;) {
      const { claimedAt, clientExtId, id } = this.settledUpTo;
      const rows = await READ_CLAIMED_KEY_STORES.all(this.database, {
        claimedUntil: before,
        afterClaimedAt: claimedAt,
        afterClientExtId: clientExtId,
        afterId: id,
        limit: ROWS_AT_ONCE,
      });
      for (const row of rows) {
        const outcome = await this.settle(row, calls);
        if (outcome === 'callsSpent') return true;
        this.settledUpTo = row;
        if (outcome === 'vaultUnavailable') return false;
        counts[outcome] += 1;
      }
      if (rows.length < ROWS_AT_ONCE) {
        this.settledUpTo = BEGINNING;
        if (fromBeginning) return true;
        fromBeginning = true;
      }
    }
  }

  /** A row that cannot be settled must not keep others from being settled. */
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
      const behind = { afterClientExtId: this.lastAccount, limit: ACCOUNTS_AT_ONCE };
      const accounts = await READ_ACCOUNTS.all(this.database, behind);
      for (const account of accounts) {
        const end = await this.compareAccount(account, counts, calls);
        if (end !== 'done') return end === 'callsSpent';
      }
      if (accounts.length < ACCOUNTS_AT_ONCE) {
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
    const after = this.comparedUpTo?.accountId === accountId ? this.comparedUpTo.keyStoreId : 0;
    // Before, so that one account that cannot be compared does not end every pass at the same place.
    this.lastAccount = accountId;
    this.comparedUpTo = undefined;
    const { changed, orphans, end, upTo } = await this.comparison.compare(account, after, calls, this.clock.now());
    counts.changed += changed;
    counts.orphans += orphans;
    if (upTo !== undefined) {
      this.lastAccount = previous;
      this.comparedUpTo = { accountId, keyStoreId: upTo };
    }
    return end;
  }
}
