import { Inject, Injectable } from '@nestjs/common';

import { removalBy } from '../audit/remove-with-audit-events.js';
import type { Caller } from '../common/actor.js';
import { pick } from '../common/pick.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { BackgroundDatabase } from '../database/database.js';
import { type Metadata, NEVER_WRITTEN, type SecretAddress, SecretVault } from '../vault/secret-vault.js';
import { destroyedIfDeletedUntil } from './key-store-status.rules.js';
import {
  MARK_SECRET_DESTROYED,
  READ_CLAIM_OF_KEY_STORE,
  REMOVE_PENDING_KEY_STORE,
  SETTLE_IN_STATE,
  SETTLE_KEY_STORE,
} from './key-store.queries.js';
import { CLAIMED_KEY, type KeyStoreRow } from './key-store.table.js';
import { addressOf, readMatchingSecret, restoreSecret } from './own-secret.js';
import { type Held, type Settlement, settlementOf } from './settlement.rules.js';
import type { VaultCalls } from './vault-limits.js';

/** `callsSpent`: the next pass does the rest. */
type Interruption = 'vaultUnavailable' | 'callsSpent';

/** `unreadable`: no key opens its secret until an operator restores the key. */
export type Settled = 'completed' | 'removed' | 'settled' | 'unreadable' | Interruption;

export function heldBy(metadata: Metadata | { readonly outcome: 'absent' }): Held {
  if (metadata.outcome === 'absent') return { current: NEVER_WRITTEN, live: [], softDeleted: [] };
  const inState = (wanted: 'live' | 'deleted') =>
    metadata.versions.filter(({ state }) => state === wanted).map(({ version }) => version);
  return { current: metadata.currentVersion, live: inState('live'), softDeleted: inState('deleted') };
}

/** Completes or undoes operations that were interrupted. Each step is idempotent. */
@Injectable()
export class KeyStoreSettlement {
  constructor(
    private readonly database: BackgroundDatabase,
    private readonly vault: SecretVault,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async settle(reconciler: Caller, row: KeyStoreRow, calls: VaultCalls): Promise<Settled> {
    if (!calls.take()) return 'callsSpent';
    const metadata = await this.vault.readMetadata(addressOf(row));
    if (metadata.outcome === 'unavailable') return 'vaultUnavailable';
    // An operation that has claimed the row since it was read may have written the versions that were just found.
    if ((await READ_CLAIM_OF_KEY_STORE.first(this.database, claimed(row))) === undefined) return 'settled';
    const held = heldBy(metadata);
    const settlement = settlementOf(row, held, this.destroyUntil(reconciler.now));
    if (settlement.kind === 'unnamed') return await this.settleUnnamed(reconciler, row, settlement.candidates, calls);
    if (settlement.kind === 'deleted') return await this.settleDeleted(reconciler, row, settlement, calls);
    return await this.settleNamed(row, settlement, held.current, calls);
  }

  private async settleDeleted(
    { now }: Caller,
    row: KeyStoreRow,
    { softDelete, destroy }: Extract<Settlement, { kind: 'deleted' }>,
    calls: VaultCalls,
  ): Promise<Settled> {
    for (const version of softDelete) {
      if (!calls.take()) return 'callsSpent';
      if ((await this.vault.softDelete(addressOf(row), version)).outcome === 'unavailable') return 'vaultUnavailable';
    }
    const interruption = await this.destroyAll(row, destroy, calls);
    if (interruption !== undefined) return interruption;
    const isDue = row.deletedAt !== null && row.deletedAt <= this.destroyUntil(now);
    if (isDue && row.secretDestroyedAt === null) {
      await MARK_SECRET_DESTROYED.all(this.database, { ...claimed(row), now });
    }
    await SETTLE_KEY_STORE.all(this.database, claimed(row));
    return 'settled';
  }

  private async settleNamed(
    row: KeyStoreRow,
    { state, restore, destroy }: Extract<Settlement, { kind: 'named' }>,
    current: number,
    calls: VaultCalls,
  ): Promise<Settled> {
    const { vaultVersion } = row;
    const restored =
      restore && vaultVersion !== null
        ? await restoreSecret({ database: this.database, vault: this.vault }, { ...row, vaultVersion }, current, {
            calls,
          })
        : undefined;
    if (restored?.outcome === 'vaultUnavailable' || restored?.outcome === 'callsSpent') return restored.outcome;
    if (restored?.outcome === 'overtaken') return 'settled';
    const isRestored = restored?.outcome === 'restored';
    const interruption = await this.destroyAll(
      row,
      isRestored && vaultVersion !== null ? [...destroy, vaultVersion] : destroy,
      calls,
    );
    if (interruption !== undefined) return interruption;
    const found = restored?.outcome === 'notOwn' ? 'unavailable' : state;
    const currentVersion = isRestored ? restored.version : vaultVersion;
    await SETTLE_IN_STATE.all(this.database, { ...claimed(row), state: found, vaultVersion: currentVersion });
    return 'settled';
  }

  /**
   * If a key store was replaced before its creation was completed, the vault may contain the p12 of the replacement.
   */
  private async settleUnnamed(
    reconciler: Caller,
    row: KeyStoreRow,
    candidates: readonly number[],
    calls: VaultCalls,
  ): Promise<Settled> {
    let own: number | undefined;
    for (const version of candidates) {
      if (own === undefined) {
        if (!calls.take()) return 'callsSpent';
        const { outcome } = await readMatchingSecret(this.vault, row, version);
        if (outcome === 'unavailable') return 'vaultUnavailable';
        if (outcome === 'unreadable') return outcome;
        if (outcome === 'found') {
          own = version;
          continue;
        }
      }
      // Destroyed immediately, so that each pass leaves fewer versions for the next.
      const interruption = await this.destroy(addressOf(row), version, calls);
      if (interruption !== undefined) return interruption;
    }
    if (own === undefined && row.state === 'pending') {
      await REMOVE_PENDING_KEY_STORE.all(this.database, { ...claimed(row), removal: removalBy(reconciler) });
      return 'removed';
    }
    const state = own === undefined ? 'unavailable' : 'available';
    await SETTLE_IN_STATE.all(this.database, { ...claimed(row), state, vaultVersion: own ?? null });
    return own === undefined ? 'settled' : 'completed';
  }

  private destroyUntil(now: Date): Date {
    return destroyedIfDeletedUntil(now, this.settings.keyStoreRetentionDays);
  }

  private async destroyAll(
    row: KeyStoreRow,
    versions: readonly number[],
    calls: VaultCalls,
  ): Promise<Interruption | undefined> {
    for (const version of versions) {
      const interruption = await this.destroy(addressOf(row), version, calls);
      if (interruption !== undefined) return interruption;
    }
    return undefined;
  }

  private async destroy(address: SecretAddress, version: number, calls: VaultCalls): Promise<Interruption | undefined> {
    if (!calls.take()) return 'callsSpent';
    return (await this.vault.destroy(address, version)).outcome === 'unavailable' ? 'vaultUnavailable' : undefined;
  }
}

function claimed(row: KeyStoreRow) {
  return pick(row, CLAIMED_KEY);
}
