import type { CreateUserDto, UpdateUserDto, UserResource } from '../../api/generated/types.gen.js';

/** The members of a user that a form has, as paths. `properties` is a text with one `name=value` a line. */
export const USER_MEMBERS = [
  'loginId',
  'name.title',
  'name.firstName',
  'name.familyName',
  'contacts.email',
  'contacts.telephone',
  'contacts.mobile',
  'contacts.telefax',
  'userState',
  'languageCode',
  'gender',
  'birthDate',
  'validity.from',
  'validity.to',
  'address.addressline1',
  'address.addressline2',
  'address.street',
  'address.houseNumber',
  'address.dwellingNumber',
  'address.postOfficeBoxText',
  'address.postOfficeBoxNumber',
  'address.postalCode',
  'address.city',
  'address.locality',
  'address.countryCode',
  'properties',
  'remarks',
  'modificationComment',
] as const;

export type UserMember = (typeof USER_MEMBERS)[number];
export type UserForm = Readonly<Record<UserMember, string>>;

export const EMPTY_FORM: UserForm = formOf({});

export function formOf(user: Partial<UserResource>): UserForm {
  return Object.fromEntries(USER_MEMBERS.map((member) => [member, textAt(user, member)])) as UserForm;
}

function textAt(user: Partial<UserResource>, member: UserMember): string {
  if (member === 'properties') {
    return Object.entries(user.properties ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .toSorted()
      .join('\n');
  }
  let value: unknown = user;
  for (const name of member.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

/** The body of a creation: what is filled in. */
export function createBodyOf(form: UserForm): CreateUserDto {
  return bodyOf(
    USER_MEMBERS.filter((member) => form[member] !== ''),
    form,
    {},
  );
}

/** The body of a change: what differs, `null` where it was emptied. */
export function updateBodyOf(before: UserForm, after: UserForm): UpdateUserDto {
  return bodyOf(changedMembers(before, after), after, propertiesOf(before.properties));
}

function changedMembers(before: UserForm, after: UserForm): readonly UserMember[] {
  return USER_MEMBERS.filter((member) => before[member] !== after[member]);
}

function bodyOf(
  members: readonly UserMember[],
  form: UserForm,
  formerProperties: Readonly<Record<string, string>>,
): UpdateUserDto {
  const body: Record<string, unknown> = {};
  for (const member of members) {
    const [name = '', part] = member.split('.');
    const value = form[member] === '' ? null : form[member];
    if (member === 'properties') body[name] = changedProperties(formerProperties, propertiesOf(form.properties));
    else if (part === undefined) body[name] = value;
    else body[name] = { ...(body[name] as object | undefined), [part]: value };
  }
  return body as UpdateUserDto;
}

/** Of lines without `=`, the whole line is the name, and the server says that the value is missing. */
function propertiesOf(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}

function changedProperties(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Readonly<Record<string, string | null>> {
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const changed = Object.entries(after).filter(([name, value]) => before[name] !== value);
  return Object.fromEntries([...removed.map((name) => [name, null] as const), ...changed]);
}
