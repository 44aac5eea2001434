import { hash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { removalValues } from '../audit/remove-with-trail.js';
import type { Caller } from '../common/actor.js';
import { Database } from '../database/database.js';
import { type Metadata, SecretVault } from '../vault/secret-vault.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { REMOVE_PENDING_KEY_STORE, SETTLE_IN_STATE, SETTLE_KEY_STORE } from './key-store.queries.js';
import { settlementOf } from './settlement.rules.js';

/** `unreadable`: no key of ours opens its secret; a person has to bring the key back. */
export type Settled = 'completed' | 'removed' | 'settled' | 'unreadable' | 'vaultUnavailable';

export function liveVersions(metadata: Metadata | { readonly outcome: 'absent' }): number[] {
  if (metadata.outcome === 'absent') return [];
  return metadata.versions.filter(({ state }) => state === 'live').map(({ version }) => version);
}

/** Brings to an end what an operation has begun that is on its way no more. Each step may be taken twice. */
@Injectable()
export class KeyStoreSettlement {
  constructor(
    private readonly database: Database,
    private readonly vault: SecretVault,
  ) {}

  async settle(reconciler: Caller, row: KeyStoreRow): Promise<Settled> {
    const address = { accountId: row.clientExtId, keyStoreId: row.id };
    const key = [row.clientExtId, row.id, row.claim];
    const metadata = await this.vault.readMetadata(address);
    if (metadata.outcome === 'unavailable') return 'vaultUnavailable';
    const settlement = settlementOf(row, liveVersions(metadata));
    if (settlement.kind === 'deleted') {
      for (const version of settlement.softDelete) {
        if ((await this.vault.softDelete(address, version)).outcome === 'unavailable') return 'vaultUnavailable';
      }
      await this.database.run(SETTLE_KEY_STORE, key);
      return 'settled';
    }
    if (settlement.kind === 'named') {
      if (!(await this.destroyAll(row, settlement.destroy))) return 'vaultUnavailable';
      await this.database.run(SETTLE_IN_STATE, [...key, settlement.state, row.vaultVersion]);
      return 'settled';
    }
    const own = await this.findOwn(row, settlement.candidates);
    if (own === 'vaultUnavailable' || own === 'unreadable') return own;
    const others = settlement.candidates.filter((version) => version !== own);
    if (!(await this.destroyAll(row, others))) return 'vaultUnavailable';
    if (own === undefined && row.state === 'pending') {
      await this.database.run(REMOVE_PENDING_KEY_STORE, [...key, ...removalValues(reconciler)]);
      return 'removed';
    }
    const state = own === undefined ? 'unavailable' : 'available';
    await this.database.run(SETTLE_IN_STATE, [...key, state, own ?? null]);
    return own === undefined ? 'settled' : 'completed';
  }

  /** A replacement of what was never stored may have left its own p12 in the row's place. */
  private async findOwn(
    row: KeyStoreRow,
    candidates: readonly number[],
  ): Promise<number | undefined | 'unreadable' | 'vaultUnavailable'> {
    for (const version of candidates) {
      const found = await this.vault.read({ accountId: row.clientExtId, keyStoreId: row.id }, version);
      if (found.outcome === 'unavailable') return found.reason === 'unreadable' ? 'unreadable' : 'vaultUnavailable';
      if (found.outcome !== 'found') continue;
      if (hash('sha256', found.secret.reveal().p12, 'buffer').equals(row.p12Sha256)) return version;
    }
    return undefined;
  }

  private async destroyAll({ clientExtId, id }: KeyStoreRow, versions: readonly number[]): Promise<boolean> {
    for (const version of versions) {
      const { outcome } = await this.vault.destroy({ accountId: clientExtId, keyStoreId: id }, version);
      if (outcome === 'unavailable') return false;
    }
    return true;
  }
}
