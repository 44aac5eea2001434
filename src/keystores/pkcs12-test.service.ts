import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { appError, noRecord } from '../common/errors.js';
import type { Secret } from '../common/secret.js';
import { Database } from '../database/database.js';
import { KeyStoreFiles } from './key-store-files.js';
import type { SentFile } from './key-store.model.js';
import { READ_ACCOUNT } from './key-store.queries.js';

/** L9: checks whether a file could be stored, without storing it. */
@Injectable()
export class Pkcs12TestService {
  constructor(
    private readonly database: Database,
    private readonly files: KeyStoreFiles,
  ) {}

  /** Throws the reason if the file is not usable. */
  async test(
    caller: Caller,
    clientExtId: string,
    file: Secret<SentFile>,
  ): Promise<{ subject: string | undefined; expires: Date }> {
    const account = await READ_ACCOUNT.first(this.database, { clientExtId, names: [] });
    if (account === undefined) throw noRecord();
    const opened = await this.files.open(caller, clientExtId, file);
    if (!opened.ok) throw appError(opened.error);
    const { subjectDn, expires } = opened.content;
    return { subject: subjectDn ?? undefined, expires };
  }
}
