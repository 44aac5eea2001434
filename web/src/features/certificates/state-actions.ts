import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { AssignableCredentialState, CredentialState } from '../../api/generated/types.gen.js';

export interface Action {
  readonly id: 'disable' | 'enable' | 'unlock' | 'delete';
  readonly label: MessageDescriptor;
  readonly question: MessageDescriptor;
  /** A sentence of what follows. */
  readonly consequence: MessageDescriptor;
  /** Undefined: it is deleted. */
  readonly to: AssignableCredentialState | undefined;
}

const DISABLE: Action = {
  id: 'disable',
  label: msg`Disable`,
  question: msg`Disable this certificate?`,
  consequence: msg`Nobody can log in with this certificate until an administrator enables it again. Its owner can neither enable, replace nor delete it.`,
  to: 'disabled',
};

const ENABLE: Action = {
  id: 'enable',
  label: msg`Enable`,
  question: msg`Enable this certificate?`,
  consequence: msg`Its owner can log in with this certificate at once, unless its policy refuses that.`,
  to: 'active',
};

const UNLOCK: Action = {
  id: 'unlock',
  label: msg`Unlock`,
  question: msg`Unlock this certificate?`,
  consequence: msg`The failed logins are forgotten, the state becomes Active, and its owner can log in with this certificate at once.`,
  to: 'active',
};

const DELETE: Action = {
  id: 'delete',
  label: msg`Delete`,
  question: msg`Delete this certificate?`,
  consequence: msg`The credential is deleted and its certificate can be registered again. What happened to it stays in the audit log. This cannot be undone.`,
  to: undefined,
};

/** What an administrator can do next; nothing but deletion leaves `archived` (contract 5.1). */
export function actionsOf(state: CredentialState): readonly Action[] {
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
      return [DISABLE, DELETE];
  }
}
