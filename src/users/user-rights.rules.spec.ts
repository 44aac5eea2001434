import { describe, expect, it } from 'vitest';

import type { Caller } from '../common/actor.js';
import type { Permission } from '../common/permission.js';
import {
  needsXToken,
  selfAdminErrors,
  rightsForCreation,
  rightsForUpdate,
  type UpdateRoute,
} from './user-rights.rules.js';
import { newUser, planUpdate, type SentUser } from './user.rules.js';
import type { UserColumns } from './user.table.js';

const PERSON = { ...newUser({ contacts: { email: 'a@b.ch' } }, 'jane'), remarks: 'pilot' };
const SOFTWARE = { ...PERSON, isTechnicalUser: true };

it.each<[string, Parameters<typeof rightsForCreation>[0], readonly Permission[]]>([
  ['nothing more', {}, []],
  ['a person, explicitly', { isTechnicalUser: false }, []],
  ['a technical user', { isTechnicalUser: true }, ['UserCreateTechUser']],
  ['a login id', { loginId: 'jane' }, ['LoginIdOverride']],
  ['both', { loginId: 'jane', isTechnicalUser: true }, ['UserCreateTechUser', 'LoginIdOverride']],
])('2.4 rights to create: %s', (_title, sent, rights) => {
  expect(rightsForCreation(sent)).toEqual(rights);
});

type RightsRow = [string, UserColumns, Caller['mode'], UpdateRoute, SentUser, readonly Permission[]];

it.each<RightsRow>([
  ['a person', PERSON, 'administrator', 'change', { remarks: null }, []],
  ['a technical user, also without changes', SOFTWARE, 'administrator', 'change', {}, ['UserModifyTechUser']],
  ['a technical user as self-admin', SOFTWARE, 'selfAdmin', 'change', { name: { firstName: 'x' } }, []],
  ['a login id', PERSON, 'administrator', 'change', { loginId: 'other' }, ['LoginIdOverride']],
  ['their own login id', PERSON, 'selfAdmin', 'change', { loginId: 'other' }, ['LoginIdOverride']],
  ['the login id that they have', PERSON, 'administrator', 'change', { loginId: 'jane' }, []],
  ['archiving by U3', PERSON, 'administrator', 'change', { userState: 'archived' }, ['UserView', 'UserArchive']],
  ['archiving themselves', PERSON, 'selfAdmin', 'change', { userState: 'archived' }, ['UserView', 'UserArchive']],
  ['archiving by U5', PERSON, 'administrator', 'archive', { userState: 'archived' }, ['UserView', 'UserArchive']],
  [
    'archiving a technical user by U5, which is not a modification',
    SOFTWARE,
    'administrator',
    'archive',
    { userState: 'archived' },
    ['UserView', 'UserArchive', 'UserArchiveTechUser'],
  ],
  [
    'archiving a technical user by U3',
    SOFTWARE,
    'administrator',
    'change',
    { userState: 'archived' },
    ['UserModifyTechUser', 'UserView', 'UserArchive', 'UserArchiveTechUser'],
  ],
  [
    'archiving an archived technical user',
    { ...SOFTWARE, state: 'archived' },
    'administrator',
    'archive',
    { userState: 'archived' },
    ['UserArchiveTechUser'],
  ],
])('2.5 rights to change: %s', (_title, user, mode, route, sent, rights) => {
  expect(rightsForUpdate(mode, route, user, planUpdate(user, sent))).toEqual(rights);
});

describe('self-admin', () => {
  it.each<[string, SentUser, readonly (string | undefined)[]]>([
    ['ok/name, address, contacts, language', { name: null, address: { city: 'x' }, languageCode: 'DE' }, []],
    ['ok/remarks as they are', { remarks: 'pilot' }, []],
    ['ok/a comment', { modificationComment: 'moved' }, []],
    ['fail/remarks', { remarks: 'mine' }, ['remarks']],
    ['fail/a longer validity', { validity: { to: new Date(0) } }, ['validity']],
    ['fail/properties and remarks at once', { properties: { role: 'boss' }, remarks: null }, ['properties', 'remarks']],
  ])('4.4 %s', (_title, sent, fields) => {
    expect(selfAdminErrors(planUpdate(PERSON, sent)).map(({ field }) => field)).toEqual(fields);
  });

  it('4.4 fail/the refusal names the member', () => {
    expect(selfAdminErrors(planUpdate(PERSON, { remarks: 'mine' }))).toEqual([
      { code: 'errors.permissionDenied', message: 'A user may not change their own remarks.', field: 'remarks' },
    ]);
  });

  it.each<[string, SentUser, boolean]>([
    ['ok/neither e-mail nor state', { name: { firstName: 'x' } }, false],
    ['ok/the e-mail that they have', { contacts: { email: 'a@b.ch', mobile: '1' } }, false],
    ['ok/the state that they have', { userState: 'active' }, false],
    ['fail/a new e-mail', { contacts: { email: 'A@b.ch' } }, true],
    ['fail/no e-mail', { contacts: { email: null } }, true],
    ['fail/no contacts', { contacts: null }, true],
    ['fail/another state', { userState: 'disabled' }, true],
  ])('4.5 %s', (_title, sent, needed) => {
    expect(needsXToken(PERSON, planUpdate(PERSON, sent))).toBe(needed);
  });
});
