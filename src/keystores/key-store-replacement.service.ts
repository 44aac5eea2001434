import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { Caller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AppError, type ErrorDetail, noRecord, throwAll } from '../common/errors.js';
import { LOGGER } from '../common/logger.token.js';
import { pick } from '../common/pick.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { Database } from '../database/database.js';
import { NEVER_WRITTEN, SecretVault } from '../vault/secret-vault.js';
import { evaluateReplacements, UNKNOWN } from './key-store-batch.rules.js';
import { KeyStoreFiles } from './key-store-files.js';
import { savedViews } from './key-store-status.rules.js';
import { storeReplacement } from './key-store-store.js';
import type { SavedKeyStores, SentReplacement } from './key-store.model.js';
import {
  CLAIM_KEY_STORE,
  CLAIM_QUIET_KEY_STORE,
  READ_KEY_STORE,
  READ_KEY_STORES_TO_REPLACE,
  SETTLE_KEY_STORE,
} from './key-store.queries.js';
import { CLAIMED_KEY, KEY_STORE_KEY, type KeyStoreContent, type KeyStoreRow } from './key-store.table.js';
import { addressOf, logFailure, restoreSecret } from './own-secret.js';
import { mapConcurrently, requestBudget } from './vault-limits.js';

interface Replacement {
  readonly sent: SentReplacement;
  readonly content: KeyStoreContent;
  readonly current: KeyStoreRow;
}

type Replaced =
  | { readonly kind: 'stored'; readonly row: KeyStoreRow }
  /** The current row. */
  | { readonly kind: 'failed'; readonly row: KeyStoreRow }
  | { readonly kind: 'refused'; readonly row: KeyStoreRow; readonly errors: readonly ErrorDetail[] };

