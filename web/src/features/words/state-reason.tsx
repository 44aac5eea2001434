import type { MessageDescriptor } from '@lingui/core';
import { useLingui } from '@lingui/react/macro';

import { STATE_REASONS } from './state-reasons.js';

/** Why a credential is in its state, in words; `reason` as an audit event has it. */
export function StateReason({ reason }: { readonly reason: string }) {
  const { i18n } = useLingui();
  const words: Readonly<Record<string, MessageDescriptor>> = STATE_REASONS;
  const text = words[reason];
  return text === undefined ? <code>{reason}</code> : i18n._(text);
}
