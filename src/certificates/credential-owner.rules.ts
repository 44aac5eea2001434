/** The user to whom a credential belongs, as far as a rule asks for him. */
export interface CredentialOwner {
  readonly extId: string;
  readonly loginId: string;
  readonly firstName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
  readonly state: 'active' | 'disabled' | 'archived';
  readonly validFrom?: Date | null | undefined;
  readonly validTo?: Date | null | undefined;
}

/**
 * Whether the user is active and inside his validity, both ends included: only then may he log in with any credential
 * (contract 2.6), and administer his own (4.4).
 */
export function isActive(owner: Pick<CredentialOwner, 'state' | 'validFrom' | 'validTo'>, now: Date): boolean {
  const begun = !owner.validFrom || owner.validFrom <= now;
  const ended = Boolean(owner.validTo && owner.validTo < now);
  return owner.state === 'active' && begun && !ended;
}
