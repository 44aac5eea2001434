import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { StateChangeReason } from '../../api/generated/types.gen.js';

/** Why a credential is in its state (contract 5.4). */
export const STATE_REASONS: Readonly<Record<StateChangeReason, MessageDescriptor>> = {
  'customized-reason-code': msg`A reason of its own`,
  initialized: msg`Created`,
  activated: msg`Activated`,
  'too-many-login-failures': msg`Too many failed logins`,
  'reset-by-admin': msg`Reset by an administrator`,
  'changed-by-admin': msg`Changed by an administrator`,
  'changed-by-user': msg`Changed by its owner`,
  'logged-in-with-strong-cred': msg`Logged in with a stronger credential`,
  'cert-uploaded': msg`A certificate was uploaded`,
  'policy-check-failed': msg`The policy was not satisfied`,
  renewal: msg`Renewed`,
  reset: msg`Reset`,
  'cert-revoked': msg`The certificate is revoked`,
  unlock: msg`Unlocked`,
  'changed-by-batchjob': msg`Changed by the server`,
};
