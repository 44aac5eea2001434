import type { UserActivity } from '../common/active-user.js';
import { changedMembers, type ChangedMember } from '../credentials/changed-members.rules.js';
import { effectiveState, stateAt, type AssignableState } from '../credentials/credential-state.rules.js';
import type { AdministeredColumns } from '../credentials/credential.table.js';
import { changesState, stateAfterManualChange, isLock, type CallerMode } from '../credentials/state-change.rules.js';
import {
  checkNotArchived,
  checkReplacement,
  checkStateChange,
  refused,
  type Refused,
} from '../credentials/state-refusals.rules.js';
import type { PasswordPolicy } from '../policies/password-policy.model.js';
import { passwordValidity } from './password-creation.rules.js';
import { passwordViolations } from './password.rules.js';

interface PasswordPatch {
  /** In its prepared form. */
  readonly password?: string | undefined;
  readonly stateName?: AssignableState | undefined;
  /** `null` clears it. */
  readonly modificationComment?: string | null | undefined;
}

export interface PasswordUpdate {
  readonly mode: CallerMode;
  readonly owner: UserActivity & { readonly loginId: string };
  readonly policy: PasswordPolicy;
  readonly credential: AdministeredColumns;
  readonly patch: PasswordPatch;
  readonly now: Date;
}

export interface PasswordChange {
  readonly kind: 'changed';
  readonly next: AdministeredColumns;
  /** A new password, or manually removing a lock, resets the count of failures (contract 5.2). */
  readonly resetsFailures: boolean;
  readonly changed: readonly (ChangedMember | 'password')[];
}

type Decision = Refused | { readonly kind: 'unchanged' } | PasswordChange;

/**
 * Decides on a PATCH of a password (contract 2.13, 3.1, 3.9, 5). A password that is sent always counts as different:
 * comparing it with the current one is left to logins, which are counted and locked. A new password ends no lock and
 * changes no state.
 */
export function decidePasswordUpdate(update: PasswordUpdate): Decision {
  const { mode, owner, policy, now } = update;
  const archived = refused(checkNotArchived(owner, update.credential.state));
  if (archived !== undefined) return archived;

  const credential = stateAt(update.credential, now);
  const { password, modificationComment } = update.patch;
  const from = effectiveState(credential, now).stateName;
  const sent = update.patch.stateName;
  const stateName = sent !== undefined && changesState(mode, credential, sent, now) ? sent : undefined;
  const refusal = refused([
    ...(stateName === undefined ? [] : checkStateChange(mode, credential, stateName, now)),
    ...(password === undefined ? [] : checkReplacement(mode, credential, 'password', now)),
    ...(password === undefined ? [] : passwordViolations(policy, password, owner.loginId)),
  ]);
  if (refusal !== undefined) return refusal;

  const counted = password === undefined ? credential : { ...credential, failures: 0, failuresSinceLock: 0 };
  const { locking } = policy;
  const state =
    stateName === undefined
      ? counted
      : stateAfterManualChange({ mode, credential: counted, to: stateName, locking, replacing: false, now });
  const next: AdministeredColumns = {
    ...credential,
    ...state,
    ...(password === undefined ? {} : passwordValidity(policy, now)),
    ...(modificationComment === undefined ? {} : { comment: modificationComment }),
  };
  const changed = [
    ...(password === undefined ? [] : (['password'] as const)),
    ...changedMembers(credential, next, now),
  ];
  if (changed.length === 0) return { kind: 'unchanged' };
  const unlocked = stateName !== undefined && isLock(from);
  return { kind: 'changed', next, resetsFailures: password !== undefined || unlocked, changed };
}
