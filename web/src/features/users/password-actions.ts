import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { AssignableCredentialState, CredentialState } from '../../api/generated/types.gen.js';

export interface PasswordAction {
  readonly id: 'lock' | 'unlock' | 'enable' | 'disable' | 'delete';
  readonly label: MessageDescriptor;
  /** The label for those who hear the page, where users have such buttons too. */
  readonly longLabel: MessageDescriptor;
  readonly question: MessageDescriptor;
  /** A sentence of what follows. */
  readonly consequence: MessageDescriptor;
  /** Undefined: the password is deleted. */
  readonly to: AssignableCredentialState | undefined;
}

const LOCK: PasswordAction = {
  id: 'lock',
  label: msg`Lock`,
  longLabel: msg`Lock the password`,
  question: msg`Lock the password?`,
  consequence: msg`The user can neither log in with the password nor change it, until an administrator unlocks it.`,
  to: 'fail-locked',
};

const UNLOCK: PasswordAction = {
  id: 'unlock',
  label: msg`Unlock`,
  longLabel: msg`Unlock the password`,
  question: msg`Unlock the password?`,
  consequence: msg`The failed logins are forgotten, and the user can log in with the password at once.`,
  to: 'active',
};

const ENABLE: PasswordAction = {
  id: 'enable',
  label: msg`Enable`,
  longLabel: msg`Enable the password`,
  question: msg`Enable the password?`,
  consequence: msg`The user can log in with the password at once.`,
  to: 'active',
};

const DISABLE: PasswordAction = {
  id: 'disable',
  label: msg`Disable`,
  longLabel: msg`Disable the password`,
  question: msg`Disable the password?`,
  consequence: msg`The user can neither log in with the password nor change it, until an administrator enables it.`,
  to: 'disabled',
};

const DELETE: PasswordAction = {
  id: 'delete',
  label: msg`Delete`,
  longLabel: msg`Delete the password`,
  question: msg`Delete the password?`,
  consequence: msg`The user can no longer log in with a password, and can change no certificate. You can set another password later.`,
  to: undefined,
};

/** What an administrator can do next; nothing but deletion leaves `archived` (contract 5.1). */
export function passwordActions(state: CredentialState): readonly PasswordAction[] {
  switch (state) {
    case 'archived':
      return [DELETE];
    case 'disabled':
      return [ENABLE, DELETE];
    case 'reset-code':
      return [ENABLE, DISABLE, DELETE];
    case 'tmp-locked':
    case 'fail-locked':
      return [UNLOCK, DISABLE, DELETE];
    case 'initial':
    case 'active':
    case 'admin-changed':
      return [LOCK, DISABLE, DELETE];
  }
}
