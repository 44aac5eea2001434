import { foldCase } from '../common/fold-case.js';
import { upperCaseAscii } from '../common/upper-case-ascii.js';
import { parseInstant } from '../http/instant.js';
import { INT32_MAX } from '../http/members.js';
import { ADDRESS_MEMBERS } from './sent-user.model.js';
import { USER_STATES } from './user-columns.model.js';

type ValueType = 'text' | 'boolean' | 'integer' | 'timestamptz';

/** A member that C6 filters and sorts by (contract 8.3). */
export interface SearchMember {
  /** The condition of a filter, whose value is the parameter. */
  readonly equals: (parameter: string) => string;
  /** What orders; the same bytes in every installation. */
  readonly order: string;
  readonly type: ValueType;
  /** The value that a filter asks for; undefined where the text is none. */
  readonly read: (text: string) => unknown;
  /** Whether an index finds and orders its values. */
  readonly indexed: boolean;
  /** Whether no two users of a client share a value. */
  readonly unique: boolean;
}

const asText = (text: string): string => text;

/** Column and expression are ours, never a caller's text. */
function textMember(sql: string): SearchMember {
  return { ...plainMember(sql, 'text', asText), order: `${sql} collate "C"` };
}

/** Moments are shown to the second. */
function momentMember(column: string): SearchMember {
  return { ...plainMember(`date_trunc('second', u.${column})`, 'timestamptz', parseInstant), order: `u.${column}` };
}

function indexed(column: string, read: SearchMember['read'] = asText, unique = false): SearchMember {
  return { ...plainMember(`u.${column}`, 'text', read), indexed: true, unique };
}

export const SEARCH_MEMBERS: ReadonlyMap<string, SearchMember> = new Map([
  ['extId', indexed('ext_id', asText, true)],
  // Two login ids that fold alike are one and the same (contract 2.4), and are found as such.
  ['loginId', indexed('login_id_folded', foldCase, true)],
  ['contacts.email', indexed('email')],
  ['name.familyName', indexed('family_name')],
  ['userState', indexed('state', (text) => (USER_STATES as readonly string[]).find((state) => state === text))],
  ['name.title', textMember('u.title')],
  ['name.firstName', textMember('u.first_name')],
  ['languageCode', { ...textMember('u.language_code'), read: upperCaseAscii }],
  ['sex', textMember('u.sex')],
  ['gender', textMember('u.gender')],
  ['birthDate', textMember('u.birth_date')],
  ['contacts.telephone', textMember('u.telephone')],
  ['contacts.telefax', textMember('u.telefax')],
  ['contacts.mobile', textMember('u.mobile')],
  ['remarks', textMember('u.remarks')],
  ['modificationComment', textMember('u.modification_comment')],
  ...ADDRESS_MEMBERS.map((name) => [`address.${name}`, textMember(`(u.address ->> '${name}')`)] as const),
  ['validity.from', momentMember('valid_from')],
  ['validity.to', momentMember('valid_to')],
  ['created', momentMember('created')],
  ['lastModified', momentMember('last_modified')],
  ['isTechnicalUser', plainMember('u.is_technical_user', 'boolean', readBoolean)],
  ['version', plainMember('u.version', 'integer', readInteger)],
]);

function plainMember(sql: string, type: ValueType, read: SearchMember['read']): SearchMember {
  const equals = (parameter: string): string => `${sql} = ${parameter}::${type}`;
  return { equals, order: sql, type, read, indexed: false, unique: false };
}

function readBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function readInteger(text: string): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= INT32_MAX ? value : undefined;
}

/** How the filter by a property begins; the rest is its name. */
export const PROPERTY_PREFIX = 'properties.';

/** A property is filtered by and not sorted by: its name is the caller's, and stays a value. */
export function propertyFilter(name: string): Pick<SearchMember, 'equals' | 'read' | 'indexed'> {
  return {
    equals: (parameter) => `u.properties @> ${parameter}::jsonb`,
    read: (text) => JSON.stringify({ [name]: text }),
    indexed: false,
  };
}
