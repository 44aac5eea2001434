import type { UserActivity } from '../common/active-user.js';

/** The owner of a credential, with the members that rules need. */
export interface CredentialOwner extends UserActivity {
  readonly extId: string;
  readonly loginId: string;
  readonly firstName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
}
