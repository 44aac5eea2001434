import type { UserActivity } from '../common/active-user.js';
import type { ErrorDetail } from '../common/errors.js';
import type { StateName } from '../credentials/credential-state.rules.js';
import type { AdministeredColumns } from '../credentials/credential.table.js';
import { initialState } from '../credentials/first-state.rules.js';
import { checkNotArchived } from '../credentials/state-refusals.rules.js';
import type { PasswordPolicy } from '../policies/password-policy.model.js';
import { passwordViolations } from './password.rules.js';

interface PasswordCreation {
  readonly owner: UserActivity & { readonly loginId: string };
  /** Whether the user already has a password. */
  readonly taken: boolean;
  readonly policy: PasswordPolicy;
  /** In its prepared form. */
  readonly password: string;
}

export const TAKEN: ErrorDetail = { code: 'errors.passwordExists', message: 'The user already has a password.' };

/** All errors of a new password; for an archived user, nothing else is reported (contract 3.9). */
export function checkNewPassword({ owner, taken, policy, password }: PasswordCreation): readonly ErrorDetail[] {
  const archived = checkNotArchived(owner);
  if (archived.length > 0) return archived;
  return [...(taken ? [TAKEN] : []), ...passwordViolations(policy, password, owner.loginId)];
}

/** Only administrators create passwords, in any state (contract 2.13, 4.6). */
export function initialPasswordColumns(policy: PasswordPolicy, stateName: StateName, now: Date): AdministeredColumns {
  const { locking } = policy;
  const state = initialState({ mode: 'administrator', stateName, reason: 'initialized', locking, now });
  return { ...state, ...passwordValidity(policy, now), comment: null };
}

/** The validity of a password that is stored now (contract 2.12). */
export function passwordValidity({ credentialLifetime }: PasswordPolicy, now: Date) {
  return { validFrom: now, validTo: new Date(now.getTime() + credentialLifetime) };
}
