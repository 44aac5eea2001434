import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { pick } from '../common/pick.js';
import { BackgroundDatabase } from '../database/database.js';
import { LOGGER } from '../http/logger.token.js';
import { type SecretAddress, SecretVault } from '../vault/secret-vault.js';
import { heldBy } from './key-store-settlement.js';
import {
  CHANGE_STATE_OF_KEY_STORE,
  CLAIM_QUIET_KEY_STORE,
  FIND_UNKNOWN_KEY_STORES,
  READ_KEY_STORES_TO_COMPARE,
} from './key-store.queries.js';
import { KEY_STORE_KEY, type KeyStoreRow } from './key-store.table.js';
import { addressOf, readOwn } from './own-secret.js';
import { compare } from './settlement.rules.js';
import type { VaultCalls } from './vault-calls.js';

export interface Account {
  readonly accountId: string;
  /** Its client was deleted, and with it the rows of its key stores. */
  readonly isDeleted: boolean;
}

export interface Compared {
  readonly changed: number;
  readonly orphans: number;
  /** `callsSpent`: the rest is compared the next time. */
  readonly end: 'done' | 'vaultUnavailable' | 'callsSpent';
  /** Key stores with ids up to this one have been compared. Undefined where all have been, or none can be. */
  readonly upTo: number | undefined;
}

type One = 'agrees' | 'changed' | 'orphan' | 'vaultUnavailable' | 'callsSpent';

/** Finds what others did to an account's secrets: removed them, brought them back, or left them without a row. */
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
    // The vault first: a row is written before its secret, so that whatever is listed now has its row by then.
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

  /** At least `count` of the rows to compare and the ids without a row, if there are that many. */
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
   * What a deleted client has left is erased, and so is a path without a version. In any other client no crash leaves a
   * secret without its row, which is written first and only soft-deleted at the end: then the database is older than the
   * vault, restored or another installation's, and erasing would destroy the last copy of a private key.
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
      const { outcome } = await readOwn(this.vault, row, vaultVersion);
      if (outcome === 'unavailable') return 'vaultUnavailable';
      isOwn = outcome === 'found';
      if (outcome === 'another' || outcome === 'unreadable') {
        this.logger.warn({ ...address, vaultVersion }, 'the secret of a key store is not its own');
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
