import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import { findTakenWith } from '../database/taken.js';
import { locksOfPolicies, locksToTakeDefault, readPolicyToChange } from './policy-locks.js';
import { policyResource, type PolicyResource } from './policy-resource.js';
import { storePolicyChange, takeDefault } from './policy-store.js';
import { type ChangedPolicy, decidePolicyUpdate } from './policy-update.rules.js';
import type { UpdatePolicyDto } from './policy.dto.js';
import { FIND_TAKEN } from './policy.queries.js';
import type { PolicyPath, PolicyRow } from './policy.table.js';

interface UpdateRequest {
  readonly patch: UpdatePolicyDto;
  readonly ifMatch: IfMatch | undefined;
}

/** P3. */
@Injectable()
export class PolicyUpdateService {
  constructor(private readonly changes: GuardedChanges) {}

  /**
   * The change locks the policy row. A change of a credential also locks its policy in the version of the evaluation,
   * or is evaluated again (contract 3.4).
   */
  async update(caller: Caller, path: PolicyPath, { patch, ifMatch }: UpdateRequest): Promise<PolicyResource> {
    const { clientExtId, extId } = path;
    const trustSetExtId = patch.parameters?.['trustAnchors'] ?? null;
    const taken = { clientExtId, newExtId: null, name: patch.name ?? null, changedExtId: extId, trustSetExtId };
    const outcome = await this.changes.apply({
      caller,
      clientExtId,
      expected: { ifMatch, version: patch.version },
      read: readPolicyToChange(path),
      decide: (row: PolicyRow) => decidePolicyUpdate(row, patch),
      lockFirst: becomesDefault,
      locks: patch.defaultPolicy === true ? locksToTakeDefault(clientExtId) : locksOfPolicies(clientExtId),
      write: async (runner, row, plan) => {
        if (becomesDefault(row, plan)) await takeDefault(runner, caller, row);
        return await storePolicyChange(runner, caller, row, plan.next, plan.changed);
      },
      findTaken: findTakenWith(FIND_TAKEN, taken),
    });
    return policyResource(outcome.kind === 'written' ? outcome.result : outcome.row);
  }
}

function becomesDefault(row: PolicyRow, { next }: ChangedPolicy): boolean {
  return next.defaultPolicy && !row.defaultPolicy;
}
