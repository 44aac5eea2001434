import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { LOGGER } from '../http/logger.token.js';
import { SecretVault } from '../vault/secret-vault.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { viewOf } from './key-store-status.rules.js';
import { storeDeletion } from './key-store-store.js';
import type { KeyStoreView } from './key-store.model.js';
import { READ_KEY_STORE } from './key-store.queries.js';
import { logFailure } from './vault-failure.js';
import { requestBudget } from './vault-limits.js';

/** L8: the row is marked, and the name is free; the secret goes now, or once the vault is back. */
@Injectable()
export class KeyStoreDeletionService {
  constructor(
    private readonly database: Database,
    private readonly vault: SecretVault,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Deleting what is deleted changes nothing. */
  async remove(caller: Caller, accountId: string, id: number): Promise<KeyStoreView> {
    const row = await this.read(accountId, id);
    if (row.deletedAt !== null) return viewOf(row, caller.now);
    const deleted = await storeDeletion(this.database, caller, row, randomUUID());
    if (deleted === undefined) return viewOf(await this.read(accountId, id), caller.now);
    if (deleted.vaultVersion !== null) {
      // The claim stays: only later is it certain that no replacement that was on its way has left another version.
      const address = { accountId, keyStoreId: id };
      const outcome = await this.vault.softDelete(address, deleted.vaultVersion, requestBudget());
      if (outcome.outcome === 'unavailable') logFailure(this.logger, caller.requestId, address, outcome);
    }
    return viewOf(deleted, caller.now);
  }

  private async read(accountId: string, id: number): Promise<KeyStoreRow> {
    const [row] = await this.database.run<KeyStoreRow>(READ_KEY_STORE, [accountId, id]);
    if (row === undefined) throw noRecord();
    return row;
  }
}
