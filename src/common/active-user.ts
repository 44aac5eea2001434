/** The part of a user that decides whether he may log in. */
export interface UserActivity {
  readonly state: 'active' | 'disabled' | 'archived';
  readonly validFrom?: Date | null | undefined;
  readonly validTo?: Date | null | undefined;
}

/**
 * Whether the user is active and inside his validity, both ends included: only then may he log in with any credential
 * (contract 2.6), and administer what is his own (4.4).
 */
export function isActive({ state, validFrom, validTo }: UserActivity, now: Date): boolean {
  const begun = !validFrom || validFrom <= now;
  const ended = Boolean(validTo && validTo < now);
  return state === 'active' && begun && !ended;
}
