import { Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { LongRequestTurns } from '../../common/long-request-turns.js';
import { allPages, EXPORT_LIMIT } from '../../common/page.js';
import type { CertificateSearch } from '../finding/certificate-search.queries.js';
import { CertificateSearchService } from '../finding/certificate-search.service.js';
import { exportedCertificate, type ExportedCertificateResource } from './certificate-export.js';

/** F1 as a whole. */
@Injectable()
export class CertificateExportService {
  constructor(
    private readonly searches: CertificateSearchService,
    private readonly turns: LongRequestTurns,
  ) {}

  /** Whoever has begun it must run it to its end, or end it. */
  async *lines(
    caller: Caller,
    clientExtId: string,
    search: CertificateSearch,
  ): AsyncGenerator<readonly ExportedCertificateResource[]> {
    await this.searches.requireClient(clientExtId);
    const release = await this.turns.certificateExports.acquire(clientExtId, caller.signal);
    try {
      const pages = allPages(async (after) => {
        caller.signal?.throwIfAborted();
        const page = { limit: EXPORT_LIMIT, after, countTotal: false };
        return await this.searches.rows(caller, clientExtId, { ...search, page });
      });
      for await (const rows of pages) {
        yield rows.map((row) => exportedCertificate(this.searches.resource(caller, row)));
      }
    } finally {
      release();
    }
  }
}
