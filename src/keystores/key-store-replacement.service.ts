import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { Caller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AppError, type ErrorDetail, noRecord, throwAll } from '../common/errors.js';
import { pick } from '../common/pick.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { Database } from '../database/database.js';
import { LOGGER } from '../http/logger.token.js';
import { NEVER_WRITTEN, SecretVault } from '../vault/secret-vault.js';
import { evaluateReplacements, UNKNOWN } from './key-store-batch.rules.js';
import { KeyStoreFiles } from './key-store-files.js';
import { viewOf } from './key-store-status.rules.js';
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
import { addressOf, restoreSecret } from './own-secret.js';
import { logFailure } from './vault-failure.js';
import { eachOf, requestBudget } from './vault-limits.js';

interface Replacement {
  readonly sent: SentReplacement;
  readonly content: KeyStoreContent;
  readonly current: KeyStoreRow;
}

type Replaced =
  | { readonly kind: 'stored'; readonly row: KeyStoreRow }
  /** As it stands. */
  | { readonly kind: 'failed'; readonly row: KeyStoreRow }
  | { readonly kind: 'refused'; readonly row: KeyStoreRow; readonly errors: readonly ErrorDetail[] };

/** L5 to L7: all items are evaluated; until a row moves, its key store is the old one. */
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
    const results = await eachOf(replacements, async (one, index) =>
      refusedIfDeleted(await this.replaceOne(caller, one, index, budget), index),
    );
    const refusals = results.flatMap((result) => (result.kind === 'refused' ? result.errors : []));
    // Of a name that was taken, or a key store that was deleted, after the items were evaluated. Once one item is stored, the request cannot be refused.
    if (!results.some(({ kind }) => kind === 'stored')) throwAll(refusals);
    const views = results.map(({ kind, row }) => ({
      kind,
      view: viewOf(row, caller.now, this.settings.keyStoreRetentionDays),
    }));
    return {
      stored: views.filter(({ kind }) => kind === 'stored').map(({ view }) => view),
      failed: views.filter(({ kind }) => kind !== 'stored').map(({ view }) => view),
    };
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
    const errors: ErrorDetail[] = evaluateReplacements(items, rows);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const replacements: Replacement[] = [];
    for (const [index, opened] of (await this.files.openAll(caller, clientExtId, items)).entries()) {
      const sent = items[index] as SentReplacement;
      const current = byId.get(sent.id);
      if (!opened.ok) errors.push({ ...opened.error, index });
      else if (current !== undefined) replacements.push({ sent, content: opened.content, current });
    }
    throwAll(errors.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)));
    return replacements;
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
    // Of several who replace it at the same time, the last to claim it goes on, and learns of the others' versions.
    for (;;) {
      const written = await this.vault.write(address, expected, sent.file, budget);
      if (written.outcome === 'written') {
        const next = { ...row, ...content, ...named(sent, row), vaultVersion: written.version };
        return await this.moveRow(caller, row, next, superseded, index, budget);
      }
      logFailure(this.logger, caller.requestId, address, written);
      if (written.outcome === 'unavailable') return { kind: 'failed', row };
      const stands = await this.failed(row);
      if (stands.row.claim !== row.claim) return stands;
      const metadata = await this.vault.readMetadata(address, budget);
      if (metadata.outcome === 'unavailable') return stands;
      const found = metadata.outcome === 'found' ? metadata.currentVersion : NEVER_WRITTEN;
      // A vault that contradicts itself.
      if (found === expected) return stands;
      expected = found;
      if (metadata.outcome !== 'found') continue;
      for (const { version, state } of metadata.versions) if (state === 'live') superseded.add(version);
    }
  }

  /** Dated now, not by the request: reading its files may have taken longer than a claim is respected. */
  private newClaim() {
    return { claim: randomUUID(), claimedAt: this.clock.now() };
  }

  /** With the key store as it now is: somebody else may have replaced or deleted it. */
  private async failed(row: KeyStoreRow): Promise<{ readonly kind: 'failed'; readonly row: KeyStoreRow }> {
    const stands = await READ_KEY_STORE.first(this.database, pick(row, KEY_STORE_KEY));
    return { kind: 'failed', row: stands ?? row };
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
      await this.takeBack(before, next.vaultVersion, budget);
      return { kind: 'refused', row: before, errors: error.details.map((detail) => ({ ...detail, index })) };
    }
    if (moved === undefined) {
      await this.vault.destroy(address, next.vaultVersion, budget);
      // Whoever took the row over may have finished before this version was written: the reconciler has to look at it.
      await CLAIM_QUIET_KEY_STORE.all(this.database, { ...pick(before, KEY_STORE_KEY), ...this.newClaim() });
      return await this.failed(before);
    }
    const outcomes = await eachOf(
      [...superseded].filter((version) => version < next.vaultVersion),
      async (version) => await this.vault.destroy(address, version, budget),
    );
    // The claim leads the reconciler to what could not be destroyed now.
    if (outcomes.every(({ outcome }) => outcome === 'done')) {
      await SETTLE_KEY_STORE.all(this.database, pick(next, CLAIMED_KEY));
    }
    return { kind: 'stored', row: moved };
  }

  /** Writes the row's version again as the newest one. Where that fails, the claim leads the reconciler to it. */
  private async takeBack(before: KeyStoreRow, rejected: number, budget: AbortSignal): Promise<void> {
    const { vaultVersion } = before;
    const restored =
      vaultVersion === null
        ? undefined
        : await restoreSecret({ database: this.database, vault: this.vault }, { ...before, vaultVersion }, rejected, {
            signal: budget,
          });
    const isRestored = restored?.outcome === 'restored';
    const obsolete = isRestored && vaultVersion !== null ? [vaultVersion, rejected] : [rejected];
    const outcomes = await eachOf(
      obsolete,
      async (version) => await this.vault.destroy(addressOf(before), version, budget),
    );
    if (isRestored && outcomes.every(({ outcome }) => outcome === 'done')) {
      await SETTLE_KEY_STORE.all(this.database, pick(before, CLAIMED_KEY));
    }
  }
}

/** Deleted while it was replaced: there is none any more, and no vault has failed. */
function refusedIfDeleted(result: Replaced, index: number): Replaced {
  if (result.kind !== 'failed' || result.row.deletedAt === null) return result;
  return { kind: 'refused', row: result.row, errors: [{ ...UNKNOWN, index }] };
}

/** Clients send back what they have read: a display name equal to the one shown still follows the name. */
function named({ name, displayName }: SentReplacement, row: KeyStoreRow): Pick<KeyStoreRow, 'name' | 'displayName'> {
  const isChanged = displayName !== undefined && displayName !== (row.displayName ?? row.name);
  return { name, displayName: isChanged ? displayName : row.displayName };
}
