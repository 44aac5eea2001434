import type { TextMembers } from '../common/text-members.js';
import { boolean, identifier, instant, integer, json, nullable, text, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import { VERSIONED } from '../database/versioned.js';

export const USER_STATES = ['active', 'disabled', 'archived'] as const;
export const SEXES = ['male', 'female', 'other'] as const;
export type UserState = (typeof USER_STATES)[number];

/** The columns that a request can set and change. */
const SETTABLE = {
  loginId: identifier(),
  state: identifier<UserState>(),
  languageCode: nullable(identifier()),
  title: nullable(text()),
  firstName: nullable(text()),
  familyName: nullable(identifier()),
  sex: nullable(identifier()),
  gender: nullable(identifier()),
  /** `YYYY-MM-DD`. */
  birthDate: nullable(identifier()),
  address: nullable(json<TextMembers>()),
  telephone: nullable(text()),
  telefax: nullable(text()),
  mobile: nullable(text()),
  email: nullable(identifier()),
  validFrom: nullable(instant()),
  validTo: nullable(instant()),
  properties: nullable(json<TextMembers>()),
  remarks: nullable(text()),
  modificationComment: nullable(text()),
};

/** What the server writes for searches (`user-search.rules.ts`); null until a row has been read for it. */
const SEARCH = {
  familyNameFolded: nullable(identifier()),
  emailFolded: nullable(identifier()),
  searchText: nullable(identifier()),
  /** The version whose values these columns hold: older than `version` if an older server has changed the row. */
  searchVersion: nullable(integer()),
};

export const USERS = table(
  'users',
  {
    clientExtId: identifier(),
    extId: identifier(),
    generation: uuid(),
    /** Folded by the server (NFKC and case folding), not by a collation of the database (contract 2.4). */
    loginIdFolded: identifier(),
    isTechnicalUser: boolean(),
    ...SETTABLE,
    ...VERSIONED,
    ...SEARCH,
  },
  {
    primaryKey: { name: 'users_pk', columns: ['clientExtId', 'extId'] },
    uniques: [{ name: 'users_login_id_unique', columns: ['clientExtId', 'loginIdFolded'] }],
    indexes: [
      { name: 'users_page', columns: ['clientExtId', 'created', 'extId'] },
      { name: 'users_email', columns: ['clientExtId', 'email', 'created', 'extId'] },
      { name: 'users_family_name', columns: ['clientExtId', 'familyName', 'created', 'extId'] },
      { name: 'users_state', columns: ['clientExtId', 'state', 'created', 'extId'] },
      {
        name: 'users_email_folded',
        columns: ['clientExtId', 'emailFolded', 'created', 'extId'],
        where: '(email_folded IS NOT NULL)',
      },
      {
        name: 'users_family_name_folded',
        columns: ['clientExtId', 'familyNameFolded', 'created', 'extId'],
        where: '(family_name_folded IS NOT NULL)',
      },
    ],
    otherIndexes: ['users_text_trigrams'],
    foreignKeys: [{ name: 'users_client_fk', columns: ['clientExtId'], to: 'clients', toColumns: ['extId'] }],
    checks: [{ name: 'users_state_check', expression: `state in ('active', 'disabled', 'archived')` }],
  },
);

export const SETTABLE_COLUMNS = Object.keys(SETTABLE) as readonly (keyof typeof SETTABLE)[];

/** The columns that are only searched by. */
export const SEARCH_COLUMNS = Object.keys(SEARCH) as readonly (keyof typeof SEARCH)[];

/** The columns that are read. */
export const USER_COLUMNS = USERS.columnNames.filter(isRead);
export type UserRow = Pick<RowOf<typeof USERS>, (typeof USER_COLUMNS)[number]>;

/** The columns that a request sets, without those that the server maintains for every resource. */
export type UserColumns = Pick<UserRow, (typeof SETTABLE_COLUMNS)[number] | 'isTechnicalUser'>;

/** The path parameters of a user. */
export interface UserPath {
  readonly clientExtId: string;
  readonly userExtId: string;
}

function isRead<Name extends keyof typeof USERS.columns>(
  name: Name,
): name is Exclude<Name, 'loginIdFolded' | keyof typeof SEARCH> {
  return name !== 'loginIdFolded' && !(name in SEARCH);
}
