import { setImmediate } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { AuditLogService, type HistorySubject } from '../audit/audit-log.service.js';
import type { AuditEventResource } from '../audit/event-resource.js';
import { noRecord } from '../common/errors.js';
import { LOGGER } from '../common/logger.token.js';
import { type Page, pageOf, type PageRequest } from '../common/page.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.js';
import { Database } from '../database/database.js';
import { pageParameters } from '../database/paging.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { ReadTrustSets } from './read-trust-sets.js';
import { trustSetResource, type TrustAnchorSetResource } from './trust-set-resource.js';
import { pastTrustSet } from './trust-set-store.js';
import type { PolicyVersion, SetOfPolicy, TrustSet, TrustSetKey } from './trust-set.model.js';
import {
  COUNT_TRUST_SETS,
  FIND_CLIENT,
  LIST_TRUST_SETS,
  READ_SET_OF_POLICY,
  READ_TRUST_SET,
  type SetOfPolicyRow,
} from './trust-set.queries.js';
import type { TrustSetPath, TrustSetRow } from './trust-set.table.js';

/** Of one page. */
const MAX_LISTED_SETS = 100;

/** Sets with a certificate that cannot be read that are remembered as reported. */
const MAX_REPORTED = 1_000;

/** G1 and G3, and the sets for other features. */
@Injectable()
export class TrustService {
  private readonly sets = new ReadTrustSets();
  private readonly reported = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly auditLog: AuditLogService,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async read({ clientExtId, extId }: TrustSetPath, now: Date): Promise<TrustAnchorSetResource> {
    const row = await READ_TRUST_SET.first(this.database, { clientExtId, extId });
    if (row === undefined) throw noRecord();
    return this.resource(row, now);
  }

  /** As it was at that instant, and whether its certificates were usable then (contract 10.2). */
  async readAt(path: TrustSetPath, instant: Date): Promise<TrustAnchorSetResource> {
    const past = await this.auditLog.versionAt(subjectOf(path), instant);
    return this.resource(pastTrustSet(path, past), instant);
  }

  /** Its versions, newest first; of a deleted one, too. */
  async history(path: TrustSetPath, page: PageRequest): Promise<Page<AuditEventResource>> {
    return await this.auditLog.history(subjectOf(path), page);
  }

  /** With its parsed certificates. */
  async readSet({ clientExtId, extId }: TrustSetPath): Promise<TrustSet> {
    const row = await READ_TRUST_SET.first(this.database, { clientExtId, extId });
    if (row === undefined) throw noRecord();
    return this.sets.of(row);
  }

  async list(clientExtId: string, page: PageRequest, now: Date): Promise<Page<TrustAnchorSetResource>> {
    const rows = await LIST_TRUST_SETS.all(this.database.lists, { clientExtId, ...pageParameters(page) });
    // Only an empty page needs an extra query, which checks whether the client exists.
    if (rows.length === 0 && (await FIND_CLIENT.first(this.database, { clientExtId })) === undefined) throw noRecord();
    const total = page.countTotal ? await COUNT_TRUST_SETS.first(this.database, { clientExtId }) : undefined;
    return pageOf(rows, page, (row) => this.resource(row, now), total?.total);
  }

  resource(row: TrustSetRow, now: Date): TrustAnchorSetResource {
    const { fingerprintAlgorithm } = this.settings;
    const certificates = this.sets.certificatesOf(row);
    if ([...certificates.anchors, ...certificates.intermediates].includes(undefined)) this.reportUnreadable(row);
    return trustSetResource(row, certificates, { now, fingerprintAlgorithm });
  }

  /**
   * The set that a policy names. If it is not cached for this version of the policy, the present version is read, and
   * the result says which one that is. Undefined if there is no such policy.
   */
  async setOfPolicy(clientExtId: string, policy: PolicyVersion & { readonly policyExtId: string }) {
    const { policyExtId, policyGeneration, policyVersion, evaluationVersion } = policy;
    const known = this.sets.ofPolicy(clientExtId, { policyGeneration, policyVersion, evaluationVersion });
    if (known !== undefined) return known;
    const row = await READ_SET_OF_POLICY.first(this.database, { clientExtId, policyExtId });
    return row === undefined ? undefined : this.evaluatedSet(row);
  }

  /** Those of each set of the client that can be read. Requests that wait are served between two sets. */
  async *certificatesOfSets(clientExtId: string): AsyncGenerator<readonly DerCertificate[]> {
    let after: PageRequest['after'] = undefined;
    do {
      const rows: Awaited<ReturnType<typeof LIST_TRUST_SETS.all>> = await LIST_TRUST_SETS.all(this.database.pages, {
        clientExtId,
        ...pageParameters({ after, limit: MAX_LISTED_SETS }),
      });
      for (const row of rows) {
        const { anchors, intermediates } = this.sets.certificatesOf(row);
        yield [...anchors, ...intermediates].filter((each) => each !== undefined);
        await setImmediate();
      }
      const last = rows.at(-1);
      after = last?.more === true ? { created: last.created.getTime(), extId: last.extId } : undefined;
    } while (after !== undefined);
  }

  /** The present version of a set; undefined if its certificates cannot be read. */
  async setByExtId(clientExtId: string, extId: string): Promise<TrustSet | 'missing' | undefined> {
    const row = await READ_TRUST_SET.first(this.database, { clientExtId, extId });
    if (row === undefined) return 'missing';
    try {
      return this.sets.of(row);
    } catch {
      this.reportUnreadable(row);
      return undefined;
    }
  }

  private evaluatedSet({ policyGeneration, policyVersion, evaluationVersion, ...row }: SetOfPolicyRow): SetOfPolicy {
    const policy = { policyGeneration, policyVersion, evaluationVersion };
    if (row.extId === null) return { ...policy, set: undefined };
    try {
      return this.sets.keepForPolicy(policy, this.sets.of(row));
    } catch {
      this.reportUnreadable(row);
      return { ...policy, set: undefined };
    }
  }

  /** Once for each version, as every list and every evaluation finds it again. */
  private reportUnreadable({ clientExtId, extId, generation, version }: TrustSetKey): void {
    const name = [generation, version].join(' ');
    if (this.reported.has(name)) return;
    if (this.reported.size >= MAX_REPORTED) this.reported.clear();
    this.reported.add(name);
    this.logger.error(
      { clientExtId, trustAnchorSet: extId, version },
      'a certificate of a stored trust-anchor set cannot be read',
    );
  }
}

function subjectOf({ clientExtId, extId }: TrustSetPath): HistorySubject {
  return { clientExtId, kind: 'trustAnchorSet', extId, userExtId: null, ofPresentUser: false };
}
