import { useLingui } from '@lingui/react/macro';

import { Badge, type Tone } from './badge.js';

const TONES: Readonly<Record<string, Tone>> = {
  active: 'ok',
  initial: 'ok',
  'admin-changed': 'ok',
  'reset-code': 'warning',
  disabled: 'danger',
  'tmp-locked': 'warning',
  'fail-locked': 'danger',
  archived: 'neutral',
};

/** The state of a credential or of a user, in words. */
export function StateBadge({ state }: { readonly state: string }) {
  const { t } = useLingui();
  const names: Readonly<Record<string, string>> = {
    active: t`Active`,
    initial: t`New`,
    'admin-changed': t`Changed by an administrator`,
    'reset-code': t`Waiting for a reset code`,
    disabled: t`Disabled`,
    'tmp-locked': t`Locked for a while`,
    'fail-locked': t`Locked after failed logins`,
    archived: t`Archived`,
  };
  return <Badge tone={TONES[state] ?? 'neutral'}>{names[state] ?? state}</Badge>;
}
