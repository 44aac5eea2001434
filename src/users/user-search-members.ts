import { isExternalId } from '../common/external-id.js';
import { foldCase } from '../common/fold-case.js';
import { parseInstant } from '../common/instant.js';
import { INT32_MAX } from '../common/int32.js';
import { boolean, type Column, identifier, instant, integer, json } from '../database/column.js';
import { parameter, returns, type Sql, sql } from '../database/sql.js';
import { hasPart } from '../database/text-parts.js';
import type { MemberReader } from '../http/members.js';
import { EXTERNAL_ID_SCHEMA } from '../http/openapi/schemas.js';
import {
  CALENDAR_DATE_SCHEMA,
  COUNTRY_CODE_SCHEMA,
  LANGUAGE_CODE_SCHEMA,
  readCalendarDate,
  readCountryCode,
  readLanguageCode,
} from './user-member.js';
import { foldedStart } from './user-search.rules.js';
import { ADDRESS_MEMBERS } from './user.rules.js';
import { SEXES, USER_STATES } from './user.table.js';

interface ValueSchema {
  readonly type: 'string' | 'boolean' | 'integer';
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: string[];
  readonly minimum?: number;
}

const TYPES = {
  text: { column: identifier(), schema: { type: 'string' } },
  boolean: { column: boolean(), schema: { type: 'boolean' } },
  integer: { column: integer(), schema: { type: 'integer', format: 'int32', minimum: 0 } },
  instant: { column: instant(), schema: { type: 'string', format: 'date-time' } },
} as const satisfies Record<string, { readonly column: Column; readonly schema: ValueSchema }>;

/** The values of filters by the names with which they were sent. */
export type SearchValues = Readonly<Record<string, unknown>>;

/** A condition of C6. */
export interface SearchCondition {
  /** The parameter with this name is the value. */
  readonly condition: (name: string) => Sql<SearchValues>;
  /** Whether an index finds its rows in the order of the pages, however many there are. */
  readonly indexed: boolean;
}

/** A member that C6 filters and sorts by (contract 8.3). */
export interface SearchMember extends SearchCondition {
  /** The condition that the member begins with a value, and how its beginnings are folded; only of some members. */
  readonly begins?: SearchCondition & { readonly fold: (text: string) => string };
  /** The expression to sort by; the order is the same in every installation. */
  readonly order: string;
  /** The schema of its values for the OpenAPI document. */
  readonly schema: ValueSchema;
  /** Parses the value of a filter; undefined if the text is not a value of the member. */
  readonly read: (text: string) => unknown;
  /** Whether the value is unique within a client. */
  readonly unique: boolean;
}

const asText = (text: string): string => text;

/** An impossible value is refused: an empty list would suggest that it is valid. */
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

function textMember(expression: string): SearchMember {
  return { ...plainMember(expression, 'text', asText), order: `${expression} collate "C"` };
}

/** Text that must match a schema. */
function formattedMember(expression: string, schema: ValueSchema, read: SearchMember['read']): SearchMember {
  return { ...textMember(expression), schema, read };
}

/** Instants are returned in seconds, so they are compared in seconds. */
function instantMember(column: string): SearchMember {
  return { ...plainMember(`date_trunc('second', u.${column})`, 'instant', parseInstant), order: `u.${column}` };
}

function indexed(column: string, read: SearchMember['read'] = asText, unique = false): SearchMember {
  return { ...plainMember(`u.${column}`, 'text', read), indexed: true, unique };
}

/** `folded` is the column of the folded values, which an index has, but not in the order of the pages. */
function withBeginnings(member: SearchMember, folded: string, fold: (text: string) => string): SearchMember {
  return { ...member, begins: { condition: comparison(`u.${folded}`, '^@', identifier()), indexed: false, fold } };
}

/** Users of whom a text contains the value (contract 8.3). */
export const PART: SearchCondition = {
  condition: (name) => hasPart(returns<unknown>('u.search_text'), parameter<string, unknown>(name, identifier())),
  indexed: false,
};

const SEX_SCHEMA: ValueSchema = { type: 'string', enum: [...SEXES] };

function addressMember(name: (typeof ADDRESS_MEMBERS)[number]): SearchMember {
  const column = `(u.address ->> '${name}')`;
  if (name !== 'countryCode') return textMember(column);
  return formattedMember(column, COUNTRY_CODE_SCHEMA, readBy(readCountryCode));
}

export const SEARCH_MEMBERS: ReadonlyMap<string, SearchMember> = new Map([
  ['extId', { ...indexed('ext_id', readExternalId, true), schema: EXTERNAL_ID_SCHEMA }],
  // Two login ids with the same folded form are equal (contract 2.4).
  ['loginId', withBeginnings(indexed('login_id_folded', foldCase, true), 'login_id_folded', foldCase)],
  ['contacts.email', withBeginnings(indexed('email'), 'email_folded', foldedStart)],
  ['name.familyName', withBeginnings(indexed('family_name'), 'family_name_folded', foldedStart)],
  ['userState', { ...indexed('state', oneOf(USER_STATES)), schema: { type: 'string', enum: [...USER_STATES] } }],
  ['name.title', textMember('u.title')],
  ['name.firstName', textMember('u.first_name')],
  ['languageCode', formattedMember('u.language_code', LANGUAGE_CODE_SCHEMA, readBy(readLanguageCode))],
  ['sex', formattedMember('u.sex', SEX_SCHEMA, oneOf(SEXES))],
  ['gender', formattedMember('u.gender', SEX_SCHEMA, oneOf(SEXES))],
  ['birthDate', formattedMember('u.birth_date', CALENDAR_DATE_SCHEMA, readBy(readCalendarDate))],
  ['contacts.telephone', textMember('u.telephone')],
  ['contacts.telefax', textMember('u.telefax')],
  ['contacts.mobile', textMember('u.mobile')],
  ['remarks', textMember('u.remarks')],
  ['modificationComment', textMember('u.modification_comment')],
  ...ADDRESS_MEMBERS.map((name) => [`address.${name}`, addressMember(name)] as const),
  ['validity.from', instantMember('valid_from')],
  ['validity.to', instantMember('valid_to')],
  ['created', instantMember('created')],
  ['lastModified', instantMember('last_modified')],
  ['isTechnicalUser', plainMember('u.is_technical_user', 'boolean', readBoolean)],
  ['version', plainMember('u.version', 'integer', readInteger)],
]);

/** The expression is SQL from this file, never text from a caller. */
function plainMember(expression: string, type: keyof typeof TYPES, read: SearchMember['read']): SearchMember {
  const { column, schema } = TYPES[type];
  return {
    condition: comparison(expression, '=', column),
    order: expression,
    schema,
    read,
    indexed: false,
    unique: false,
  };
}

function comparison(expression: string, operator: string, column: Column): SearchCondition['condition'] {
  return (name) => sql`${returns<unknown>(`${expression} ${operator}`)} ${parameter<string, unknown>(name, column)}`;
}

function readBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function readInteger(text: string): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= INT32_MAX ? value : undefined;
}

/** The prefix of a filter by property; the rest is the name of the property. */
export const PROPERTY_PREFIX = 'properties.';

/**
 * Properties can be filtered but not sorted. Callers choose their names, which are passed only as values, never in SQL.
 */
export function propertyFilter(property: string): SearchCondition & Pick<SearchMember, 'read'> {
  return {
    condition: (name) => sql`u.properties @> ${parameter<string, unknown>(name, json())}`,
    read: (text) => ({ [property]: text }),
    indexed: false,
  };
}
