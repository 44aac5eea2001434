import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { Caller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AppError, type ErrorDetail, noRecord, throwAll } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { Database } from '../database/database.js';
import { LOGGER } from '../http/logger.token.js';
import { NEVER_WRITTEN, SecretVault } from '../vault/secret-vault.js';
import { judgeReplacements, UNKNOWN } from './key-store-batch.rules.js';
import { KeyStoreFiles } from './key-store-files.js';
import type { KeyStoreContent, KeyStoreRow } from './key-store-row.model.js';
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

/** L5 to L7: all items are judged; until a row moves, its key store is the old one. */
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
    const replacements = await this.judge(caller, accountId, items);
    const budget = requestBudget();
    const results = await eachOf(replacements, async (one, index) =>
      refusedIfDeleted(await this.replaceOne(caller, one, index, budget), index),
    );
    const refusals = results.flatMap((result) => (result.kind === 'refused' ? result.errors : []));
    // A name that somebody took, or a key store that somebody deleted, since it was judged; once others are stored the whole can be refused no more.
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

  private async judge(
    caller: Caller,
    accountId: string,
    items: readonly SentReplacement[],
  ): Promise<readonly Replacement[]> {
    const values = [accountId, items.map(({ id }) => id), items.map(({ name }) => name)];
    const found = await this.database.run<KeyStoreRow>(READ_KEY_STORES_TO_REPLACE, values);
    if (found.length === 0) throw noRecord();
    const rows = found.filter(({ id }) => id !== null);
    const errors: ErrorDetail[] = judgeReplacements(items, rows);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const replacements: Replacement[] = [];
    for (const [index, opened] of (await this.files.openAll(caller, accountId, items)).entries()) {
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
    // Not the request's own moment: reading its files may have taken longer than a claim lives.
    const values = [...keyOf(current), randomUUID(), this.clock.now()];
    const [row] = await this.database.run<KeyStoreRow>(CLAIM_KEY_STORE, values);
    if (row === undefined) return await this.failed(current);
    const superseded = new Set<number>(row.vaultVersion === null ? [] : [row.vaultVersion]);
    let expected = row.vaultVersion ?? NEVER_WRITTEN;
    // Of those who replace it at the same time the last one to claim it goes on, and learns of the others' versions.
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

  /** With the key store as it now stands, which somebody else may have replaced or deleted. */
  private async failed(row: KeyStoreRow): Promise<{ readonly kind: 'failed'; readonly row: KeyStoreRow }> {
    const [stands] = await this.database.run<KeyStoreRow>(READ_KEY_STORE, keyOf(row));
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
      moved = await storeReplacement(this.database, caller, next, changedMembers(before, next));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'errors.duplicateName') throw error;
      await this.takeBack(before, next.vaultVersion, budget);
      return { kind: 'refused', row: before, errors: error.details.map((detail) => ({ ...detail, index })) };
    }
    if (moved === undefined) {
      await this.vault.destroy(address, next.vaultVersion, budget);
      // Whoever has taken the row over may have ended before this version was written: the reconciler looks at it.
      await this.database.run(CLAIM_QUIET_KEY_STORE, [...keyOf(before), randomUUID(), this.clock.now()]);
      return await this.failed(before);
    }
    const outcomes = await eachOf(
      [...superseded].filter((version) => version < next.vaultVersion),
      async (version) => await this.vault.destroy(address, version, budget),
    );
    // What could not be destroyed now, the reconciler will find by the claim.
    if (outcomes.every(({ outcome }) => outcome === 'done')) {
      await this.database.run(SETTLE_KEY_STORE, [...keyOf(next), next.claim]);
    }
    return { kind: 'stored', row: moved };
  }

  /** What the row names is written again as the newest version; what fails here, the reconciler finds by the claim. */
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
      await this.database.run(SETTLE_KEY_STORE, [...keyOf(before), before.claim]);
    }
  }
}

/** Deleted while it was replaced: there is none any more, and no vault has failed. */
function refusedIfDeleted(result: Replaced, index: number): Replaced {
  if (result.kind !== 'failed' || result.row.deletedAt === null) return result;
  return { kind: 'refused', row: result.row, errors: [{ ...UNKNOWN, index }] };
}

function keyOf({ clientExtId, id }: KeyStoreRow): readonly [string, number] {
  return [clientExtId, id];
}

/** Clients send back what they have read: a display name that is the one shown goes on following the name. */
function named({ name, displayName }: SentReplacement, row: KeyStoreRow): Pick<KeyStoreRow, 'name' | 'displayName'> {
  const isChanged = displayName !== undefined && displayName !== (row.displayName ?? row.name);
  return { name, displayName: isChanged ? displayName : row.displayName };
}

function changedMembers(before: KeyStoreRow, next: KeyStoreRow): string[] {
  return [
    ...(before.name === next.name ? [] : ['name']),
    ...((before.displayName ?? before.name) === (next.displayName ?? next.name) ? [] : ['displayName']),
    ...(before.p12Sha256.equals(next.p12Sha256) ? [] : ['p12']),
    ...(before.expires.getTime() === next.expires.getTime() ? [] : ['expires']),
  ];
}
