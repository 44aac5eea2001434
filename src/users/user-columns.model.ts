import { ADDRESS_MEMBERS } from './user.rules.js';

/**
 * The columns of users as CSV that an import takes. Names of properties are chosen by callers, so that all of them are in
 * one column.
 */
export const IMPORTED_USER_COLUMNS: readonly string[] = [
  'userExtId',
  'loginId',
  'userState',
  'languageCode',
  'isTechnicalUser',
  'name.title',
  'name.firstName',
  'name.familyName',
  'sex',
  'gender',
  'birthDate',
  ...ADDRESS_MEMBERS.map((name) => `address.${name}`),
  'contacts.telephone',
  'contacts.telefax',
  'contacts.mobile',
  'contacts.email',
  'validity.from',
  'validity.to',
  'properties',
  'remarks',
  'modificationComment',
];

/** What only the server sets. */
export const READ_ONLY_USER_COLUMNS: readonly string[] = ['created', 'lastModified', 'version'];
