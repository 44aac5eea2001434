import { isDeepStrictEqual } from 'node:util';

import type { UserColumns } from './user-columns.model.js';

/** A sub-object out of the members that have a value; undefined where none has (contract 2.1). */
function someOf<Name extends string, Value>(
  members: Record<Name, Value | null>,
): Partial<Record<Name, Value>> | undefined {
  const present = Object.entries(members).filter(([, value]) => value !== null);
  return present.length === 0 ? undefined : (Object.fromEntries(present) as Partial<Record<Name, Value>>);
}

/** A user in the words and the shape of the contract (2.4); a member without a value is undefined. */
export function userMembers(user: UserColumns) {
  const { title, firstName, familyName, telephone, telefax, mobile, email } = user;
  return {
    userState: user.state,
    loginId: user.loginId,
    languageCode: user.languageCode ?? undefined,
    isTechnicalUser: user.isTechnicalUser,
    name: someOf({ title, firstName, familyName }),
    sex: user.sex ?? undefined,
    gender: user.gender ?? undefined,
    birthDate: user.birthDate ?? undefined,
    address: user.address ?? undefined,
    contacts: someOf({ telephone, telefax, mobile, email }),
    validity: someOf({ from: user.validFrom, to: user.validTo }),
    properties: user.properties ?? undefined,
    remarks: user.remarks ?? undefined,
    modificationComment: user.modificationComment ?? undefined,
  };
}

type UserMembers = ReturnType<typeof userMembers>;
export type UserMember = keyof UserMembers;

/** The members that differ; none where a change would change nothing (contract 3.1). */
export function changedMembers(before: UserColumns, after: UserColumns): readonly UserMember[] {
  const was = userMembers(before);
  const is = userMembers(after);
  return memberNames(is).filter((member) => !isDeepStrictEqual(was[member], is[member]));
}

/** The members that have a value. */
export function presentMembers(user: UserColumns): readonly UserMember[] {
  const members = userMembers(user);
  return memberNames(members).filter((member) => members[member] !== undefined);
}

function memberNames(members: UserMembers): readonly UserMember[] {
  return Object.keys(members) as UserMember[];
}
