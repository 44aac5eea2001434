import { hash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { removalValues } from '../audit/remove-with-trail.js';
import type { Caller } from '../common/actor.js';
import { BackgroundDatabase } from '../database/database.js';
import { type Metadata, type SecretAddress, SecretVault } from '../vault/secret-vault.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { REMOVE_PENDING_KEY_STORE, SETTLE_IN_STATE, SETTLE_KEY_STORE } from './key-store.queries.js';
import { settlementOf } from './settlement.rules.js';
import type { VaultCalls } from './vault-calls.js';

/** `callsSpent`: there is more to do, the next time. */
type Interruption = 'vaultUnavailable' | 'callsSpent';

/** `unreadable`: no key of ours opens its secret; a person has to bring the key back. */
export type Settled = 'completed' | 'removed' | 'settled' | 'unreadable' | Interruption;

export function liveVersions(metadata: Metadata | { readonly outcome: 'absent' }): number[] {
  if (metadata.outcome === 'absent') return [];
  return metadata.versions.filter(({ state }) => state === 'live').map(({ version }) => version);
}

/** Brings to an end what an operation has begun that is on its way no more. Each step may be taken twice. */
@Injectable()
export class KeyStoreSettlement {
  constructor(
    private readonly database: BackgroundDatabase,
    private readonly vault: SecretVault,
  ) {}

  async settle(reconciler: Caller, row: KeyStoreRow, calls: VaultCalls): Promise<Settled> {
    const address = { accountId: row.clientExtId, keyStoreId: row.id };
    const key = [row.clientExtId, row.id, row.claim];
    if (!calls.take()) return 'callsSpent';
    const metadata = await this.vault.readMetadata(address);
    if (metadata.outcome === 'unavailable') return 'vaultUnavailable';
    const settlement = settlementOf(row, liveVersions(metadata));
    if (settlement.kind === 'unnamed') return await this.settleUnnamed(reconciler, row, settlement.candidates, calls);
    if (settlement.kind === 'deleted') {
      for (const version of settlement.softDelete) {
        if (!calls.take()) return 'callsSpent';
        if ((await this.vault.softDelete(address, version)).outcome === 'unavailable') return 'vaultUnavailable';
      }
      await this.database.run(SETTLE_KEY_STORE, key);
      return 'settled';
    }
    for (const version of settlement.destroy) {
      const interruption = await this.destroy(address, version, calls);
      if (interruption !== undefined) return interruption;
    }
    await this.database.run(SETTLE_IN_STATE, [...key, settlement.state, row.vaultVersion]);
    return 'settled';
  }

  /** A replacement of what was never stored may have left its own p12 in the row's place. */
  private async settleUnnamed(
    reconciler: Caller,
    row: KeyStoreRow,
    candidates: readonly number[],
    calls: VaultCalls,
  ): Promise<Settled> {
    const address = { accountId: row.clientExtId, keyStoreId: row.id };
    const key = [row.clientExtId, row.id, row.claim];
    let own: number | undefined;
    for (const version of candidates) {
      if (own === undefined) {
        const isOwn = await this.isOwn(row, address, version, calls);
        if (typeof isOwn === 'string') return isOwn;
        if (isOwn) {
          own = version;
          continue;
        }
      }
      // At once, so that each pass has fewer before it, however many there are.
      const interruption = await this.destroy(address, version, calls);
      if (interruption !== undefined) return interruption;
    }
    if (own === undefined && row.state === 'pending') {
      await this.database.run(REMOVE_PENDING_KEY_STORE, [...key, ...removalValues(reconciler)]);
      return 'removed';
    }
    const state = own === undefined ? 'unavailable' : 'available';
    await this.database.run(SETTLE_IN_STATE, [...key, state, own ?? null]);
    return own === undefined ? 'settled' : 'completed';
  }

  private async isOwn(
    row: KeyStoreRow,
    address: SecretAddress,
    version: number,
    calls: VaultCalls,
  ): Promise<boolean | 'unreadable' | Interruption> {
    if (!calls.take()) return 'callsSpent';
    const found = await this.vault.read(address, version);
    if (found.outcome === 'unavailable') return found.reason === 'unreadable' ? 'unreadable' : 'vaultUnavailable';
    if (found.outcome !== 'found') return false;
    return hash('sha256', found.secret.reveal().p12, 'buffer').equals(row.p12Sha256);
  }

  private async destroy(address: SecretAddress, version: number, calls: VaultCalls): Promise<Interruption | undefined> {
    if (!calls.take()) return 'callsSpent';
    return (await this.vault.destroy(address, version)).outcome === 'unavailable' ? 'vaultUnavailable' : undefined;
  }
}
