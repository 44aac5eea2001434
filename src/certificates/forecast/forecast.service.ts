import { Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { LongRequestTurns } from '../../common/long-request-turns.js';
import { Database } from '../../database/database.js';
import { TrustService } from '../../trust/trust.service.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import { formatName } from '../../x509/name/format-name.js';
import { CertificateSearchService } from '../finding/certificate-search.service.js';
import { shownSearchColumns } from '../search-columns.js';
import {
  type ForecastCertificate,
  forecastRow,
  type ForecastRow,
  type Intermediate,
  issuersBySubject,
  type IssuersBySubject,
} from './client-auth-forecast.rules.js';
import { FIND_CERTIFICATES_TO_FORECAST, MAX_FORECAST } from './forecast.queries.js';

type FoundRow = Awaited<ReturnType<typeof FIND_CERTIFICATES_TO_FORECAST.all>>[number];

/** Which certificates will no longer do for client authentication, batch by batch. */
@Injectable()
export class ForecastService {
  constructor(
    private readonly database: Database,
    private readonly trust: TrustService,
    private readonly searches: CertificateSearchService,
    private readonly turns: LongRequestTurns,
  ) {}

  /**
   * Whoever has begun it must run it to its end, or end it.
   *
   * @throws AppError at the first batch: `errors.noRecord`, `errors.unavailable`
   */
  async *rows({ signal, now }: Caller, clientExtId: string, days: number): AsyncGenerator<readonly ForecastRow[]> {
    await this.searches.requireClient(clientExtId);
    const release = await this.turns.forecasts.acquire(clientExtId, signal);
    try {
      const issuers = await this.issuersOf(clientExtId);
      for (let afterExtId: string | undefined = ''; afterExtId !== undefined;) {
        signal?.throwIfAborted();
        const found: readonly FoundRow[] = await FIND_CERTIFICATES_TO_FORECAST.all(this.database, {
          clientExtId,
          afterExtId,
        });
        afterExtId = found.length === MAX_FORECAST ? found.at(-1)?.extId : undefined;
        yield found.flatMap((row) => forecastRow(certificateOf(row), { now, days, issuers }) ?? []);
      }
    } finally {
      release();
    }
  }

  private async issuersOf(clientExtId: string): Promise<IssuersBySubject> {
    const known = new Map<string, Intermediate>();
    for await (const certificates of this.trust.certificatesOfSets(clientExtId)) {
      for (const each of certificates) known.set(each.sha256.toString('hex'), intermediateOf(each));
    }
    return issuersBySubject(known.values());
  }
}

function certificateOf({ undescribed, subjectDn, issuerDn, notAfter, ...row }: FoundRow): ForecastCertificate {
  const read = undescribed === null ? undefined : readCertificate(undescribed);
  const described = read?.ok === true ? shownSearchColumns(read.certificate) : row;
  const { extendedKeyUsage, authorityKeyIdentifier } = described;
  return {
    extId: row.extId,
    userExtId: row.userExtId,
    serial: row.serial ?? '',
    subjectDN: subjectDn,
    issuerDN: issuerDn,
    notAfter: notAfter ?? new Date(0),
    extendedKeyUsage,
    authorityKeyIdentifier,
  };
}

function intermediateOf(certificate: DerCertificate): Intermediate {
  const { subject, subjectKeyIdentifier } = certificate;
  return {
    subjectDN: subject === undefined ? '' : formatName(subject),
    subjectKeyIdentifier: subjectKeyIdentifier ?? null,
    extendedKeyUsage: shownSearchColumns(certificate).extendedKeyUsage,
  };
}
