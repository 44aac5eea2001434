import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
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

/** The states of credentials and users, in words. */
export const STATE_NAMES: Readonly<Record<string, MessageDescriptor>> = {
  active: msg`Active`,
  initial: msg`New`,
  'admin-changed': msg`Changed by an administrator`,
  'reset-code': msg`Waiting for a reset code`,
  disabled: msg`Disabled`,
  'tmp-locked': msg`Locked for a while`,
  'fail-locked': msg`Locked after failed logins`,
  archived: msg`Archived`,
};

/** The state of a credential or of a user. */
export function StateBadge({ state }: { readonly state: string }) {
  const { i18n } = useLingui();
  const name = STATE_NAMES[state];
  return <Badge tone={TONES[state] ?? 'neutral'}>{name === undefined ? state : i18n._(name)}</Badge>;
}
