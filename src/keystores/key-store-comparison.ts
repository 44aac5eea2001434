import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { Database } from '../database/database.js';
import { LOGGER } from '../http/logger.token.js';
import { type SecretAddress, SecretVault } from '../vault/secret-vault.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { liveVersions } from './key-store-settlement.js';
import { CHANGE_STATE_OF_KEY_STORE, CLAIM_QUIET_KEY_STORE, READ_KEY_STORES_TO_COMPARE } from './key-store.queries.js';
import { compare } from './settlement.rules.js';

export interface Account {
  readonly accountId: string;
  /** Its client is gone, and with it the rows of its key stores. */
  readonly isDeleted: boolean;
}

export interface Compared {
  /** Calls of the vault. */
  readonly calls: number;
  readonly changed: number;
  readonly orphans: number;
}

/** Of a deleted client's secrets so many are erased at a time; what is left is found again the next time. */
export const MOST_ERASED = 200;

/** Finds what happened to an account's secrets without us: vanished, brought back, or left without a row. */
@Injectable()
export class KeyStoreComparison {
  constructor(
    private readonly database: Database,
    private readonly vault: SecretVault,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async compare({ accountId, isDeleted }: Account, now: Date): Promise<Compared | 'vaultUnavailable'> {
    // The vault first: a row stands before its secret does, so that whatever is listed now has its row then.
    const listed = await this.vault.list(accountId);
    if (listed.outcome === 'unavailable') return 'vaultUnavailable';
    const rows = await this.database.run<KeyStoreRow>(READ_KEY_STORES_TO_COMPARE, [accountId]);
    const known = new Set(rows.map(({ id }) => id));
    const unknown = listed.keyStoreIds.filter((id) => !known.has(id));
    const orphans = isDeleted ? unknown.slice(0, MOST_ERASED) : unknown;
    for (const keyStoreId of orphans) {
      if (!(await this.settleOrphan(isDeleted, { accountId, keyStoreId }))) return 'vaultUnavailable';
    }
    const quiet = rows.filter(({ claim, deletedAt }) => claim === null && deletedAt === null);
    let changed = 0;
    for (const row of quiet) {
      const outcome = await this.compareOne(row, now);
      if (outcome === 'vaultUnavailable') return outcome;
      if (outcome === 'changed') changed += 1;
    }
    return { calls: 1 + 2 * orphans.length + quiet.length, changed, orphans: orphans.length };
  }

  /**
   * What a deleted client has left is erased, and so is a name with nothing behind it. In a client that stands no crash
   * leaves a secret without its row, which is written first and only marked at the end: the database is an older one
   * than the vault, restored or another's, and erasing would take the last copy of a private key. False where the vault
   * cannot tell.
   */
  private async settleOrphan(isDeleted: boolean, address: SecretAddress): Promise<boolean> {
    const metadata = await this.vault.readMetadata(address);
    if (metadata.outcome === 'unavailable') return false;
    const isEmpty = metadata.outcome === 'absent' || metadata.versions.every(({ state }) => state === 'destroyed');
    if (isDeleted || isEmpty) return (await this.vault.erase(address)).outcome !== 'unavailable';
    this.logger.warn(address, 'a secret without a key store is left in the vault');
    return true;
  }

  private async compareOne(row: KeyStoreRow, now: Date): Promise<'agrees' | 'changed' | 'vaultUnavailable'> {
    const { clientExtId: accountId, id: keyStoreId, vaultVersion } = row;
    const metadata = await this.vault.readMetadata({ accountId, keyStoreId });
    if (metadata.outcome === 'unavailable') return 'vaultUnavailable';
    const finding = compare(row, liveVersions(metadata));
    if (finding.kind === 'agrees') return 'agrees';
    if (finding.kind === 'changed') {
      await this.database.run(CHANGE_STATE_OF_KEY_STORE, [accountId, keyStoreId, vaultVersion, finding.state]);
      return 'changed';
    }
    await this.database.run(CLAIM_QUIET_KEY_STORE, [accountId, keyStoreId, randomUUID(), now]);
    return 'agrees';
  }
}
