import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { Database } from '../database/database.js';
import type { KeyStoreRow } from './key-store-row.model.js';
import { viewOf } from './key-store-status.rules.js';
import type { KeyStoreView } from './key-store.model.js';
import { LIST_KEY_STORES, READ_KEY_STORE } from './key-store.queries.js';

/** Reads, which never ask the vault: they answer what is last known of it. */
@Injectable()
export class KeyStoresService {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async list({ now }: Caller, accountId: string, includeDeleted: boolean): Promise<KeyStoreView[]> {
    const rows = await this.database.run<KeyStoreRow>(LIST_KEY_STORES, [accountId, includeDeleted]);
    if (rows.length === 0) throw noRecord();
    return rows.filter(({ id }) => id !== null).map((row) => viewOf(row, now, this.settings.keyStoreRetentionDays));
  }

  /** A deleted one too. */
  async read({ now }: Caller, accountId: string, id: number): Promise<KeyStoreView> {
    const [row] = await this.database.run<KeyStoreRow>(READ_KEY_STORE, [accountId, id]);
    if (row === undefined) throw noRecord();
    return viewOf(row, now, this.settings.keyStoreRetentionDays);
  }
}
