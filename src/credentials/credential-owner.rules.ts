import type { UserActivity } from '../common/active-user.js';

/** The user to whom a credential belongs, as far as a rule asks about them. */
export interface CredentialOwner extends UserActivity {
  readonly extId: string;
  readonly loginId: string;
  readonly firstName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
}
