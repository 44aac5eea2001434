import { useLingui } from '@lingui/react/macro';

import type { AuditAction } from '../../api/generated/types.gen.js';

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
