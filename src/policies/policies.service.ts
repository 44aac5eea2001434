import { Injectable } from '@nestjs/common';

import { AuditLogService, type HistorySubject } from '../audit/audit-log.service.js';
import type { AuditEventResource } from '../audit/event-resource.js';
import type { Caller } from '../common/actor.js';
import { AppError, type ErrorDetail, noRecord, throwAll } from '../common/errors.js';
import { type Page, pageOf, type PageRequest } from '../common/page.js';
import { Database, type StatementRunner } from '../database/database.js';
import { pageParameters } from '../database/paging.js';
import type { CertificatePolicy } from './certificate-policy.model.js';
import { readCertificatePolicy } from './certificate-policy.rules.js';
import type { PasswordPolicy } from './password-policy.model.js';
import { readPasswordPolicy } from './password-policy.rules.js';
import { PolicyCreationService } from './policy-creation.service.js';
import { policyResource, type PolicyResource } from './policy-resource.js';
import { pastPolicy } from './policy-store.js';
import { parameterErrors } from './policy-types.rules.js';
import { COUNT_POLICIES, FIND_CLIENT, LIST_POLICIES, READ_POLICY } from './policy.queries.js';
import type { PolicyPath } from './policy.table.js';
import { ReadPolicies, readStoredPolicy } from './read-policies.js';

const NO_CERTIFICATE_POLICY: ErrorDetail = {
  code: 'errors.invalidData',
  message: 'Only a policy of the type CertificatePolicy decides about certificates.',
};

/** P2 and C7, and the policies for other features. */
@Injectable()
export class PoliciesService {
  private readonly certificatePolicies = new ReadPolicies(readCertificatePolicy);

  constructor(
    private readonly database: Database,
    private readonly creation: PolicyCreationService,
    private readonly auditLog: AuditLogService,
  ) {}

  async read({ clientExtId, extId }: PolicyPath): Promise<PolicyResource> {
    const row = await READ_POLICY.first(this.database, { clientExtId, extId });
    if (row === undefined) throw noRecord();
    return policyResource(row);
  }

  /** As it was at that instant: what a certificate that was taken then was evaluated by (contract 10.2). */
  async readAt(path: PolicyPath, instant: Date): Promise<PolicyResource> {
    return policyResource(pastPolicy(path, await this.auditLog.versionAt(subjectOf(path), instant)));
  }

  /** Its versions, newest first; of a deleted one, too. */
  async history(path: PolicyPath, page: PageRequest): Promise<Page<AuditEventResource>> {
    return await this.auditLog.history(subjectOf(path), page);
  }

  async list(clientExtId: string, page: PageRequest): Promise<Page<PolicyResource>> {
    const rows = await LIST_POLICIES.all(this.database.lists, { clientExtId, ...pageParameters(page) });
    // A client without policies is rare; only then an extra query checks whether the client exists.
    if (rows.length === 0 && (await FIND_CLIENT.first(this.database, { clientExtId })) === undefined) throw noRecord();
    return pageOf(rows, page, policyResource, page.countTotal ? await this.total(clientExtId) : undefined);
  }

  /** The default policies of a new client, inside the transaction that creates it (contract 2.3). */
  async createDefaults(runner: StatementRunner, caller: Caller, clientExtId: string): Promise<void> {
    await this.creation.createDefaults(runner, caller, clientExtId);
  }

  certificatePolicy(clientExtId: string, parameters: string): CertificatePolicy {
    return this.certificatePolicies.read(clientExtId, parameters);
  }

  /**
   * A CertificatePolicy as it is, and as it would be with these parameters.
   *
   * @throws AppError as P3 would for these parameters
   */
  async withParameters({ clientExtId, extId }: PolicyPath, parameters: Readonly<Record<string, string>>) {
    const row = await READ_POLICY.first(this.database, { clientExtId, extId });
    if (row === undefined) throw noRecord();
    if (row.policyType !== 'CertificatePolicy') throw new AppError([NO_CERTIFICATE_POLICY]);
    throwAll(parameterErrors(row.policyType, parameters));
    const present = this.certificatePolicy(clientExtId, JSON.stringify(row.parameters));
    return { present, changed: readStoredPolicy(JSON.stringify(parameters), readCertificatePolicy) };
  }

  /** Not cached: whatever needs it hashes a password, which takes a thousand times as long. */
  passwordPolicy(parameters: string): PasswordPolicy {
    return readStoredPolicy(parameters, readPasswordPolicy);
  }

  private async total(clientExtId: string): Promise<number | undefined> {
    return (await COUNT_POLICIES.first(this.database, { clientExtId }))?.total;
  }
}

function subjectOf({ clientExtId, extId }: PolicyPath): HistorySubject {
  return { clientExtId, kind: 'policy', extId, userExtId: null, ofPresentUser: false };
}
