import { useLingui } from '@lingui/react/macro';

import type { AuditAction, AuditKind } from '../../api/generated/types.gen.js';

export function useActionNames(): Readonly<Record<AuditAction, string>> {
  const { t } = useLingui();
  return {
    created: t`Created`,
    changed: t`Changed`,
    archived: t`Archived`,
    deleted: t`Deleted`,
    loggedIn: t`Logged in`,
    loginFailed: t`Login failed`,
    refused: t`Refused`,
  };
}

export function useKindNames(): Readonly<Record<AuditKind, string>> {
  const { t } = useLingui();
  return {
    client: t`Client`,
    user: t`User`,
    certificate: t`Certificate`,
    password: t`Password`,
    policy: t`Policy`,
    trustAnchorSet: t`Trust-anchor set`,
    keyStore: t`Key store`,
  };
}
