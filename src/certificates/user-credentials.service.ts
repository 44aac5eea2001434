import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { type Page, pageOf, type PageRequest } from '../common/page.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import { Database } from '../database/database.js';
import { pageParameters } from '../database/paging.js';
import type { CertificatesPath } from './certificate-path.js';
import { type UserCredentialResource, userCredentialResource } from './user-credential-resource.js';
import { COUNT_USER_CREDENTIALS, LIST_USER_CREDENTIALS } from './user-credentials.queries.js';

/**
 * A1. It belongs to this folder because only certificates have members of their own; all other types have just the
 * common members.
 */
@Injectable()
export class UserCredentialsService {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async list(
    caller: Caller,
    { clientExtId, userExtId }: CertificatesPath,
    page: PageRequest,
  ): Promise<Page<UserCredentialResource>> {
    const parameters = { clientExtId, userExtId, ...pageParameters(page) };
    // Whether users may see their own is decided by what the primary has.
    const runner = caller.mode === 'selfAdmin' ? this.database.pages : this.database.listsWithRows;
    const rows = await LIST_USER_CREDENTIALS[caller.mode].all(runner, parameters);
    requireActiveOwner(caller, rows[0]);
    if (rows.length === 0) throw noRecord();
    const credentials = rows.filter((row) => row.type !== null);
    const { fingerprintAlgorithm } = this.settings;
    const total = page.countTotal ? await this.total(clientExtId, userExtId) : undefined;
    return pageOf(credentials, page, (row) => userCredentialResource(row, caller.now, fingerprintAlgorithm), total);
  }

  private async total(clientExtId: string, userExtId: string): Promise<number | undefined> {
    return (await COUNT_USER_CREDENTIALS.first(this.database, { clientExtId, userExtId }))?.total;
  }
}
