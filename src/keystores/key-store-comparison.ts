import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { BackgroundDatabase } from '../database/database.js';
import { LOGGER } from '../http/logger.token.js';
import { type SecretAddress, SecretVault } from '../vault/secret-vault.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { heldBy } from './key-store-settlement.js';
import {
  CHANGE_STATE_OF_KEY_STORE,
  CLAIM_QUIET_KEY_STORE,
  FIND_UNKNOWN_KEY_STORES,
  READ_KEY_STORES_TO_COMPARE,
} from './key-store.queries.js';
import { addressOf, readOwn } from './own-secret.js';
import { compare } from './settlement.rules.js';
import type { VaultCalls } from './vault-calls.js';

export interface Account {
  readonly accountId: string;
  /** Its client is gone, and with it the rows of its key stores. */
  readonly isDeleted: boolean;
}

export interface Compared {
  readonly changed: number;
  readonly orphans: number;
  /** `callsSpent`: there is more to compare, the next time. */
  readonly end: 'done' | 'vaultUnavailable' | 'callsSpent';
  /** Key stores with ids up to this one are done with. Undefined where all are, or none can be. */
  readonly upTo: number | undefined;
}

type One = 'agrees' | 'changed' | 'orphan' | 'vaultUnavailable' | 'callsSpent';

/** Finds what happened to an account's secrets without us: vanished, brought back, or left without a row. */
@Injectable()
export class KeyStoreComparison {
  constructor(
    private readonly database: BackgroundDatabase,
    private readonly vault: SecretVault,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** In the order of their ids, those after `after`. */
  async compare({ accountId, isDeleted }: Account, after: number, calls: VaultCalls, now: Date): Promise<Compared> {
    const found = { changed: 0, orphans: 0 };
    if (!calls.take()) return { ...found, end: 'callsSpent', upTo: after };
    // The vault first: a row stands before its secret does, so that whatever is listed now has its row then.
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

  /** At least `count` of the rows that are compared and the ids that no row has, if there are so many. */
  private async readNext(
    accountId: string,
    listedIds: readonly number[],
    after: number,
    count: number,
  ): Promise<readonly (KeyStoreRow | { readonly id: number })[]> {
    const unknown = await this.database.run<{ id: number }>(FIND_UNKNOWN_KEY_STORES, [accountId, listedIds]);
    const rows = await this.database.run<KeyStoreRow>(READ_KEY_STORES_TO_COMPARE, [accountId, after, count]);
    return [...unknown, ...rows].toSorted((a, b) => a.id - b.id);
  }

  /**
   * What a deleted client has left is erased, and so is a name with nothing behind it. In a client that stands no crash
   * leaves a secret without its row, which is written first and only marked at the end: the database is an older one
   * than the vault, restored or another's, and erasing would take the last copy of a private key.
   */
  private async settleOrphan(isDeleted: boolean, address: SecretAddress, calls: VaultCalls): Promise<One> {
    if (!isDeleted) {
      if (!calls.take()) return 'callsSpent';
      const metadata = await this.vault.readMetadata(address);
      if (metadata.outcome === 'unavailable') return 'vaultUnavailable';
      if (metadata.outcome === 'found' && metadata.versions.some(({ state }) => state !== 'destroyed')) {
        this.logger.warn(address, 'a secret without a key store is left in the vault');
        return 'orphan';
      }
    }
    if (!calls.take()) return 'callsSpent';
    return (await this.vault.erase(address)).outcome === 'unavailable' ? 'vaultUnavailable' : 'orphan';
  }

  private async compareOne(row: KeyStoreRow, now: Date, calls: VaultCalls): Promise<One> {
    const { clientExtId: accountId, id: keyStoreId, vaultVersion } = row;
    if (!calls.take()) return 'callsSpent';
    const metadata = await this.vault.readMetadata(addressOf(row));
    if (metadata.outcome === 'unavailable') return 'vaultUnavailable';
    const held = heldBy(metadata);
    let isOwn = true;
    if (vaultVersion !== null && held.live.includes(vaultVersion)) {
      if (!calls.take()) return 'callsSpent';
      const { outcome } = await readOwn(this.vault, row, vaultVersion);
      if (outcome === 'unavailable') return 'vaultUnavailable';
      isOwn = outcome === 'found';
      if (outcome === 'another' || outcome === 'unreadable') {
        this.logger.warn({ accountId, keyStoreId, vaultVersion }, 'the secret of a key store is not its own');
      }
    }
    const finding = compare(row, held, isOwn);
    if (finding.kind === 'agrees') return 'agrees';
    if (finding.kind === 'changed') {
      await this.database.run(CHANGE_STATE_OF_KEY_STORE, [accountId, keyStoreId, vaultVersion, finding.state]);
      return 'changed';
    }
    await this.database.run(CLAIM_QUIET_KEY_STORE, [accountId, keyStoreId, randomUUID(), now]);
    return 'agrees';
  }
}
