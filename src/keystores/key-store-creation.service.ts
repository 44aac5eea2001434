import { randomInt, randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { Caller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AppError, appError, noRecord } from '../common/errors.js';
import { LOGGER } from '../common/logger.token.js';
import { pick } from '../common/pick.js';
import type { Secret } from '../common/secret.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { Database } from '../database/database.js';
import { firstVersion } from '../database/versioned.js';
import { NEVER_WRITTEN, SecretVault } from '../vault/secret-vault.js';
import { evaluateNames } from './key-store-batch.rules.js';
import { KeyStoreFiles } from './key-store-files.js';
import { savedViews } from './key-store-status.rules.js';
import { storeNewKeyStore } from './key-store-store.js';
import { MAX_KEY_STORES, type SavedKeyStores, type SentFile, type SentKeyStore } from './key-store.model.js';
import { COMPLETE_KEY_STORE, GIVE_UP_CREATION, LOCK_ACCOUNT, READ_ACCOUNT } from './key-store.queries.js';
import { CLAIMED_KEY, type KeyStoreContent, type KeyStoreRow, type NewKeyStoreRow } from './key-store.table.js';
import { addressOf, logFailure } from './own-secret.js';
import { mapConcurrently, requestBudget } from './vault-limits.js';

/**
 * Greater than 32 bits, so that clients that cannot handle such ids fail early. Random ids have never been used in the
 * vault.
 */
const FIRST_ID = 2 ** 31 + 1;
const LAST_ID = 2 ** 48;

/** Below this number, concurrent requests together cannot exceed the limit, so no exact count is needed. */
const UNCOUNTED_MAX = MAX_KEY_STORES - 100;

interface NewKeyStore {
  readonly row: NewKeyStoreRow;
  readonly file: Secret<SentFile>;
}

/**
 * L3, L4: first all items are evaluated, then all rows are stored as pending, then their secrets are written to the
 * vault.
 */
@Injectable()
export class KeyStoreCreationService {
  constructor(
    private readonly database: Database,
    private readonly vault: SecretVault,
    private readonly files: KeyStoreFiles,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async create(caller: Caller, accountId: string, items: readonly SentKeyStore[]): Promise<SavedKeyStores> {
    const contents = await this.evaluate(caller, accountId, items);
    const claimedAt = this.clock.now();
    const ids = generateIds(items.length);
    const created = items.map((item, index) => ({
      row: newRow(caller, accountId, ids[index] as number, item, contents[index] as KeyStoreContent, claimedAt),
      file: item.file,
    }));
    await this.storeRows(caller, accountId, created);
    const budget = requestBudget();
    const rows = await mapConcurrently(created, async (one) => await this.storeSecret(caller, one, budget));
    const results = rows.map((row) => ({ row, isStored: row.state === 'available' }));
    return savedViews(results, caller.now, this.settings.keyStoreRetentionDays);
  }

  private async evaluate(
    caller: Caller,
    clientExtId: string,
    items: readonly SentKeyStore[],
  ): Promise<readonly KeyStoreContent[]> {
    const names = items.map(({ name }) => name);
    const account = await READ_ACCOUNT.first(this.database, { clientExtId, names });
    if (account === undefined) throw noRecord();
    if (account.count + items.length > MAX_KEY_STORES) throw tooMany();
    return await this.files.contentsOf(caller, clientExtId, items, evaluateNames(items, new Set(account.taken)));
  }

  private async storeRows(caller: Caller, clientExtId: string, created: readonly NewKeyStore[]): Promise<void> {
    const [first, ...others] = created;
    // A single statement needs no transaction.
    if (first !== undefined && others.length === 0) {
      const stored = await numbered(0, storeNewKeyStore(this.database, caller, first.row, UNCOUNTED_MAX));
      if (stored) return;
    }
    await this.database.transaction(clientExtId, async (runner) => {
      await LOCK_ACCOUNT.all(runner, { clientExtId });
      for (const [index, { row }] of created.entries()) {
        if (await numbered(index, storeNewKeyStore(runner, caller, row, MAX_KEY_STORES))) continue;
        const account = await READ_ACCOUNT.first(runner, { clientExtId, names: [] });
        throw account === undefined ? noRecord() : tooMany();
      }
    });
  }

  /** Returns the row after the write. */
  private async storeSecret(
    { requestId }: Caller,
    { row, file }: NewKeyStore,
    budget: AbortSignal,
  ): Promise<KeyStoreRow> {
    const address = addressOf(row);
    const claimed = pick(row, CLAIMED_KEY);
    const written = await this.vault.write(address, NEVER_WRITTEN, file, budget);
    if (written.outcome === 'written') {
      const vaultVersion = written.version;
      const completed = await COMPLETE_KEY_STORE.first(this.database, { ...claimed, vaultVersion });
      if (completed !== undefined) return { ...row, state: 'available', vaultVersion };
      // The key store was replaced or deleted meanwhile, so no row refers to this version.
      await this.vault.destroy(address, written.version, budget);
    } else {
      logFailure(this.logger, requestId, address, written);
      await GIVE_UP_CREATION.all(this.database, claimed);
    }
    return { ...row, state: 'unavailable' };
  }
}

/** Ascending: items created at the same time are listed by id, and so in their original order. */
function generateIds(count: number): number[] {
  return Array.from({ length: count }, () => randomInt(FIRST_ID, LAST_ID)).toSorted((a, b) => a - b);
}

function newRow(
  { now }: Caller,
  clientExtId: string,
  id: number,
  { name, displayName }: SentKeyStore,
  content: KeyStoreContent,
  claimedAt: Date,
): NewKeyStoreRow {
  return {
    ...content,
    clientExtId,
    id,
    name,
    displayName: displayName ?? null,
    state: 'pending',
    vaultVersion: null,
    claim: randomUUID(),
    claimedAt,
    ...firstVersion(now),
    deletedAt: null,
    secretDestroyedAt: null,
  };
}

/** If two requests use the same name at once, the unique index decides; the error contains the index of the item. */
async function numbered<Result>(index: number, storing: Promise<Result>): Promise<Result> {
  try {
    return await storing;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'errors.duplicateName') throw error;
    throw error.withDetails((detail) => ({ ...detail, index }));
  }
}

function tooMany(): AppError {
  const message = `An account can have at most ${MAX_KEY_STORES} key stores.`;
  return appError({ code: 'errors.invalidData', message });
}
