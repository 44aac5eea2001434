import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { noRecord } from '../../common/errors.js';
import { type Page, pageOf, type PageRow } from '../../common/page.js';
import { type Settings, SETTINGS } from '../../config/settings.js';
import type { CertificateRow } from '../../credentials/credential.table.js';
import { Database } from '../../database/database.js';
import { Searches } from '../../database/searches.js';
import { certificateResource, type CertificateResource } from '../certificate-resource.js';
import {
  type CertificateSearch,
  countStatement,
  type CountedCertificates,
  FIND_CLIENT_OF_CERTIFICATES,
  searchStatement,
  summaryStatement,
} from './certificate-search.queries.js';
import { SearchIndexBuild } from './search-index-build.js';

/** F1. */
@Injectable()
export class CertificateSearchService {
  constructor(
    private readonly database: Database,
    private readonly searches: Searches,
    private readonly indexes: SearchIndexBuild,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async list(caller: Caller, clientExtId: string, search: CertificateSearch): Promise<Page<CertificateResource>> {
    const rows = await this.rows(caller, clientExtId, search);
    // Only if the page is empty, an extra query checks whether the client exists.
    if (rows.length === 0) await this.requireClient(clientExtId);
    const total = await this.total(caller, clientExtId, search);
    return pageOf(rows, search.page, (row) => this.resource(caller, row), total);
  }

  async requireClient(clientExtId: string): Promise<void> {
    const found = await this.database.firstAnywhere(
      async (database) => await FIND_CLIENT_OF_CERTIFICATES.first(database, { clientExtId }),
    );
    if (found === undefined) throw noRecord();
  }

  async rows(caller: Caller, clientExtId: string, search: CertificateSearch) {
    const statement = searchStatement(clientExtId, search, caller.now, this.indexes.areComplete);
    return await this.searches.run<CertificateRow & PageRow>(statement, caller.signal);
  }

  resource({ now }: Caller, row: CertificateRow): CertificateResource {
    return certificateResource(row, now, this.settings.fingerprintAlgorithm);
  }

  /** The first row has all of them; then come those of each state, and those of each policy. */
  async summary(
    caller: Caller,
    clientExtId: string,
    filters: Omit<CertificateSearch, 'page'>,
    maxGroups: number,
  ): Promise<readonly CountedCertificates[]> {
    const statement = summaryStatement(clientExtId, filters, caller.now, maxGroups);
    const rows = await this.searches.run<CountedCertificates>(statement, caller.signal);
    if (rows[0]?.certificates === 0) await this.requireClient(clientExtId);
    return rows;
  }

  private async total(caller: Caller, clientExtId: string, search: CertificateSearch): Promise<number | undefined> {
    if (!search.page.countTotal) return undefined;
    const statement = countStatement(clientExtId, search, caller.now);
    const [row] = await this.searches.run<{ total: number }>(statement, caller.signal);
    return row?.total;
  }
}
