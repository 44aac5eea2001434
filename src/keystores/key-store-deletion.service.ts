import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { Database } from '../database/database.js';
import { LOGGER } from '../http/logger.token.js';
import { SecretVault } from '../vault/secret-vault.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { viewOf } from './key-store-status.rules.js';
import { storeDeletion } from './key-store-store.js';
import type { KeyStoreView } from './key-store.model.js';
import { MARK_SECRET_DESTROYED, READ_KEY_STORE } from './key-store.queries.js';
import { logFailure } from './vault-failure.js';
import { requestBudget } from './vault-limits.js';

/** L8: the row is marked, and the name is free; the secret goes now, or once the vault is back. */
@Injectable()
export class KeyStoreDeletionService {
  constructor(
    private readonly database: Database,
    private readonly vault: SecretVault,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Deleting what is deleted changes nothing. */
  async remove(caller: Caller, accountId: string, id: number): Promise<KeyStoreView> {
    const row = await this.read(accountId, id);
    if (row.deletedAt !== null) return this.view(row, caller);
    const deleted = await storeDeletion(this.database, caller, row, randomUUID());
    if (deleted === undefined) return this.view(await this.read(accountId, id), caller);
    return this.view(await this.removeSecret(caller, deleted), caller);
  }

  /** The claim stays: only later is it certain that no replacement that was on its way has left another version. */
  private async removeSecret(caller: Caller, row: KeyStoreRow): Promise<KeyStoreRow> {
    if (row.vaultVersion === null) return row;
    const address = { accountId: row.clientExtId, keyStoreId: row.id };
    const isKept = this.settings.keyStoreRetentionDays > 0;
    const outcome = isKept
      ? await this.vault.softDelete(address, row.vaultVersion, requestBudget())
      : await this.vault.destroy(address, row.vaultVersion, requestBudget());
    if (outcome.outcome === 'unavailable') logFailure(this.logger, caller.requestId, address, outcome);
    if (outcome.outcome === 'unavailable' || isKept) return row;
    await this.database.run(MARK_SECRET_DESTROYED, [row.clientExtId, row.id, row.claim, caller.now]);
    return { ...row, secretDestroyedAt: caller.now };
  }

  private view(row: KeyStoreRow, { now }: Caller): KeyStoreView {
    return viewOf(row, now, this.settings.keyStoreRetentionDays);
  }

  private async read(accountId: string, id: number): Promise<KeyStoreRow> {
    const [row] = await this.database.run<KeyStoreRow>(READ_KEY_STORE, [accountId, id]);
    if (row === undefined) throw noRecord();
    return row;
  }
}
