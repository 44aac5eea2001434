import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import type { StatementRunner } from '../database/database.js';
import { stillNamed } from './trust-set-deletion.rules.js';
import { removeTrustSet } from './trust-set-store.js';
import { LOCK_TRUST_SET, READ_TRUST_SET_TO_DELETE } from './trust-set.queries.js';
import type { TrustSetPath } from './trust-set.table.js';

/** G5. */
@Injectable()
export class TrustSetDeletionService {
  constructor(private readonly changes: GuardedChanges) {}

  /** The set is locked before the policies are read, so that none can start to name it in between. */
  async remove(caller: Caller, { clientExtId, extId }: TrustSetPath, ifMatch: IfMatch | undefined): Promise<void> {
    await this.changes.apply({
      caller,
      clientExtId,
      expected: { ifMatch, version: undefined },
      lockFirst: 'always',
      locks: { trustSet: async (runner) => await LOCK_TRUST_SET.all(runner, { clientExtId, extId }) },
      read: readTrustSetToDelete({ clientExtId, extId }),
      decide: ({ policies }: TrustSetToDelete) => {
        const refusal = stillNamed(policies ?? []);
        return refusal === undefined ? { kind: 'changed' } : { kind: 'refused', errors: [refusal] };
      },
      write: async (runner, row) => await removeTrustSet(runner, caller, { ...row, clientExtId }),
    });
  }
}

function readTrustSetToDelete({ clientExtId, extId }: TrustSetPath) {
  return async (runner: StatementRunner) => await READ_TRUST_SET_TO_DELETE.first(runner, { clientExtId, extId });
}

type TrustSetToDelete = NonNullable<Awaited<ReturnType<ReturnType<typeof readTrustSetToDelete>>>>;
