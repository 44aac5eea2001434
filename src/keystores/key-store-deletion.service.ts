import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { LOGGER } from '../common/logger.token.js';
import { pick } from '../common/pick.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { Database } from '../database/database.js';
import { SecretVault } from '../vault/secret-vault.js';
import { viewOf } from './key-store-status.rules.js';
import { storeDeletion } from './key-store-store.js';
import type { KeyStoreView } from './key-store.model.js';
import { MARK_SECRET_DESTROYED, READ_KEY_STORE } from './key-store.queries.js';
import { CLAIMED_KEY, type KeyStoreRow } from './key-store.table.js';
import { addressOf, logFailure } from './own-secret.js';
import { requestBudget } from './vault-limits.js';

/**
 * L8: the row is soft-deleted, which makes its name available. The secret is removed now, or once the vault is
 * available again.
 */
@Injectable()
export class KeyStoreDeletionService {
  constructor(
    private readonly database: Database,
    private readonly vault: SecretVault,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Deleting again changes nothing. */
  async remove(caller: Caller, accountId: string, id: number): Promise<KeyStoreView> {
    const row = await this.read(accountId, id);
    if (row.deletedAt !== null) return this.view(row, caller);
    const deleted = await storeDeletion(this.database, caller, row, randomUUID());
    if (deleted === undefined) return this.view(await this.read(accountId, id), caller);
    return this.view(await this.removeSecret(caller, deleted), caller);
  }

  /** Keeps the claim: a replacement in progress may still write another version. */
  private async removeSecret(caller: Caller, row: KeyStoreRow): Promise<KeyStoreRow> {
    if (row.vaultVersion === null) return row;
    const address = addressOf(row);
    const isKept = this.settings.keyStoreRetentionDays > 0;
    const outcome = isKept
      ? await this.vault.softDelete(address, row.vaultVersion, requestBudget())
      : await this.vault.destroy(address, row.vaultVersion, requestBudget());
    if (outcome.outcome === 'unavailable') logFailure(this.logger, caller.requestId, address, outcome);
    if (outcome.outcome === 'unavailable' || isKept) return row;
    await MARK_SECRET_DESTROYED.all(this.database, { ...pick(row, CLAIMED_KEY), now: caller.now });
    return { ...row, secretDestroyedAt: caller.now };
  }

  private view(row: KeyStoreRow, { now }: Caller): KeyStoreView {
    return viewOf(row, now, this.settings.keyStoreRetentionDays);
  }

  private async read(clientExtId: string, id: number): Promise<KeyStoreRow> {
    const row = await READ_KEY_STORE.first(this.database, { clientExtId, id });
    if (row === undefined) throw noRecord();
    return row;
  }
}
