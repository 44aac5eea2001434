import type { UpdateUserDto, UserResource } from '../../api/generated/types.gen.js';

/** What users may change about themselves, as the form has it; empty where there is no value. */
export interface Details {
  readonly firstName: string;
  readonly familyName: string;
  readonly email: string;
  readonly telephone: string;
  readonly mobile: string;
  readonly languageCode: string;
}

export function detailsOf({ name = {}, contacts = {}, languageCode }: UserResource): Details {
  const { firstName = '', familyName = '' } = name;
  const { email = '', telephone = '', mobile = '' } = contacts;
  return { firstName, familyName, email, telephone, mobile, languageCode: languageCode ?? '' };
}

/** The members that change, and only they; undefined if none does. An empty value clears one. */
export function changeOf(before: Details, after: Details): UpdateUserDto | undefined {
  const changed = (...names: readonly (keyof Details)[]) =>
    Object.fromEntries(
      names.filter((key) => before[key] !== after[key]).map((key) => [key, after[key].trim() || null]),
    );
  const name = changed('firstName', 'familyName');
  const contacts = changed('email', 'telephone', 'mobile');
  const change = { ...partOf('name', name), ...partOf('contacts', contacts), ...changed('languageCode') };
  return Object.keys(change).length === 0 ? undefined : change;
}

function partOf(key: string, members: object): object {
  return Object.keys(members).length === 0 ? {} : { [key]: members };
}
