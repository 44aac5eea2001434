import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { Database } from '../database/database.js';
import { viewOf } from './key-store-status.rules.js';
import type { KeyStoreView } from './key-store.model.js';
import { LIST_KEY_STORES, READ_KEY_STORE } from './key-store.queries.js';

/** Reads never call the vault; they return the last known state. */
@Injectable()
export class KeyStoresService {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async list({ now }: Caller, clientExtId: string, includeDeleted: boolean): Promise<KeyStoreView[]> {
    const rows = await LIST_KEY_STORES.all(this.database, { clientExtId, includeDeleted });
    if (rows.length === 0) throw noRecord();
    return rows.filter((row) => row.id !== null).map((row) => viewOf(row, now, this.settings.keyStoreRetentionDays));
  }

  /** Also returns a deleted one. */
  async read({ now }: Caller, clientExtId: string, id: number): Promise<KeyStoreView> {
    const row = await READ_KEY_STORE.first(this.database, { clientExtId, id });
    if (row === undefined) throw noRecord();
    return viewOf(row, now, this.settings.keyStoreRetentionDays);
  }
}
