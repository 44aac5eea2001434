import { isExternalId } from '../common/external-id.js';
import { foldCase } from '../common/fold-case.js';
import { EXTERNAL_ID_SCHEMA } from '../http/external-id-schema.js';
import { parseInstant } from '../http/instant.js';
import { INT32_MAX, type MemberReader } from '../http/members.js';
import {
  CALENDAR_DATE_SCHEMA,
  COUNTRY_CODE_SCHEMA,
  LANGUAGE_CODE_SCHEMA,
  readCalendarDate,
  readCountryCode,
  readLanguageCode,
} from './dto/user-member.js';
import { ADDRESS_MEMBERS } from './sent-user.model.js';
import { SEXES, USER_STATES } from './user-columns.model.js';

interface ValueSchema {
  readonly type: 'string' | 'boolean' | 'integer';
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: string[];
  readonly minimum?: number;
}

const SCHEMAS = {
  text: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer', format: 'int32', minimum: 0 },
  timestamptz: { type: 'string', format: 'date-time' },
} as const satisfies Record<string, ValueSchema>;

type ValueType = keyof typeof SCHEMAS;

/** A member that C6 filters and sorts by (contract 8.3). */
export interface SearchMember {
  /** The condition of a filter, whose value is the parameter. */
  readonly equals: (parameter: string) => string;
  /** What orders; the same bytes in every installation. */
  readonly order: string;
  /** The form of its values, as the OpenAPI document says it. */
  readonly schema: ValueSchema;
  /** The value that a filter asks for; undefined where the text is none. */
  readonly read: (text: string) => unknown;
  /** Whether an index finds and orders its values. */
  readonly indexed: boolean;
  /** Whether no two users of a client share a value. */
  readonly unique: boolean;
}

const asText = (text: string): string => text;

/** A value that a member cannot have is refused: an empty answer would say that nobody has it. */
const oneOf =
  (values: readonly string[]): SearchMember['read'] =>
  (text) =>
    values.includes(text) ? text : undefined;

const readBy =
  (reader: MemberReader<string>): SearchMember['read'] =>
  (text) => {
    const result = reader(text);
    return result.ok ? result.value : undefined;
  };

const readExternalId = (text: string): string | undefined => (isExternalId(text) ? text : undefined);

/** Column and expression are ours, never a caller's text. */
function textMember(sql: string): SearchMember {
  return { ...plainMember(sql, 'text', asText), order: `${sql} collate "C"` };
}

/** A text of a form. */
function formedMember(sql: string, schema: ValueSchema, read: SearchMember['read']): SearchMember {
  return { ...textMember(sql), schema, read };
}

/** Moments are shown to the second. */
function momentMember(column: string): SearchMember {
  return { ...plainMember(`date_trunc('second', u.${column})`, 'timestamptz', parseInstant), order: `u.${column}` };
}

function indexed(column: string, read: SearchMember['read'] = asText, unique = false): SearchMember {
  return { ...plainMember(`u.${column}`, 'text', read), indexed: true, unique };
}

const SEX_SCHEMA: ValueSchema = { type: 'string', enum: [...SEXES] };

function addressMember(name: (typeof ADDRESS_MEMBERS)[number]): SearchMember {
  const sql = `(u.address ->> '${name}')`;
  return name === 'countryCode' ? formedMember(sql, COUNTRY_CODE_SCHEMA, readBy(readCountryCode)) : textMember(sql);
}

export const SEARCH_MEMBERS: ReadonlyMap<string, SearchMember> = new Map([
  ['extId', { ...indexed('ext_id', readExternalId, true), schema: EXTERNAL_ID_SCHEMA }],
  // Two login ids that fold alike are one and the same (contract 2.4), and are found as such.
  ['loginId', indexed('login_id_folded', foldCase, true)],
  ['contacts.email', indexed('email')],
  ['name.familyName', indexed('family_name')],
  ['userState', { ...indexed('state', oneOf(USER_STATES)), schema: { type: 'string', enum: [...USER_STATES] } }],
  ['name.title', textMember('u.title')],
  ['name.firstName', textMember('u.first_name')],
  ['languageCode', formedMember('u.language_code', LANGUAGE_CODE_SCHEMA, readBy(readLanguageCode))],
  ['sex', formedMember('u.sex', SEX_SCHEMA, oneOf(SEXES))],
  ['gender', formedMember('u.gender', SEX_SCHEMA, oneOf(SEXES))],
  ['birthDate', formedMember('u.birth_date', CALENDAR_DATE_SCHEMA, readBy(readCalendarDate))],
  ['contacts.telephone', textMember('u.telephone')],
  ['contacts.telefax', textMember('u.telefax')],
  ['contacts.mobile', textMember('u.mobile')],
  ['remarks', textMember('u.remarks')],
  ['modificationComment', textMember('u.modification_comment')],
  ...ADDRESS_MEMBERS.map((name) => [`address.${name}`, addressMember(name)] as const),
  ['validity.from', momentMember('valid_from')],
  ['validity.to', momentMember('valid_to')],
  ['created', momentMember('created')],
  ['lastModified', momentMember('last_modified')],
  ['isTechnicalUser', plainMember('u.is_technical_user', 'boolean', readBoolean)],
  ['version', plainMember('u.version', 'integer', readInteger)],
]);

function plainMember(sql: string, type: ValueType, read: SearchMember['read']): SearchMember {
  const equals = (parameter: string): string => `${sql} = ${parameter}::${type}`;
  return { equals, order: sql, schema: SCHEMAS[type], read, indexed: false, unique: false };
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
