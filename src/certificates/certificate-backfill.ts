import { setImmediate } from 'node:timers/promises';

import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import type { SearchColumns } from '../credentials/credential.table.js';
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

const PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;

/** How long a pass that found nothing counts: an older server may still replace certificates during an upgrade. */
const COMPLETE_MS = 3_600_000;

/** Certificates of one transaction, whose rows are locked for some milliseconds. */
export const MAX_WRITTEN = 25;

const LOGGED_EVERY = 10_000;

const START: CredentialKey = { clientExtId: '', extId: '' };

interface Undescribed extends CredentialKey {
  readonly sha256: Buffer;
  readonly der: Buffer;
}

/**
 * Writes the search columns of certificates that a server without these columns has stored: the leader does it in small
 * batches, beside everything else. The rows themselves say what is left, so that it may be broken off and begun again
 * anywhere.
 */
@Injectable()
export class CertificateBackfill implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();
  private isEnding = false;
  private completeUntil: Date | undefined;
  private written = 0;

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.showSearchColumns({
      written: () => this.written,
      isComplete: () => this.completeUntil !== undefined,
    });
    this.end = this.work.every(
      {
        pauseMs: PAUSE_MS,
        firstPauseMs: FIRST_PAUSE_MS,
        failure: 'the search columns of certificates could not be written',
      },
      async () => {
        try {
          await this.run();
        } catch (error) {
          this.completeUntil = undefined;
          throw error;
        }
      },
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.isEnding = true;
    await this.end();
  }

  async run(): Promise<void> {
    if (!(await this.leader.leads())) {
      this.completeUntil = undefined;
      return;
    }
    const now = this.clock.now();
    if (this.completeUntil !== undefined && now < this.completeUntil) return;
    const found = await this.pass();
    this.completeUntil = found === 0 && !this.isEnding ? new Date(now.getTime() + COMPLETE_MS) : undefined;
  }

  /** Examines every row once; returns the number of certificates that were to be described. */
  private async pass(): Promise<number> {
    let found = 0;
    for (let after: CredentialKey | undefined = START; after !== undefined && !this.isEnding;) {
      const batch = await this.next(after);
      after = batch.last;
      if (batch.certificates.length === 0) continue;
      if (found === 0) this.logger.info('the search columns of stored certificates are being written');
      for (let start = 0; start < batch.certificates.length && !this.isEnding; start += MAX_WRITTEN) {
        await this.describe(batch.certificates.slice(start, start + MAX_WRITTEN));
      }
      const before = found;
      found += batch.certificates.length;
      if (Math.floor(found / LOGGED_EVERY) > Math.floor(before / LOGGED_EVERY)) {
        this.logger.info({ certificates: found }, 'search columns of stored certificates have been written so far');
      }
    }
    if (found > 0 && !this.isEnding) {
      this.logger.info({ certificates: found }, 'the search columns of stored certificates have been written');
    }
    return found;
  }

  /** `last` is undefined at the end of the table. */
  private async next({ clientExtId, extId }: CredentialKey) {
    const rows = await FIND_UNDESCRIBED.all(this.leader, { afterClientExtId: clientExtId, afterExtId: extId });
    const certificates = rows.filter((row): row is typeof row & Undescribed => row.der !== null);
    const examined = rows.find(({ der }) => der === null);
    return { certificates, last: certificates.length === MAX_FOUND ? certificates.at(-1) : examined };
  }

  private async describe(certificates: readonly Undescribed[]): Promise<void> {
    const described: (SearchColumns & Omit<Undescribed, 'der'>)[] = [];
    for (const { clientExtId, extId, sha256, der } of certificates) {
      const columns = this.columnsOf({ clientExtId, extId, sha256, der });
      described.push({ clientExtId, extId, sha256, ...columns, describedSha256: sha256 });
      // A certificate may be large; requests come in between.
      await setImmediate();
    }
    this.written += await this.leader.transaction('', async (runner) => {
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
