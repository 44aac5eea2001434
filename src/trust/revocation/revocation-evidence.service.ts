import { Injectable } from '@nestjs/common';

import { Database } from '../../database/database.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { PolicyOfSet } from '../trust-set.model.js';
import { distinctSources } from './evidence-source.js';
import { READ_CHANGED_AT } from './revocation-evidence.queries.js';
import { SourceFetches } from './source-fetches.js';
import { StoredEvidence } from './stored-evidence.js';
import type { RevocationEvidence, WantedEvidence } from './wanted-evidence.model.js';

/** What is known about the revocation of certificates, for other features (contract 13.2, 13.3). Nothing of it is proven. */
@Injectable()
export class RevocationEvidenceService {
  constructor(
    private readonly database: Database,
    private readonly storedEvidence: StoredEvidence,
    private readonly fetches: SourceFetches,
  ) {}

  /**
   * What is stored and still current for these sources, and all CRLs of the set, also those that are not current, so that
   * a check can say so.
   *
   * @throws AppError `errors.unavailable`
   */
  async stored(
    clientExtId: string,
    setExtId: string,
    wanted: readonly WantedEvidence[],
    now: Date,
  ): Promise<RevocationEvidence> {
    const crlsOfSet = await this.storedEvidence.crlsOfSet(clientExtId, setExtId);
    return await this.withAnswers(clientExtId, crlsOfSet, wanted, now);
  }

  /** As `stored`, for the set of a policy. The CRLs are those of this version of the policy, or newer ones. */
  async storedForPolicy(
    clientExtId: string,
    policy: PolicyOfSet,
    wanted: readonly WantedEvidence[],
    now: Date,
  ): Promise<RevocationEvidence> {
    const crlsOfSet = await this.storedEvidence.crlsOfPolicy(clientExtId, policy);
    return await this.withAnswers(clientExtId, crlsOfSet, wanted, now);
  }

  private async withAnswers(
    clientExtId: string,
    crlsOfSet: readonly Crl[],
    wanted: readonly WantedEvidence[],
    now: Date,
  ): Promise<RevocationEvidence> {
    const answers = await this.storedEvidence.answersOf(clientExtId, distinctSources(wanted), now);
    return { crls: [...crlsOfSet, ...answers.crls], ocsp: answers.ocsp, failed: [] };
  }

  /**
   * Asks the sources, stores what they answer, and returns it. Never inside a transaction. Never rejects because of a
   * source; what has not answered when the signal is aborted counts as failed.
   *
   * @throws AppError `errors.unavailable` if the database does not respond
   */
  async fetch(
    clientExtId: string,
    wanted: readonly WantedEvidence[],
    { signal }: { readonly now: Date; readonly signal: AbortSignal },
  ): Promise<RevocationEvidence> {
    const sources = distinctSources(wanted);
    const answers = await Promise.all(
      sources.map(async (source) => await this.fetches.fetch(clientExtId, source, signal)),
    );
    return {
      crls: answers.flatMap((answer) => ('failed' in answer ? [] : answer.crls)),
      ocsp: answers.flatMap((answer) => ('failed' in answer ? [] : answer.ocsp)),
      failed: answers.flatMap((answer) => ('failed' in answer ? [answer.failed] : [])),
    };
  }

  /** Raised whenever evidence of the client changes: a CRL was put or deleted, or another answer stored. Undefined: none. */
  async changedAt(clientExtId: string): Promise<Date | undefined> {
    return (await READ_CHANGED_AT.first(this.database, { clientExtId }))?.changedAt;
  }
}