/** L5 to L7: all items are evaluated first. A key store keeps its old secret until its row is updated. */
@Injectable()
export class KeyStoreReplacementService {
  constructor(
    private readonly database: Database,
    private readonly vault: SecretVault,
    private readonly files: KeyStoreFiles,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async replace(caller: Caller, accountId: string, items: readonly SentReplacement[]): Promise<SavedKeyStores> {
    const replacements = await this.evaluate(caller, accountId, items);
    const budget = requestBudget();
    const results = await mapConcurrently(replacements, async (one, index) =>
      refusedIfDeleted(await this.replaceOne(caller, one, index, budget), index),
    );
    const refusals = results.flatMap((result) => (result.kind === 'refused' ? result.errors : []));
    // These are names that were taken and key stores that were deleted after the evaluation. Once one item is stored,
    // the request as a whole cannot be refused.
    if (!results.some(({ kind }) => kind === 'stored')) throwAll(refusals);
    const saved = results.map(({ kind, row }) => ({ row, isStored: kind === 'stored' }));
    return savedViews(saved, caller.now, this.settings.keyStoreRetentionDays);
  }

  private async evaluate(
    caller: Caller,
    clientExtId: string,
    items: readonly SentReplacement[],
  ): Promise<readonly Replacement[]> {
    const asked = { clientExtId, ids: items.map(({ id }) => String(id)), names: items.map(({ name }) => name) };
    const found = await READ_KEY_STORES_TO_REPLACE.all(this.database, asked);
    if (found.length === 0) throw noRecord();
    const rows = found.filter((row) => row.id !== null);
    const contents = await this.files.contentsOf(caller, clientExtId, items, evaluateReplacements(items, rows));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return contents.flatMap((content, index) => {
      const sent = items[index] as SentReplacement;
      const current = byId.get(sent.id);
      return current === undefined ? [] : [{ sent, content, current }];
    });
  }

  private async replaceOne(
    caller: Caller,
    { sent, content, current }: Replacement,
    index: number,
    budget: AbortSignal,
  ): Promise<Replaced> {
    const address = addressOf(current);
    const row = await CLAIM_KEY_STORE.first(this.database, { ...pick(current, KEY_STORE_KEY), ...this.newClaim() });
    if (row === undefined) return await this.failed(current);
    const superseded = new Set<number>(row.vaultVersion === null ? [] : [row.vaultVersion]);
    let expected = row.vaultVersion ?? NEVER_WRITTEN;
    // If several requests replace it concurrently, the last one to claim it continues, and learns about the versions of
    // the others.
    for (;;) {
      const written = await this.vault.write(address, expected, sent.file, budget);
      if (written.outcome === 'written') {
        const next = { ...row, ...content, ...mergedNames(sent, row), vaultVersion: written.version };
        return await this.moveRow(caller, row, next, superseded, index, budget);
      }
      logFailure(this.logger, caller.requestId, address, written);
      if (written.outcome === 'unavailable') return { kind: 'failed', row };
      const failure = await this.failed(row);
      if (failure.row.claim !== row.claim) return failure;
      const metadata = await this.vault.readMetadata(address, budget);
      if (metadata.outcome === 'unavailable') return failure;
      const found = metadata.outcome === 'found' ? metadata.currentVersion : NEVER_WRITTEN;
      // The responses of the vault are inconsistent.
      if (found === expected) return failure;
      expected = found;
      if (metadata.outcome !== 'found') continue;
      for (const { version, state } of metadata.versions) if (state === 'live') superseded.add(version);
    }
  }

  /**
   * Uses the current time, not that of the request: reading the files may have taken longer than a claim is respected.
   */
  private newClaim() {
    return { claim: randomUUID(), claimedAt: this.clock.now() };
  }

  /** Returns the current row, because another request may have replaced or deleted the key store. */
  private async failed(row: KeyStoreRow): Promise<{ readonly kind: 'failed'; readonly row: KeyStoreRow }> {
    const current = await READ_KEY_STORE.first(this.database, pick(row, KEY_STORE_KEY));
    return { kind: 'failed', row: current ?? row };
  }

  private async moveRow(
    caller: Caller,
    before: KeyStoreRow,
    next: KeyStoreRow & { readonly vaultVersion: number },
    superseded: ReadonlySet<number>,
    index: number,
    budget: AbortSignal,
  ): Promise<Replaced> {
    const address = addressOf(next);
    let moved: KeyStoreRow | undefined;
    try {
      moved = await storeReplacement(this.database, caller, before, next);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'errors.duplicateName') throw error;
      await this.restorePrevious(before, next.vaultVersion, budget);
      return { kind: 'refused', row: before, errors: error.details.map((detail) => ({ ...detail, index })) };
    }
    if (moved === undefined) {
      await this.vault.destroy(address, next.vaultVersion, budget);
      // The operation that took over the row may have finished before this version was written, so the reconciler must
      // check it.
      await CLAIM_QUIET_KEY_STORE.all(this.database, { ...pick(before, KEY_STORE_KEY), ...this.newClaim() });
      return await this.failed(before);
    }
    const outcomes = await mapConcurrently(
      [...superseded].filter((version) => version < next.vaultVersion),
      async (version) => await this.vault.destroy(address, version, budget),
    );
    // The claim lets the reconciler find what could not be destroyed now.
    if (outcomes.every(({ outcome }) => outcome === 'done')) {
      await SETTLE_KEY_STORE.all(this.database, pick(next, CLAIMED_KEY));
    }
    return { kind: 'stored', row: moved };
  }

  /** Writes the previous version again as the newest one. If that fails, the claim lets the reconciler find it. */
  private async restorePrevious(before: KeyStoreRow, rejected: number, budget: AbortSignal): Promise<void> {
    const { vaultVersion } = before;
    const restored =
      vaultVersion === null
        ? undefined
        : await restoreSecret({ database: this.database, vault: this.vault }, { ...before, vaultVersion }, rejected, {
            signal: budget,
          });
    const isRestored = restored?.outcome === 'restored';
    const obsolete = isRestored && vaultVersion !== null ? [vaultVersion, rejected] : [rejected];
    const outcomes = await mapConcurrently(
      obsolete,
      async (version) => await this.vault.destroy(addressOf(before), version, budget),
    );
    if (isRestored && outcomes.every(({ outcome }) => outcome === 'done')) {
      await SETTLE_KEY_STORE.all(this.database, pick(before, CLAIMED_KEY));
    }
  }
}

/** The key store was deleted while it was being replaced; this is not a failure of the vault. */
function refusedIfDeleted(result: Replaced, index: number): Replaced {
  if (result.kind !== 'failed' || result.row.deletedAt === null) return result;
  return { kind: 'refused', row: result.row, errors: [{ ...UNKNOWN, index }] };
}

/**
 * Clients send back what they have read. A display name equal to the one shown does not count as set, and still follows
 * the name.
 */
function mergedNames(
  { name, displayName }: SentReplacement,
  row: KeyStoreRow,
): Pick<KeyStoreRow, 'name' | 'displayName'> {
  const isChanged = displayName !== undefined && displayName !== (row.displayName ?? row.name);
  return { name, displayName: isChanged ? displayName : row.displayName };
}
