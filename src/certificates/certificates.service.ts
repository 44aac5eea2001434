import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { type Page, pageOf } from '../common/page.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import { Database } from '../database/database.js';
import { pageParameters } from '../database/paging.js';
import { readOwnedCertificate } from './certificate-changes.js';
import { CertificateHistoryService } from './certificate-history.service.js';
import {
  type CertificatesQuery,
  COUNT_CERTIFICATES,
  filterParameters,
  LIST_CERTIFICATES,
} from './certificate-list.queries.js';
import type { CertificatePath, CertificatesPath } from './certificate-path.js';
import { certificateResource, type CertificateResource } from './certificate-resource.js';
import { READ_CERTIFICATE, READ_OWNER } from './certificate.queries.js';

/** X1 and X3. */
@Injectable()
export class CertificatesService {
  constructor(
    private readonly database: Database,
    private readonly history: CertificateHistoryService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Returns the credential as it was at `instant`, if one is given. */
  async read(caller: Caller, path: CertificatePath, instant?: Date): Promise<CertificateResource> {
    if (instant !== undefined) {
      const past = await this.history.rowAt(caller, path, instant);
      return certificateResource(past, instant, this.settings.fingerprintAlgorithm);
    }
    const row =
      caller.mode === 'selfAdmin'
        ? await readOwnedCertificate(this.database, caller, path)
        : await READ_CERTIFICATE.first(this.database, path);
    if (row === undefined) throw noRecord();
    return this.resource(row, caller);
  }

  async list(caller: Caller, path: CertificatesPath, query: CertificatesQuery): Promise<Page<CertificateResource>> {
    const { clientExtId, userExtId } = path;
    const owner = await READ_OWNER[caller.mode].first(this.database, { clientExtId, userExtId });
    requireActiveOwner(caller, owner);
    if (owner === undefined) throw noRecord();
    const filters = filterParameters(path, query, caller.now);
    const rows = await LIST_CERTIFICATES.all(this.database.lists, { ...filters, ...pageParameters(query.page) });
    const total = query.page.countTotal ? (await COUNT_CERTIFICATES.first(this.database, filters))?.total : undefined;
    return pageOf(rows, query.page, (row) => this.resource(row, caller), total);
  }

  private resource(row: CertificateRow, { now }: Caller): CertificateResource {
    return certificateResource(row, now, this.settings.fingerprintAlgorithm);
  }
}
