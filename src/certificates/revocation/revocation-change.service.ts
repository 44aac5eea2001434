import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { auditEvent } from '../../audit/change-with-audit-event.js';
import { changesOf } from '../../audit/changes.rules.js';
import { type Changed, GuardedChanges } from '../../audit/guarded-change.js';
import { VersionCheck } from '../../audit/version-check.js';
import { type Caller, systemCaller } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { AppError } from '../../common/errors.js';
import { changedMembers } from '../../credentials/changed-members.rules.js';
import { locksOfCredentialAndPolicy } from '../../credentials/credential-locks.js';
import { credentialMembers } from '../../credentials/credential-resource.js';
import { NO_LOCK } from '../../credentials/credential-state.rules.js';
import type { StatementRunner } from '../../database/database.js';
import { Leader } from '../../database/leader.js';
import { isSamePolicy } from '../../trust/trust-set.model.js';
import { denialOfChange } from '../certificate-denial.rules.js';
import { certificateEvent } from '../certificate-store.js';
import type { PathStatus } from '../evaluation/certificate-status.model.js';
import {
  CHANGE_REVOCATION,
  type CheckedCertificate,
  type CheckedRow,
  CONFIRM_REVOCATION,
  READ_CHECKED_CERTIFICATE,
} from './revocation-checks.queries.js';
import { type CheckedState, decideRevocation } from './revocation-state.rules.js';

/** A stored certificate that has been checked, and what was found. */
export interface RevocationFinding {
  readonly clientExtId: string;
  readonly row: CheckedRow;
  readonly path: PathStatus;
  readonly mode: 'soft' | 'hard';
}

interface StateChange extends Changed {
  readonly effect: 'disabled' | 'enabled';
  readonly next: CheckedState;
}

const UNCHANGED = { kind: 'unchanged' } as const;

/** Writes what a check has found (contract 13.4), as the leader and by the same guarded change as everything else. */
@Injectable()
export class RevocationChangeService {
  private readonly changes: GuardedChanges;

  constructor(
    private readonly leader: Leader,
    private readonly clock: Clock,
    versions: VersionCheck,
  ) {
    this.changes = new GuardedChanges(leader, versions);
  }

  async apply(finding: RevocationFinding): Promise<'unchanged' | 'confirmed' | 'disabled' | 'enabled'> {
    const { clientExtId, row, path, mode } = finding;
    const now = this.clock.now();
    const decision = decideRevocation({ credential: row, path, mode, now });
    if (decision.kind === 'unchanged') return 'unchanged';
    if (decision.kind === 'confirmed') {
      const { extId, version, sha256 } = row;
      const confirmed = { clientExtId, extId, version, sha256, revocation: decision.revocation };
      await this.leader.transaction('', async (runner) => await CONFIRM_REVOCATION.all(runner, confirmed));
      return 'confirmed';
    }
    return await this.change(systemCaller(clientExtId, now, randomUUID()), finding);
  }

  private async change(caller: Caller, { clientExtId, row: checked, path, mode }: RevocationFinding) {
    const { extId, userExtId } = checked;
    try {
      const outcome = await this.changes.apply<CheckedCertificate, StateChange, StateChange['effect']>({
        caller,
        clientExtId,
        expected: undefined,
        read: async (runner) => await READ_CHECKED_CERTIFICATE.first(runner, { clientExtId, extId }),
        decide: (row) => {
          // Another certificate, policy or set has not been checked yet.
          const isSame = row.sha256.equals(checked.sha256) && isSamePolicy(row, checked);
          if (!isSame || row.ownerState === 'archived' || row.userExtId !== userExtId) return UNCHANGED;
          const decision = decideRevocation({ credential: row, path, mode, now: caller.now });
          if (decision.kind === 'unchanged' || decision.kind === 'confirmed') return UNCHANGED;
          return { kind: 'changed', effect: decision.kind, next: decision.next };
        },
        locks: locksOfCredentialAndPolicy({ clientExtId, userExtId }, () => extId),
        write: async (runner, row, change) => await store(runner, caller, clientExtId, row, change),
      });
      return outcome.kind === 'written' ? outcome.result : 'unchanged';
    } catch (error) {
      if (error instanceof AppError && error.code === 'errors.noRecord') return 'unchanged';
      throw error;
    }
  }
}

/** Undefined if a row on which the decision was based has changed. */
async function store(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  row: CheckedCertificate,
  { effect, next }: StateChange,
): Promise<StateChange['effect'] | undefined> {
  const nextRow = { ...row, ...next };
  const { now } = caller;
  const event = auditEvent(caller, {
    ...certificateEvent({ before: row, row: nextRow, changed: [], now }),
    changes: changesBeneathLock(row, nextRow, now),
  });
  const change = { counterReset: 'none', event, next: nextRow, denied: denialOfChange(row, nextRow) } as const;
  const parameters = { clientExtId, evaluated: row, now, ...change };
  return (await CHANGE_REVOCATION.first(runner, parameters)) === undefined ? undefined : effect;
}

/** Also under a lock, which hides the state that changes. */
function changesBeneathLock(before: CheckedCertificate, after: CheckedCertificate, now: Date) {
  const [was, is] = [before, after].map((row) => ({ ...row, ...NO_LOCK })) as [CheckedCertificate, CheckedCertificate];
  return changesOf(changedMembers(was, is, now), credentialMembers(was, now), credentialMembers(is, now));
}
