import { setImmediate } from 'node:timers/promises';

import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import type { SearchColumns } from '../credentials/credential.table.js';
import { Backfill, type BackfillPlan } from '../database/backfill.js';
import { LeaderWork } from '../database/leader-work.js';
import { Leader } from '../database/leader.js';
import { Metrics } from '../http/metrics.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import {
  type CredentialKey,
  FIND_UNDESCRIBED,
  MAX_FOUND,
  WRITE_SEARCH_COLUMNS,
} from './certificate-backfill.queries.js';
import { searchColumns } from './search-columns.js';

interface Undescribed extends CredentialKey {
  readonly sha256: Buffer;
  readonly der: Buffer;
}

/** Writes the search columns of certificates that a server without these columns has stored. */
@Injectable()
export class CertificateBackfill implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly backfill: Backfill<CredentialKey, Undescribed>;
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const plan: BackfillPlan<CredentialKey, Undescribed> = {
      name: 'the search columns of stored certificates',
      counted: 'certificates',
      start: { clientExtId: '', extId: '' },
      next: async (after) => await this.next(after),
      write: async (certificates) => await this.describe(certificates),
    };
    this.backfill = new Backfill(plan, leader, clock, logger);
  }

  onApplicationBootstrap(): void {
    this.metrics.showSearchColumns(this.backfill);
    this.end = this.backfill.start(this.work);
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async run(): Promise<void> {
    await this.backfill.run();
  }

  /** `last` is undefined at the end of the table. */
  private async next({ clientExtId, extId }: CredentialKey) {
    const rows = await FIND_UNDESCRIBED.all(this.leader, { afterClientExtId: clientExtId, afterExtId: extId });
    const certificates = rows.filter((row): row is typeof row & Undescribed => row.der !== null);
    const examined = rows.find(({ der }) => der === null);
    return { rows: certificates, last: certificates.length === MAX_FOUND ? certificates.at(-1) : examined };
  }

  private async describe(certificates: readonly Undescribed[]): Promise<number> {
    const described: (SearchColumns & Omit<Undescribed, 'der'>)[] = [];
    for (const { clientExtId, extId, sha256, der } of certificates) {
      const columns = this.columnsOf({ clientExtId, extId, sha256, der });
      described.push({ clientExtId, extId, sha256, ...columns, describedSha256: sha256 });
      // A certificate may be large; requests come in between.
      await setImmediate();
    }
    return await this.leader.transaction('', async (runner) => {
      let written = 0;
      for (const row of described) {
        if ((await WRITE_SEARCH_COLUMNS.first(runner, row)) !== undefined) written += 1;
      }
      return written;
    });
  }

  private columnsOf({ clientExtId, extId, der }: Undescribed): Omit<SearchColumns, 'describedSha256'> {
    const read = readCertificate(der);
    if (read.ok) return searchColumns(read.certificate);
    this.logger.warn(
      { client: clientExtId, credential: extId },
      `a stored certificate cannot be read: ${read.message}`,
    );
    return UNREADABLE;
  }
}

/** Not read again in every pass. */
const UNREADABLE = {
  keyType: null,
  publicKeySha256: null,
  signatureAlgorithm: null,
  subjectAlternativeNames: null,
  keyUsage: null,
  extendedKeyUsage: null,
  authorityKeyIdentifier: null,
  subjectNameSha256: null,
  issuerNameSha256: null,
  searchedText: '',
} satisfies Omit<SearchColumns, 'describedSha256'>;
