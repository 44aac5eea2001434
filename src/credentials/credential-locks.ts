import { SHARE_POLICIES_OF_CLIENT } from '../database/fair-lock.js';
import type { Locks } from '../database/locks.js';
import { LOCK_CREDENTIAL, LOCK_POLICY, LOCK_POLICY_OF_CREDENTIAL, LOCK_USER } from './credential.queries.js';

interface OwnerPath {
  readonly clientExtId: string;
  readonly userExtId: string;
}

/** Of a change that no policy is asked about. The extId may be known only once the credential was read. */
export function locksOfCredential({ clientExtId, userExtId }: OwnerPath, extId: () => string): Locks {
  return {
    user: async (runner) => await LOCK_USER.all(runner, { clientExtId, userExtId }),
    credential: async (runner) => await LOCK_CREDENTIAL.all(runner, { clientExtId, extId: extId() }),
  };
}

/** Of a change that the policy of the credential is asked about. */
export function locksOfCredentialAndPolicy(owner: OwnerPath, extId: () => string): Locks {
  const { clientExtId } = owner;
  return {
    ...locksOfCredential(owner, extId),
    policiesFairLock: async (runner) => await SHARE_POLICIES_OF_CLIENT.all(runner, { clientExtId }),
    policy: async (runner) => await LOCK_POLICY_OF_CREDENTIAL.all(runner, { clientExtId, extId: extId() }),
  };
}

/** Of a creation; without a chosen policy the default of the type is asked. */
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
