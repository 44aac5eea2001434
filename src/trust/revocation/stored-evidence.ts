import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { evidenceUnavailable } from '../../audit/guarded-change.js';
import { ClientCache } from '../../common/client-cache.js';
import { LOGGER } from '../../common/logger.token.js';
import { Database } from '../../database/database.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import type { RevocationSource } from '../../x509/revocation/revocation-source.js';
import type { PolicyOfSet } from '../trust-set.model.js';
import type { EvidenceSource, SourceKey } from './evidence-source.js';
import { ReadEvidence } from './read-evidence.js';
import {
  FIND_CRLS_OF_POLICY,
  FIND_CRLS_OF_SET,
  FIND_CURRENT_ANSWERS,
  READ_ANSWER,
  READ_CRL_OF_SET,
} from './revocation-evidence.queries.js';

const DAY_MS = 86_400_000;

/** Attempts, if another answer is stored between finding one and reading it. */
const ATTEMPTS = 3;

export interface StoredAnswer extends SourceKey {
  readonly kind: RevocationSource['kind'];
  readonly sha256: Buffer | null;
}

export interface ReadAnswers {
  readonly crls: readonly Crl[];
  readonly ocsp: readonly OcspResponse[];
}

/** Lists of the CRLs of a policy's set; each counts as one, and as one more for each CRL. */
const LISTS = { maxOctets: 100_000, maxOctetsPerClient: 10_000 };

/** By which a CRL of a set is found. */
interface ListedCrl {
  readonly name: string;
  readonly sha256: Buffer;
}

const GONE = Symbol('gone');

/** Reads what is stored; what has been read before is not read from the database again. */
@Injectable()
export class StoredEvidence {
  private readonly lists = new ClientCache<readonly ListedCrl[]>(LISTS);

  constructor(
    private readonly database: Database,
    private readonly evidence: ReadEvidence,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws AppError `errors.unavailable`: what is stored might say *revoked*, so it is never passed over */
  async crlsOfSet(clientExtId: string, setExtId: string): Promise<readonly Crl[]> {
    return await repeated(async () => {
      const listed = await FIND_CRLS_OF_SET.all(this.database, { clientExtId, setExtId });
      return await this.listedCrls(clientExtId, setExtId, listed);
    });
  }

  /**
   * The CRLs of the policy's set. Whoever changes them raises the evaluation version in the same statement, so that the
   * list is read once for each version; if the version is no longer the present one, each time.
   *
   * @throws AppError `errors.unavailable`, as above
   */
  async crlsOfPolicy(clientExtId: string, policy: PolicyOfSet): Promise<readonly Crl[]> {
    return await repeated(async () => {
      const listed = this.lists.get(clientExtId, nameOf(policy)) ?? (await this.listOf(clientExtId, policy));
      const crls = await this.listedCrls(clientExtId, policy.setExtId, listed);
      // One of them was replaced or deleted, and the policy has another version.
      if (crls === undefined) this.lists.delete(clientExtId, nameOf(policy));
      return crls;
    });
  }

  private async listOf(clientExtId: string, policy: PolicyOfSet): Promise<readonly ListedCrl[]> {
    const rows = await FIND_CRLS_OF_POLICY.all(this.database, { clientExtId, ...policy });
    const listed = rows.flatMap(({ name, sha256 }) => (name === null ? [] : { name, sha256 }));
    if (rows[0]?.isPresent === true) this.lists.set(clientExtId, nameOf(policy), listed, 1 + listed.length);
    return listed;
  }

  /** Undefined if one of them is no longer stored. */
  private async listedCrls(clientExtId: string, setExtId: string, listed: readonly ListedCrl[]) {
    const crls: Crl[] = [];
    for (const { name, sha256 } of listed) {
      const crl = await this.crl(clientExtId, sha256, async () => {
        return (await READ_CRL_OF_SET.first(this.database, { clientExtId, setExtId, name, sha256 }))?.der;
      });
      if (crl === GONE) return undefined;
      if (crl !== undefined) crls.push(crl);
    }
    return crls;
  }

  /** The current answers of these sources. */
  async answersOf(clientExtId: string, sources: readonly EvidenceSource[], now: Date): Promise<ReadAnswers> {
    if (sources.length === 0) return { crls: [], ocsp: [] };
    const asked = {
      issuerKeys: sources.map(({ issuerKeySha256 }) => issuerKeySha256),
      sources: sources.map(({ sourceSha256 }) => sourceSha256),
    };
    const usedBefore = new Date(now.getTime() - DAY_MS);
    return await repeated(async () => {
      const found = await FIND_CURRENT_ANSWERS.all(this.database, { clientExtId, ...asked, now, usedBefore });
      const crls: Crl[] = [];
      const ocsp: OcspResponse[] = [];
      for (const answer of found) {
        const read = await this.answer(clientExtId, answer);
        if (read === undefined) return undefined;
        crls.push(...read.crls);
        ocsp.push(...read.ocsp);
      }
      return { crls, ocsp };
    });
  }

  /** Undefined if it is no longer the one that is stored. */
  async answer(clientExtId: string, { kind, sha256, ...key }: StoredAnswer): Promise<ReadAnswers | undefined> {
    if (sha256 === null) return { crls: [], ocsp: [] };
    const { issuerKeySha256, sourceSha256 } = key;
    const load = async (): Promise<Buffer | undefined> =>
      (await READ_ANSWER.first(this.database, { clientExtId, issuerKeySha256, sourceSha256, sha256 }))?.der ??
      undefined;
    if (kind === 'crl') {
      const crl = await this.crl(clientExtId, sha256, load);
      return crl === GONE ? undefined : { crls: crl === undefined ? [] : [crl], ocsp: [] };
    }
    const known = this.evidence.ocsp(clientExtId, sha256);
    if (known !== undefined) return { crls: [], ocsp: [known] };
    const der = await load();
    if (der === undefined) return undefined;
    const { value, problems } = this.evidence.readOcsp(clientExtId, sha256, der);
    if (value === undefined) this.logUnreadable(clientExtId, problems);
    return { crls: [], ocsp: value === undefined ? [] : [value] };
  }

  private async crl(clientExtId: string, sha256: Buffer, load: () => Promise<Buffer | undefined>) {
    const read = await this.evidence.crl(clientExtId, sha256, load);
    if (read === undefined) return GONE;
    if (read.value === undefined) this.logUnreadable(clientExtId, read.problems);
    return read.value;
  }

  private logUnreadable(clientExtId: string, problems: readonly string[]): void {
    this.logger.error({ clientExtId, problems }, 'stored revocation evidence cannot be read');
  }
}

/** An extId has no blank. */
function nameOf({ policyExtId, policyGeneration, policyVersion, evaluationVersion, setExtId }: PolicyOfSet): string {
  return [policyExtId, policyGeneration, policyVersion, evaluationVersion, setExtId].join(' ');
}

/** `attempt` returns undefined if a row has changed meanwhile. */
async function repeated<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let tries = 1; tries <= ATTEMPTS; tries += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw evidenceUnavailable();
}
