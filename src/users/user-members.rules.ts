import { isDeepStrictEqual } from 'node:util';

import type { SentTextMembers } from '../common/text-members.js';
import type { UserColumns, UserState } from './user.table.js';

type Text = string | null | undefined;

/** The members that a request sends: absent ones stay as they are, `null` clears (contract 2.4, 2.5). */
export interface SentUser {
  readonly loginId?: string | undefined;
  readonly userState?: UserState | undefined;
  readonly languageCode?: Text;
  readonly name?: SentTextMembers<'title' | 'firstName' | 'familyName'> | null | undefined;
  readonly sex?: Text;
  readonly gender?: Text;
  readonly birthDate?: Text;
  readonly address?: SentTextMembers<AddressMember> | null | undefined;
  readonly contacts?: SentTextMembers<'telephone' | 'telefax' | 'mobile' | 'email'> | null | undefined;
  readonly validity?: { readonly from?: Date | null; readonly to?: Date | null } | null | undefined;
  readonly properties?: SentTextMembers | null | undefined;
  readonly remarks?: Text;
  readonly modificationComment?: Text;
}

export const ADDRESS_MEMBERS = [
  'addressline1',
  'addressline2',
  'postalCode',
  'city',
  'street',
  'houseNumber',
  'countryCode',
  'postOfficeBoxText',
  'postOfficeBoxNumber',
  'dwellingNumber',
  'locality',
] as const;
type AddressMember = (typeof ADDRESS_MEMBERS)[number];

/** A sub-object of the members that have a value; undefined where none has (contract 2.1). */
function someOf<Name extends string, Value>(
  members: Record<Name, Value | null>,
): Partial<Record<Name, Value>> | undefined {
  const present = Object.entries(members).filter(([, value]) => value !== null);
  return present.length === 0 ? undefined : (Object.fromEntries(present) as Partial<Record<Name, Value>>);
}

/** A user with the contract's names and structure (2.4); a member without a value is undefined. */
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

/** The members that differ (contract 3.1). */
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
