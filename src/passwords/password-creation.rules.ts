import type { UserActivity } from '../common/active-user.js';
import type { ErrorDetail } from '../common/errors.js';
import type { StateName } from '../credentials/credential-state.rules.js';
import type { AdministeredColumns } from '../credentials/credential.table.js';
import { firstState } from '../credentials/first-state.rules.js';
import { refusalOfArchived } from '../credentials/state-refusals.rules.js';
import type { PasswordPolicy } from '../policies/password-policy.model.js';
import { passwordValidity } from './password-validity.rules.js';
import { passwordViolations } from './password-violations.rules.js';

interface PasswordCreation {
  readonly owner: UserActivity & { readonly loginId: string };
  /** Whether there is a password already. */
  readonly taken: boolean;
  readonly policy: PasswordPolicy;
  /** In its prepared form. */
  readonly password: string;
}

const TAKEN: ErrorDetail = { code: 'errors.passwordExists', message: 'The user already has a password.' };

/** Everything that keeps a new password from being stored; of an archived user nothing else is told (contract 3.9). */
export function refusalsOfNewPassword({ owner, taken, policy, password }: PasswordCreation): readonly ErrorDetail[] {
  const archived = refusalOfArchived(owner);
  if (archived.length > 0) return archived;
  return [...(taken ? [TAKEN] : []), ...passwordViolations(policy, password, owner.loginId)];
}

/** Only administrators make passwords, in any state (contract 2.13, 4.6). */
export function newPasswordColumns(policy: PasswordPolicy, stateName: StateName, now: Date): AdministeredColumns {
  const { locking } = policy;
  const state = firstState({ mode: 'administrator', stateName, reason: 'initialized', locking, now });
  return { ...state, ...passwordValidity(policy, now), comment: null };
}
