import { isDeepStrictEqual } from 'node:util';

import type { ErrorDetail } from '../common/errors.js';
import {
  hasTooManyProperties,
  mergeMembers,
  mergeProperties,
  sentOr,
  type SentTextMembers,
} from '../common/text-members.js';
import type { UserColumns, UserState } from './user.table.js';

type Text = string | null | undefined;

/** The members of a request: absent ones stay unchanged, `null` clears (contract 2.4, 2.5). */
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

/** A sub-object of the members that have a value; undefined if none has (contract 2.1). */
function subObject<Name extends string, Value>(
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
    name: subObject({ title, firstName, familyName }),
    sex: user.sex ?? undefined,
    gender: user.gender ?? undefined,
    birthDate: user.birthDate ?? undefined,
    address: user.address ?? undefined,
    contacts: subObject({ telephone, telefax, mobile, email }),
    validity: subObject({ from: user.validFrom, to: user.validTo }),
    properties: user.properties ?? undefined,
    remarks: user.remarks ?? undefined,
    modificationComment: user.modificationComment ?? undefined,
  };
}

type UserMembers = ReturnType<typeof userMembers>;
export type UserMember = keyof UserMembers;

/** The members that differ (contract 3.1). */
function changedMembers(before: UserColumns, after: UserColumns): readonly UserMember[] {
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

const BLANK: UserColumns = {
  loginId: '',
  state: 'active',
  isTechnicalUser: false,
  languageCode: null,
  title: null,
  firstName: null,
  familyName: null,
  sex: null,
  gender: null,
  birthDate: null,
  address: null,
  telephone: null,
  telefax: null,
  mobile: null,
  email: null,
  validFrom: null,
  validTo: null,
  properties: null,
  remarks: null,
  modificationComment: null,
};

/** A new user; `generatedLoginId` is used if no loginId was sent (contract 2.4). */
export function newUser(
  sent: SentUser & { readonly isTechnicalUser?: boolean | undefined },
  generatedLoginId: string,
): UserColumns {
  const blank = { ...BLANK, loginId: generatedLoginId, isTechnicalUser: sent.isTechnicalUser ?? false };
  return mergeUser(blank, sent);
}

/** Merges the sent members into the stored ones; sub-objects are merged member by member (contract 2.5). */
export function mergeUser(current: UserColumns, sent: SentUser): UserColumns {
  return {
    loginId: sent.loginId ?? current.loginId,
    state: sent.userState ?? current.state,
    isTechnicalUser: current.isTechnicalUser,
    languageCode: sentOr(sent.languageCode, current.languageCode),
    title: memberOr(sent.name, 'title', current.title),
    firstName: memberOr(sent.name, 'firstName', current.firstName),
    familyName: memberOr(sent.name, 'familyName', current.familyName),
    sex: sentOr(sent.sex, current.sex),
    gender: sentOr(sent.gender, current.gender),
    birthDate: sentOr(sent.birthDate, current.birthDate),
    address: mergeMembers(current.address, sent.address),
    telephone: memberOr(sent.contacts, 'telephone', current.telephone),
    telefax: memberOr(sent.contacts, 'telefax', current.telefax),
    mobile: memberOr(sent.contacts, 'mobile', current.mobile),
    email: memberOr(sent.contacts, 'email', current.email),
    validFrom: memberOr(sent.validity, 'from', current.validFrom),
    validTo: memberOr(sent.validity, 'to', current.validTo),
    properties: mergeProperties(current.properties, sent.properties),
    remarks: sentOr(sent.remarks, current.remarks),
    modificationComment: sentOr(sent.modificationComment, current.modificationComment),
  };
}

/** Rules across members: each member may be valid, but not the combination. */
export function checkUser({ validFrom, validTo, properties }: UserColumns): readonly ErrorDetail[] {
  const refusals: ErrorDetail[] = [];
  if (validFrom !== null && validTo !== null && validTo < validFrom) {
    refusals.push({
      code: 'errors.invalidData',
      message: 'validity.to is before validity.from.',
      field: 'validity.to',
    });
  }
  if (hasTooManyProperties(properties)) {
    refusals.push({
      code: 'errors.invalidData',
      message: 'A user can have at most 100 properties.',
      field: 'properties',
    });
  }
  return refusals;
}

export interface UserUpdate {
  readonly next: UserColumns;
  readonly changed: readonly UserMember[];
  /** Whether it removes the user's credentials (contract 1, U5). */
  readonly archives: boolean;
}

export type UserDecision =
  | { readonly kind: 'refused'; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] }
  | { readonly kind: 'unchanged' }
  | (UserUpdate & { readonly kind: 'changed' });

export function planUpdate(current: UserColumns, sent: SentUser): UserUpdate {
  const next = mergeUser(current, sent);
  return {
    next,
    changed: changedMembers(current, next),
    archives: current.state !== 'archived' && next.state === 'archived',
  };
}

/** Decides on a PATCH of a user (contract 2.6, 3.1). */
export function decideUserUpdate(current: UserColumns, sent: SentUser): UserDecision {
  const update = planUpdate(current, sent);
  if (update.changed.length === 0) return { kind: 'unchanged' };
  const [first, ...rest] = checkUserUpdate(current, update.next);
  return first === undefined ? { kind: 'changed', ...update } : { kind: 'refused', errors: [first, ...rest] };
}

/** Archived is final. Archiving again changes nothing and is not refused, in case the first response was lost. */
function checkUserUpdate(current: UserColumns, next: UserColumns): readonly ErrorDetail[] {
  if (current.state !== 'archived') return checkUser(next);
  return [{ code: 'errors.recordDeleted', message: 'The user is archived and can no longer be changed.' }];
}

/** A member of a sub-object: an absent one stays unchanged; `null` for the member or the whole sub-object clears it. */
function memberOr<Name extends string, Value>(
  sent: { readonly [Member in Name]?: Value | null | undefined } | null | undefined,
  name: Name,
  current: Value | null,
): Value | null {
  if (sent === null) return null;
  return sent === undefined ? current : sentOr<Value>(sent[name], current);
}
