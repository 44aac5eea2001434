import type { UserActivity } from '../common/active-user.js';
import type { ErrorDetail } from '../common/errors.js';
import { type CredentialState, effectiveState, type StateName, type StoredState } from './credential-state.rules.js';
import { type CallerMode, mayChangeState, mayCreateInState, mayRemoveSecret } from './state-change.rules.js';

/** A refused change, with every error. */
export interface Refused {
  readonly kind: 'refused';
  readonly errors: readonly [ErrorDetail, ...ErrorDetail[]];
}

export function refused(errors: readonly ErrorDetail[]): Refused | undefined {
  const [first, ...rest] = errors;
  return first === undefined ? undefined : { kind: 'refused', errors: [first, ...rest] };
}

/** An archived credential, or one of an archived user, cannot be changed (contract 3.9). */
export function checkNotArchived(owner: UserActivity, state?: StoredState): readonly ErrorDetail[] {
  if (owner.state !== 'archived' && state !== 'archived') return [];
  const what = owner.state === 'archived' ? 'user' : 'credential';
  return [{ code: 'errors.recordDeleted', message: `The ${what} is archived and can no longer be changed.` }];
}

export function checkStateChange(
  mode: CallerMode,
  credential: CredentialState,
  to: StateName,
  now: Date,
): readonly ErrorDetail[] {
  const from = effectiveState(credential, now).stateName;
  if (mayChangeState(mode, from, to)) return [];
  return [transitionDenied('stateName', `The state may not be changed from ${from} to ${to}.`)];
}

export function checkInitialState(mode: CallerMode, state: StateName): readonly ErrorDetail[] {
  if (mayCreateInState(mode, state)) return [];
  return [transitionDenied('stateName', `A user may not register a credential in the state ${state}.`)];
}

export function checkReplacement(
  mode: CallerMode,
  credential: CredentialState,
  what: 'certificate' | 'password',
  now: Date,
): readonly ErrorDetail[] {
  if (mayRemoveSecret(mode, credential, now)) return [];
  const { stateName } = effectiveState(credential, now);
  return [transitionDenied(what, `The ${what} may not be replaced while the credential is ${stateName}.`)];
}

/** Contract 5.1: whether a caller with the right to delete may delete this credential. */
export function checkDeletion(mode: CallerMode, credential: CredentialState, now: Date): readonly ErrorDetail[] {
  if (mayRemoveSecret(mode, credential, now)) return [];
  const { stateName } = effectiveState(credential, now);
  return [transitionDenied(undefined, `The credential may not be deleted while it is ${stateName}.`)];
}

/** Contract 8.1. If the limit was lowered, existing credentials stay; archived ones count, because they are kept. */
export function checkMaxCount(what: string, count: number, maxCount: number): readonly ErrorDetail[] {
  if (count < maxCount) return [];
  const message = `A user can have at most ${maxCount} ${what}, and this user has ${count}. Delete one that is no longer used.`;
  return [{ code: 'errors.policyViolation', message }];
}

function transitionDenied(field: string | undefined, message: string): ErrorDetail {
  return { code: 'errors.stateTransitionDenied', message, ...(field === undefined ? {} : { field }) };
}

/** The owner of a credential, with the members that rules need. */
export interface CredentialOwner extends UserActivity {
  readonly extId: string;
  readonly loginId: string;
  readonly firstName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
}
