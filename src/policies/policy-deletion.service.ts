import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import { locksOfPolicies, readPolicyToChange } from './policy-locks.js';
import { removePolicy } from './policy-store.js';
import { defaultPolicyRefusal } from './policy-update.rules.js';
import type { PolicyPath, PolicyRow } from './policy.table.js';

/** P4. The foreign key refuses the deletion while credentials use the policy, which is safe against races. */
@Injectable()
export class PolicyDeletionService {
  constructor(private readonly changes: GuardedChanges) {}

  async remove(caller: Caller, path: PolicyPath, ifMatch: IfMatch | undefined): Promise<void> {
    await this.changes.apply({
      caller,
      clientExtId: path.clientExtId,
      expected: { ifMatch, version: undefined },
      read: readPolicyToChange(path),
      decide: ({ defaultPolicy }: PolicyRow) =>
        defaultPolicy ? { kind: 'refused', errors: [defaultPolicyRefusal()] } : { kind: 'changed' },
      locks: locksOfPolicies(path.clientExtId),
      write: async (runner, row) => await removePolicy(runner, caller, row),
    });
  }
}
