import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { noRecord } from '../../common/errors.js';
import { type Page, pageOf, type PageRow } from '../../common/page.js';
import { type Settings, SETTINGS } from '../../config/settings.js';
import type { CertificateRow } from '../../credentials/credential.table.js';
import { Database } from '../../database/database.js';
import { Searches } from '../../database/searches.js';
import { certificateResource, type CertificateResource } from '../certificate-resource.js';
import { isLookedUp, LOOK_UP_CERTIFICATES, NO_VALUES } from './certificate-lookup.queries.js';
import {
  type CertificateSearch,
  countStatement,
  type CountedCertificates,
  FIND_CLIENT_OF_CERTIFICATES,
  searchStatement,
  summaryStatement,
} from './certificate-search.queries.js';
import { SearchIndexBuild } from './search-index-build.js';

/** Of those searches that were run; without rows if nothing was found. */
export type RowsOfSearches = ReadonlyMap<CertificateSearch, readonly CertificateRow[]>;

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
    const statement = searchStatement(clientExtId, search, caller.now, this.indexes.knowledge);
    return await this.searches.run<CertificateRow & PageRow>(statement, caller.signal);
  }

  /** The first page of those searches that one statement can run: one of each filter, once all indexes have been built. */
  async rowsTogether(clientExtId: string, searches: readonly CertificateSearch[]): Promise<RowsOfSearches> {
    const asked = new Map<string, CertificateSearch>();
    for (const search of this.indexes.areComplete ? searches : []) {
      const { name } = search.filters[0] ?? {};
      if (name !== undefined && isLookedUp(name) && !asked.has(name)) asked.set(name, search);
    }
    if (asked.size === 0) return new Map();
    const sent = [...asked].map(([name, { filters }]) => [name, filters[0]?.value] as const);
    const rows = await LOOK_UP_CERTIFICATES.all(this.database.lists, {
      clientExtId,
      filters: { ...NO_VALUES, ...Object.fromEntries(sent) },
    });
    const found = Map.groupBy(rows, ({ filter }) => filter);
    return new Map([...asked].map(([name, search]) => [search, found.get(name) ?? []]));
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
