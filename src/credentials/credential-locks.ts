import { SHARE_POLICIES_OF_CLIENT } from '../database/fair-lock.js';
import type { Locks } from '../database/locks.js';
import { LOCK_CREDENTIAL, LOCK_POLICY, LOCK_POLICY_OF_CREDENTIAL, LOCK_USER } from './credential.queries.js';

interface OwnerPath {
  readonly clientExtId: string;
  readonly userExtId: string;
}

/**
 * The locks of a change that does not depend on the policy. `extId` may be known only after the credential was read.
 */
export function locksOfCredential({ clientExtId, userExtId }: OwnerPath, extId: () => string): Locks {
  return {
    user: async (runner) => await LOCK_USER.all(runner, { clientExtId, userExtId }),
    credential: async (runner) => await LOCK_CREDENTIAL.all(runner, { clientExtId, extId: extId() }),
  };
}

/** The locks of a change that is evaluated against the credential's policy. */
export function locksOfCredentialAndPolicy(owner: OwnerPath, extId: () => string): Locks {
  const { clientExtId } = owner;
  return {
    ...locksOfCredential(owner, extId),
    policiesFairLock: async (runner) => await SHARE_POLICIES_OF_CLIENT.all(runner, { clientExtId }),
    policy: async (runner) => await LOCK_POLICY_OF_CREDENTIAL.all(runner, { clientExtId, extId: extId() }),
  };
}

/** The locks of a creation; without a chosen policy, the default of the type is used. */
export function locksOfCreation(
  { clientExtId, userExtId }: OwnerPath,
  policyType: 'CertificatePolicy' | 'PwdPolicy',
  chosenPolicyExtId: string | undefined,
): Locks {
  const policy = { clientExtId, policyType, chosenPolicyExtId: chosenPolicyExtId ?? null };
  return {
    user: async (runner) => await LOCK_USER.all(runner, { clientExtId, userExtId }),
    policiesFairLock: async (runner) => await SHARE_POLICIES_OF_CLIENT.all(runner, { clientExtId }),
    policy: async (runner) => await LOCK_POLICY.all(runner, policy),
  };
}
