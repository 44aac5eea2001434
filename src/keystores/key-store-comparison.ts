import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../common/logger.token.js';
import { pick } from '../common/pick.js';
import { BackgroundDatabase } from '../database/database.js';
import { type SecretAddress, SecretVault } from '../vault/secret-vault.js';
import { heldBy } from './key-store-settlement.js';
import {
  CHANGE_STATE_OF_KEY_STORE,
  CLAIM_QUIET_KEY_STORE,
  FIND_UNKNOWN_KEY_STORES,
  READ_KEY_STORES_TO_COMPARE,
} from './key-store.queries.js';
import { KEY_STORE_KEY, type KeyStoreRow } from './key-store.table.js';
import { addressOf, readMatchingSecret } from './own-secret.js';
import { compare } from './settlement.rules.js';
import type { VaultCalls } from './vault-limits.js';

export interface Account {
  readonly accountId: string;
  /** The client was deleted together with the rows of its key stores. */
  readonly isDeleted: boolean;
}

export interface Compared {
  readonly changed: number;
  readonly orphans: number;
  /** `callsSpent`: the next pass compares the rest. */
  readonly end: 'done' | 'vaultUnavailable' | 'callsSpent';
  /** Key stores with ids up to this one have been compared. Undefined if all have been, or none could be. */
  readonly upTo: number | undefined;
}

type One = 'agrees' | 'changed' | 'orphan' | 'vaultUnavailable' | 'callsSpent';

/**
 * Finds changes that others made to the secrets of an account: secrets that were removed, restored, or left without a
 * row.
 */
@Injectable()
export class KeyStoreComparison {
  constructor(
    private readonly database: BackgroundDatabase,
    private readonly vault: SecretVault,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Compares key stores with ids greater than `after`, in ascending order. */
  async compare({ accountId, isDeleted }: Account, after: number, calls: VaultCalls, now: Date): Promise<Compared> {
    const found = { changed: 0, orphans: 0 };
    if (!calls.take()) return { ...found, end: 'callsSpent', upTo: after };
    // The vault is listed first: a row is written before its secret, so every listed secret has a row by then.
    const listed = await this.vault.list(accountId);
    if (listed.outcome === 'unavailable') return { ...found, end: 'vaultUnavailable', upTo: undefined };
    let upTo = after;
    const listedIds = listed.keyStoreIds.filter((id) => id > after);
    for (const one of await this.readNext(accountId, listedIds, after, calls.left + 1)) {
      const outcome =
        'state' in one
          ? await this.compareOne(one, now, calls)
          : await this.settleOrphan(isDeleted, { accountId, keyStoreId: one.id }, calls);
      if (outcome === 'callsSpent') return { ...found, end: outcome, upTo };
      upTo = one.id;
      if (outcome === 'vaultUnavailable') return { ...found, end: outcome, upTo };
      if (outcome === 'changed') found.changed += 1;
      if (outcome === 'orphan') found.orphans += 1;
    }
    return { ...found, end: 'done', upTo: undefined };
  }

  /** Returns at least `count` rows or ids without a row, if there are that many. */
  private async readNext(
    clientExtId: string,
    listedIds: readonly number[],
    after: number,
    count: number,
  ): Promise<readonly (KeyStoreRow | { readonly id: number })[]> {
    const ids = listedIds.map(String);
    const unknown = await FIND_UNKNOWN_KEY_STORES.all(this.database, { clientExtId, ids });
    const rows = await READ_KEY_STORES_TO_COMPARE.all(this.database, { clientExtId, afterId: after, limit: count });
    return [...unknown, ...rows].toSorted((a, b) => a.id - b.id);
  }

  /**
   * Erases secrets of deleted clients and paths without a version. In any other client a crash cannot leave a secret
   * without a row, because the row is written first and only soft-deleted at the end. The database must then be older
   * than the vault (restored from a backup, or of another installation), and erasing would destroy the last copy of a
   * private key.
   */
  private async settleOrphan(isDeleted: boolean, address: SecretAddress, calls: VaultCalls): Promise<One> {
    if (!isDeleted) {
      if (!calls.take()) return 'callsSpent';
      const metadata = await this.vault.readMetadata(address);
      if (metadata.outcome === 'unavailable') return 'vaultUnavailable';
      if (metadata.outcome === 'found' && metadata.versions.some(({ state }) => state !== 'destroyed')) {
        this.logger.warn(address, 'the vault contains a secret without a key store; it is kept');
        return 'orphan';
      }
    }
    if (!calls.take()) return 'callsSpent';
    return (await this.vault.erase(address)).outcome === 'unavailable' ? 'vaultUnavailable' : 'orphan';
  }

  private async compareOne(row: KeyStoreRow, now: Date, calls: VaultCalls): Promise<One> {
    const { vaultVersion } = row;
    const key = pick(row, KEY_STORE_KEY);
    const address = addressOf(row);
    if (!calls.take()) return 'callsSpent';
    const metadata = await this.vault.readMetadata(address);
    if (metadata.outcome === 'unavailable') return 'vaultUnavailable';
    const held = heldBy(metadata);
    let isOwn = true;
    if (vaultVersion !== null && held.live.includes(vaultVersion)) {
      if (!calls.take()) return 'callsSpent';
      const { outcome } = await readMatchingSecret(this.vault, row, vaultVersion);
      if (outcome === 'unavailable') return 'vaultUnavailable';
      isOwn = outcome === 'found';
      if (outcome === 'another' || outcome === 'unreadable') {
        this.logger.warn({ ...address, vaultVersion }, 'the vault contains a different secret for a key store');
      }
    }
    const finding = compare(row, held, isOwn);
    if (finding.kind === 'agrees') return 'agrees';
    if (finding.kind === 'changed') {
      await CHANGE_STATE_OF_KEY_STORE.all(this.database, { ...key, vaultVersion, state: finding.state });
      return 'changed';
    }
    await CLAIM_QUIET_KEY_STORE.all(this.database, { ...key, claim: randomUUID(), claimedAt: now });
    return 'agrees';
  }
}
