/** The members of a user that decide whether the user may log in. */
export interface UserActivity {
  readonly state: 'active' | 'disabled' | 'archived';
  readonly validFrom?: Date | null | undefined;
  readonly validTo?: Date | null | undefined;
}

/**
 * Whether the user is active and inside their validity, both ends included. Only then may they log in with a credential
 * (contract 2.6) and administer their own record (4.4).
 */
export function isActive({ state, validFrom, validTo }: UserActivity, now: Date): boolean {
  const begun = !validFrom || validFrom <= now;
  const ended = Boolean(validTo && validTo < now);
  return state === 'active' && begun && !ended;
}
