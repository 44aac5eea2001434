import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { type OwnerAccessRow, requireActiveOwner } from '../credentials/owner-access.js';
import { Database } from '../database/database.js';
import { type Page, pageOf, type PageRow } from '../http/page.js';
import { CertificateHistoryService } from './certificate-history.service.js';
import { countStatement, type CertificatesQuery, listStatement } from './certificate-list.queries.js';
import type { CertificatePath, CertificatesPath } from './certificate-path.js';
import { certificateResource, type CertificateResource } from './certificate-resource.js';
import type { CertificateRow } from './certificate-row.js';
import { READ_CERTIFICATE, READ_OWNED_CERTIFICATE, READ_OWNER } from './certificate.queries.js';

/** X1 and X3. */
@Injectable()
export class CertificatesService {
  constructor(
    private readonly database: Database,
    private readonly history: CertificateHistoryService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** As it was at `moment`, where one is given. */
  async read(caller: Caller, path: CertificatePath, moment?: Date): Promise<CertificateResource> {
    if (moment !== undefined) {
      const past = await this.history.rowAt(caller, path, moment);
      return certificateResource(past, moment, this.settings.fingerprintAlgorithm);
    }
    const statement = caller.mode === 'selfAdmin' ? READ_OWNED_CERTIFICATE.selfAdmin : READ_CERTIFICATE;
    const values = [path.clientExtId, path.extId, path.userExtId];
    const [row] = await this.database.run<CertificateRow & OwnerAccessRow>(statement, values);
    requireActiveOwner(caller, row);
    // A user without such a credential is a row all the same, with nothing in it.
    if (row?.extId == null) throw noRecord();
    return this.resource(row, caller);
  }

  async list(caller: Caller, path: CertificatesPath, query: CertificatesQuery): Promise<Page<CertificateResource>> {
    const [owner] = await this.database.run<OwnerAccessRow>(READ_OWNER[caller.mode], [
      path.clientExtId,
      path.userExtId,
    ]);
    requireActiveOwner(caller, owner);
    if (owner === undefined) throw noRecord();
    const { statement, values } = listStatement(path, query, caller.now);
    const rows = await this.database.run<CertificateRow & PageRow>(statement, values);
    return pageOf(rows, query.page, (row) => this.resource(row, caller), await this.total(caller, path, query));
  }

  private async total(caller: Caller, path: CertificatesPath, query: CertificatesQuery): Promise<number | undefined> {
    if (!query.page.countTotal) return undefined;
    const { statement, values } = countStatement(path, query, caller.now);
    const [row] = await this.database.run<{ total: number }>(statement, values);
    return row?.total;
  }

  private resource(row: CertificateRow, { now }: Caller): CertificateResource {
    return certificateResource(row, now, this.settings.fingerprintAlgorithm);
  }
}
