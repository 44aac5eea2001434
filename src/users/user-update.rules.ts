import type { ErrorDetail } from '../common/errors.js';
import { hasTooManyProperties, mergeMembers, mergeProperties, sentOr } from '../common/text-members.js';
import type { SentUser } from './sent-user.model.js';
import type { UserColumns } from './user-columns.model.js';
import { changedMembers, type UserMember } from './user-members.rules.js';

/** What was sent over what is stored, sub-objects member by member (contract 2.5). */
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

/** What only the merged user shows: each member may be right, and the whole wrong. */
export function refusalsOfUser({ validFrom, validTo, properties }: UserColumns): readonly ErrorDetail[] {
  const refusals: ErrorDetail[] = [];
  if (validFrom !== null && validTo !== null && validTo < validFrom) {
    refusals.push({
      code: 'errors.invalidData',
      message: 'validity.to is before validity.from.',
      field: 'validity.to',
    });
  }
  if (hasTooManyProperties(properties)) {
    refusals.push({ code: 'errors.invalidData', message: 'properties has more than 100 names.', field: 'properties' });
  }
  return refusals;
}

export interface UserUpdate {
  readonly next: UserColumns;
  readonly changed: readonly UserMember[];
  /** Whether it takes the user's credentials with it (contract 1, U5). */
  readonly archives: boolean;
}

export function planUpdate(current: UserColumns, sent: SentUser): UserUpdate {
  const next = mergeUser(current, sent);
  return {
    next,
    changed: changedMembers(current, next),
    archives: current.state !== 'archived' && next.state === 'archived',
  };
}

/** Contract 2.6: archived is final. What changes nothing may be sent again, an archiving whose answer was lost too. */
export function refusalsOfUpdate(current: UserColumns, { next, changed }: UserUpdate): readonly ErrorDetail[] {
  if (changed.length === 0) return [];
  if (current.state === 'archived') {
    return [{ code: 'errors.recordDeleted', message: 'The user is archived and can no longer be changed.' }];
  }
  return refusalsOfUser(next);
}

/** A member of a sub-object: what is absent stays, `null` clears it, and so does `null` for the whole. */
function memberOr<Name extends string, Value>(
  sent: { readonly [Member in Name]?: Value | null | undefined } | null | undefined,
  name: Name,
  current: Value | null,
): Value | null {
  if (sent === null) return null;
  return sent === undefined ? current : sentOr<Value>(sent[name], current);
}
