import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import { generateExternalId } from '../common/external-id.js';
import type { StatementRunner } from '../database/database.js';
import { lockInOrder } from '../database/locks.js';
import { findTakenWith } from '../database/taken.js';
import { firstVersion } from '../database/versioned.js';
import { locksToTakeDefault } from './policy-locks.js';
import { policyResource, type PolicyResource } from './policy-resource.js';
import { storeNewPolicy, takeDefault } from './policy-store.js';
import { parameterErrors, trustSetOf } from './policy-types.rules.js';
import { mergePolicy } from './policy-update.rules.js';
import type { CreatePolicyDto } from './policy.dto.js';
import { FIND_TAKEN } from './policy.queries.js';
import type { PolicyRow } from './policy.table.js';

/** The policies that are created with every client (contract 2.3). */
const DEFAULTS: readonly CreatePolicyDto[] = [
  {
    policyType: 'CertificatePolicy',
    name: 'default-certificate-policy',
    defaultPolicy: true,
    parameters: { certificateUploadCheck: 'none' },
  },
  { policyType: 'PwdPolicy', name: 'default-password-policy', defaultPolicy: true },
];

/** P1. */
@Injectable()
export class PolicyCreationService {
  constructor(private readonly changes: GuardedChanges) {}

  async create(caller: Caller, clientExtId: string, sent: CreatePolicyDto): Promise<PolicyResource> {
    const row = newPolicy(caller, clientExtId, sent);
    const { extId: newExtId, name, trustSetExtId } = row;
    const taken = { clientExtId, newExtId, name, changedExtId: null, trustSetExtId };
    const store = row.defaultPolicy ? storeNewDefault : storeNewPolicy;
    await this.changes.create({
      clientExtId,
      errors: parameterErrors(sent.policyType, sent.parameters ?? {}),
      findTaken: findTakenWith(FIND_TAKEN, taken),
      inTransaction: row.defaultPolicy,
      store: async (runner) => await store(runner, caller, row),
    });
    return policyResource(row);
  }

  /** Creates the default policies of a client that the same transaction has just created. */
  async createDefaults(runner: StatementRunner, caller: Caller, clientExtId: string): Promise<void> {
    for (const policy of DEFAULTS) await storeNewPolicy(runner, caller, newPolicy(caller, clientExtId, policy));
  }
}

async function storeNewDefault(runner: StatementRunner, caller: Caller, row: PolicyRow): Promise<void> {
  await lockInOrder(runner, locksToTakeDefault(row.clientExtId));
  await takeDefault(runner, caller, row);
  await storeNewPolicy(runner, caller, row);
}

function newPolicy({ now }: Caller, clientExtId: string, sent: CreatePolicyDto): PolicyRow {
  const members = mergePolicy(sent);
  return {
    clientExtId,
    extId: sent.extId ?? generateExternalId(),
    policyType: sent.policyType,
    ...members,
    trustSetExtId: trustSetOf(sent.policyType, members.parameters),
    evaluationVersion: 1,
    ...firstVersion(now),
  };
}
