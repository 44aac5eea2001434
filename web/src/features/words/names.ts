import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { AuditAction, AuditKind } from '../../api/generated/types.gen.js';

export const ACTION_NAMES: Readonly<Record<AuditAction, MessageDescriptor>> = {
  created: msg`Created`,
  changed: msg`Changed`,
  archived: msg`Archived`,
  deleted: msg`Deleted`,
  loggedIn: msg`Logged in`,
  loginFailed: msg`Login failed`,
  refused: msg`Refused`,
};

export const KIND_NAMES: Readonly<Record<AuditKind, MessageDescriptor>> = {
  client: msg`Client`,
  user: msg`User`,
  certificate: msg`Certificate`,
  password: msg`Password`,
  policy: msg`Policy`,
  trustAnchorSet: msg`Trust-anchor set`,
  keyStore: msg`Key store`,
  job: msg`Job`,
};
