import { useLingui } from '@lingui/react/macro';

import { MEMBER_NAMES } from '../words/member-names.js';
import { USER_MEMBERS, type UserMember } from './user-form.rules.js';

export function useMemberNames(): Readonly<Record<UserMember, string>> {
  const { i18n } = useLingui();
  const names = USER_MEMBERS.map((member) => [member, i18n._(MEMBER_NAMES[member])] as const);
  return Object.fromEntries(names) as Record<UserMember, string>;
}
