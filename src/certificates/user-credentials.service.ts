import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { type OwnerAccessRow, requireActiveOwner } from '../credentials/owner-access.js';
import { Database } from '../database/database.js';
import { type Page, pageOf, type PageRequest, type PageRow } from '../http/page.js';
import type { CertificatesPath } from './certificate-path.js';
import {
  type UserCredentialResource,
  userCredentialResource,
  type UserCredentialRow,
} from './user-credential-resource.js';
import { COUNT_USER_CREDENTIALS, LIST_USER_CREDENTIALS } from './user-credentials.queries.js';

type CredentialPageRow = UserCredentialRow & OwnerAccessRow & PageRow;
type Row = CredentialPageRow | (OwnerAccessRow & { readonly type: null });

/** A1. It lives here because certificates are what it has to know; of every other type the common members suffice. */
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
    const { after, limit, countTotal } = page;
    const start = [after === undefined ? null : new Date(after.created), after?.extId ?? ''];
    const values = [clientExtId, userExtId, ...start, limit + 1];
    const rows = await this.database.run<Row>(LIST_USER_CREDENTIALS[caller.mode], values);
    requireActiveOwner(caller, rows[0]);
    if (rows.length === 0) throw noRecord();
    const credentials = rows.filter((row): row is CredentialPageRow => row.type !== null);
    const { fingerprintAlgorithm } = this.settings;
    const total = countTotal ? await this.total(clientExtId, userExtId) : undefined;
    return pageOf(credentials, page, (row) => userCredentialResource(row, caller.now, fingerprintAlgorithm), total);
  }

  private async total(clientExtId: string, userExtId: string): Promise<number | undefined> {
    const [row] = await this.database.run<{ total: number }>(COUNT_USER_CREDENTIALS, [clientExtId, userExtId]);
    return row?.total;
  }
}
