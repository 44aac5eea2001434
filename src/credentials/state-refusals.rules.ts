import type { UserActivity } from '../common/active-user.js';
import type { ErrorDetail } from '../common/errors.js';
import { effectiveState, type CredentialState, type StateName, type StoredState } from './credential-state.rules.js';
import { mayChangeState, mayCreateInState, mayRemoveSecret, type CallerMode } from './state-change.rules.js';

/** Of a change, with everything that is wrong. */
export interface Refused {
  readonly kind: 'refused';
  readonly errors: readonly [ErrorDetail, ...ErrorDetail[]];
}

export function refused(errors: readonly ErrorDetail[]): Refused | undefined {
  const [first, ...rest] = errors;
  return first === undefined ? undefined : { kind: 'refused', errors: [first, ...rest] };
}

/** Nothing about an archived credential, or one of an archived user, can be changed (contract 3.9). */
export function refusalOfArchived(owner: UserActivity, state?: StoredState): readonly ErrorDetail[] {
  if (owner.state !== 'archived' && state !== 'archived') return [];
  const what = owner.state === 'archived' ? 'user' : 'credential';
  return [{ code: 'errors.recordDeleted', message: `The ${what} is archived and can no longer be changed.` }];
}

export function refusalOfState(
  mode: CallerMode,
  credential: CredentialState,
  to: StateName,
  now: Date,
): readonly ErrorDetail[] {
  const from = effectiveState(credential, now).stateName;
  if (mayChangeState(mode, from, to)) return [];
  return [transitionDenied('stateName', `The state may not be changed from ${from} to ${to}.`)];
}

export function refusalOfFirstState(mode: CallerMode, state: StateName): readonly ErrorDetail[] {
  if (mayCreateInState(mode, state)) return [];
  return [transitionDenied('stateName', `A user may not register a credential in the state ${state}.`)];
}

export function refusalOfReplacement(
  mode: CallerMode,
  credential: CredentialState,
  what: 'certificate' | 'password',
  now: Date,
): readonly ErrorDetail[] {
  if (mayRemoveSecret(mode, credential, now)) return [];
  const { stateName } = effectiveState(credential, now);
  return [transitionDenied(what, `The ${what} may not be replaced while the credential is ${stateName}.`)];
}

/** Contract 5.1: what DELETE asks of a caller who has the right to it. */
export function refusalOfDeletion(mode: CallerMode, credential: CredentialState, now: Date): readonly ErrorDetail[] {
  if (mayRemoveSecret(mode, credential, now)) return [];
  const { stateName } = effectiveState(credential, now);
  return [transitionDenied(undefined, `The credential may not be deleted while it is ${stateName}.`)];
}

/** Contract 8.1. A limit that was lowered takes nothing away; archived ones count, for they are kept. */
export function refusalOfAnother(what: string, count: number, maxCount: number): readonly ErrorDetail[] {
  if (count < maxCount) return [];
  const message = `A user may have ${maxCount} ${what}, and this one has ${count}. Delete one that is not used any more.`;
  return [{ code: 'errors.policyViolation', message }];
}

function transitionDenied(field: string | undefined, message: string): ErrorDetail {
  return { code: 'errors.stateTransitionDenied', message, ...(field === undefined ? {} : { field }) };
}
