import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { Database, type StatementRunner } from '../database/database.js';
import { type Page, pageOf, type PageRequest, type PageRow } from '../http/page.js';
import type { CertificatePolicy } from './certificate-policy.model.js';
import { readCertificatePolicy } from './certificate-policy.rules.js';
import type { PasswordPolicy } from './password-policy.model.js';
import { readPasswordPolicy } from './password-policy.rules.js';
import { PolicyCreationService } from './policy-creation.service.js';
import { policyResource, type PolicyResource } from './policy-resource.js';
import type { PolicyPath, PolicyRow } from './policy-row.js';
import { COUNT_POLICIES, FIND_CLIENT, LIST_POLICIES, READ_POLICY } from './policy.queries.js';
import { ReadPolicies } from './read-policies.js';

/** P2 and C7, and what other features need of policies. */
@Injectable()
export class PoliciesService {
  private readonly certificatePolicies = new ReadPolicies(readCertificatePolicy);
  private readonly passwordPolicies = new ReadPolicies(readPasswordPolicy);

  constructor(
    private readonly database: Database,
    private readonly creation: PolicyCreationService,
  ) {}

  async read({ clientExtId, extId }: PolicyPath): Promise<PolicyResource> {
    const [row] = await this.database.run<PolicyRow>(READ_POLICY, [clientExtId, extId]);
    if (row === undefined) throw noRecord();
    return policyResource(row);
  }

  async list(clientExtId: string, page: PageRequest): Promise<Page<PolicyResource>> {
    const { after, limit } = page;
    const start = [after === undefined ? null : new Date(after.created), after?.extId ?? ''];
    const rows = await this.database.run<PolicyRow & PageRow>(LIST_POLICIES, [clientExtId, ...start, limit + 1]);
    // A client without policies is rare; only then is it asked whether there is such a client.
    if (rows.length === 0 && (await this.database.run(FIND_CLIENT, [clientExtId])).length === 0) throw noRecord();
    return pageOf(rows, page, policyResource, page.countTotal ? await this.total(clientExtId) : undefined);
  }

  /** The default policies of a new client, inside the transaction that creates it (contract 2.3). */
  async createDefaults(runner: StatementRunner, caller: Caller, clientExtId: string): Promise<void> {
    await this.creation.createDefaults(runner, caller, clientExtId);
  }

  certificatePolicy(parameters: string): CertificatePolicy {
    return this.certificatePolicies.read(parameters);
  }

  passwordPolicy(parameters: string): PasswordPolicy {
    return this.passwordPolicies.read(parameters);
  }

  private async total(clientExtId: string): Promise<number | undefined> {
    const [row] = await this.database.run<{ total: number }>(COUNT_POLICIES, [clientExtId]);
    return row?.total;
  }
}
