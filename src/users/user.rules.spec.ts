import { describe, expect, it } from 'vitest';

import {
  decideUserUpdate,
  mergeUser,
  newUser,
  planUpdate,
  presentMembers,
  checkUser,
  userMembers,
  type SentUser,
  type UserMember,
} from './user.rules.js';
import type { UserColumns } from './user.table.js';

const FROM = new Date('2026-01-01T00:00:00Z');
const TO = new Date('2026-12-31T00:00:00Z');

const STORED: UserColumns = {
  ...newUser({}, 'jane'),
  title: 'Dr.',
  firstName: 'Jane',
  familyName: 'Doe',
  address: { city: 'Bern', countryCode: 'CH' },
  telephone: '1',
  email: 'jane@example.com',
  validFrom: FROM,
  validTo: TO,
  properties: { costCentre: '4711', floor: '3' },
  remarks: 'pilot',
};

describe('mergeUser', () => {
  it.each<[string, SentUser, Partial<UserColumns>, readonly UserMember[]]>([
    ['ok/nothing sent', {}, {}, []],
    ['ok/one member of the name', { name: { familyName: 'Roe' } }, { familyName: 'Roe' }, ['name']],
    ['ok/a first name', { name: { firstName: 'Joan' } }, { firstName: 'Joan' }, ['name']],
    ['ok/null clears one', { name: { title: null } }, { title: null }, ['name']],
    ['ok/null clears a whole name', { name: null }, { title: null, firstName: null, familyName: null }, ['name']],
    ['ok/an empty name changes nothing', { name: {} }, {}, []],
    ['ok/contacts', { contacts: { mobile: '2', telephone: null } }, { mobile: '2', telephone: null }, ['contacts']],
    ['ok/a fax number', { contacts: { telefax: '3' } }, { telefax: '3' }, ['contacts']],
    ['ok/one end of the validity', { validity: { to: null } }, { validTo: null }, ['validity']],
    ['ok/the other end of the validity', { validity: { from: null } }, { validFrom: null }, ['validity']],
    ['ok/no validity', { validity: null }, { validFrom: null, validTo: null }, ['validity']],
    ['ok/address', { address: { city: 'Basel' } }, { address: { city: 'Basel', countryCode: 'CH' } }, ['address']],
    ['ok/a cleared address', { address: { city: null, countryCode: null } }, { address: null }, ['address']],
    ['ok/a property', { properties: { floor: '' } }, { properties: { costCentre: '4711' } }, ['properties']],
    ['ok/a state', { userState: 'disabled' }, { state: 'disabled' }, ['userState']],
    ['ok/no state leaves it', { remarks: null }, { remarks: null }, ['remarks']],
    ['ok/a login id', { loginId: 'JANE' }, { loginId: 'JANE' }, ['loginId']],
    [
      'ok/several',
      { sex: 'female', languageCode: 'EN' },
      { sex: 'female', languageCode: 'EN' },
      ['languageCode', 'sex'],
    ],
  ])('2.5 %s', (_title, sent, expected, changed) => {
    expect(mergeUser(STORED, sent)).toEqual({ ...STORED, ...expected });
    expect(planUpdate(STORED, sent).changed).toEqual(changed);
  });

  it('3.1 ok/sending back what was read changes nothing', () => {
    const sent: SentUser = {
      loginId: 'jane',
      userState: 'active',
      name: { familyName: 'Doe', firstName: 'Jane', title: 'Dr.' },
      contacts: { email: 'jane@example.com', telefax: null },
      address: { countryCode: 'CH', city: 'Bern' },
      validity: { from: new Date(FROM), to: new Date(TO) },
      properties: { floor: '3', costCentre: '4711', unknown: null },
      birthDate: null,
    };
    expect(planUpdate(STORED, sent)).toMatchObject({ changed: [], archives: false });
  });

  it('2.4 ok/a new user is active and not technical, unless the request says otherwise', () => {
    expect(newUser({}, 'generated')).toMatchObject({ loginId: 'generated', state: 'active', isTechnicalUser: false });
    const sent = { loginId: 'own', userState: 'disabled', isTechnicalUser: true, properties: { empty: '' } } as const;
    expect(newUser(sent, 'generated')).toMatchObject({
      loginId: 'own',
      state: 'disabled',
      isTechnicalUser: true,
      properties: null,
    });
  });
});

describe('checkUser', () => {
  it.each<[string, Partial<UserColumns>, readonly string[]]>([
    ['ok/from before to', {}, []],
    ['ok/a single instant', { validTo: FROM }, []],
    ['ok/no start', { validFrom: null, validTo: new Date(-1) }, []],
    ['ok/no end', { validTo: null }, []],
    ['ok/neither', { validFrom: null, validTo: null }, []],
    ['fail/to before from', { validTo: new Date(FROM.getTime() - 1000) }, ['validity.to']],
    [
      'fail/too many properties together with another error',
      {
        validTo: new Date(0),
        properties: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`p${index}`, 'x'])),
      },
      ['validity.to', 'properties'],
    ],
  ])('2.4 %s', (_title, columns, fields) => {
    expect(checkUser({ ...STORED, ...columns }).map(({ field }) => field)).toEqual(fields);
  });
});

it('2.4 fail/the error of a combination says what is wrong with it', () => {
  const properties = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`p${index}`, 'x']));
  expect(checkUser({ ...STORED, validTo: new Date(0), properties })).toEqual([
    { code: 'errors.invalidData', message: 'validity.to is before validity.from.', field: 'validity.to' },
    { code: 'errors.invalidData', message: 'A user can have at most 100 properties.', field: 'properties' },
  ]);
});

describe('userMembers', () => {
  it('2.1 ok/members without a value are left out, also inside sub-objects', () => {
    expect(userMembers(STORED)).toEqual({
      userState: 'active',
      loginId: 'jane',
      isTechnicalUser: false,
      name: { title: 'Dr.', firstName: 'Jane', familyName: 'Doe' },
      address: { city: 'Bern', countryCode: 'CH' },
      contacts: { telephone: '1', email: 'jane@example.com' },
      validity: { from: FROM, to: TO },
      properties: { costCentre: '4711', floor: '3' },
      remarks: 'pilot',
    });
  });

  it('2.1 ok/a sub-object without any value is left out', () => {
    expect(userMembers(newUser({}, 'jane'))).toEqual({ userState: 'active', loginId: 'jane', isTechnicalUser: false });
  });

  it('2.4 ok/members outside sub-objects keep their names', () => {
    const members = { languageCode: 'DE', sex: 'female', gender: 'other', birthDate: '1990-02-28' };
    const comment = { modificationComment: 'moved' };
    expect(userMembers({ ...STORED, ...members, ...comment })).toMatchObject({ ...members, ...comment });
  });
});

it('10.3 ok/the audit event of a new user names the members that have a value', () => {
  expect(presentMembers(newUser({}, 'jane'))).toEqual(['userState', 'loginId', 'isTechnicalUser']);
  const sent: SentUser = { languageCode: 'DE', contacts: { email: 'a@b.ch' } };
  expect(presentMembers(newUser(sent, 'jane'))).toEqual([
    'userState',
    'loginId',
    'languageCode',
    'isTechnicalUser',
    'contacts',
  ]);
});

describe('decideUserUpdate', () => {
  const archived: UserColumns = { ...STORED, state: 'archived' };

  it.each<[string, UserColumns, SentUser, string]>([
    ['ok/archiving', STORED, { userState: 'archived' }, 'changed'],
    ['ok/archiving again', archived, { userState: 'archived' }, 'unchanged'],
    ['ok/nothing', archived, {}, 'unchanged'],
    ['fail/reactivating', archived, { userState: 'active' }, 'errors.recordDeleted'],
    ['fail/any other change', archived, { remarks: null }, 'errors.recordDeleted'],
    ['fail/a rule over several members', STORED, { validity: { to: new Date(0) } }, 'errors.invalidData'],
  ])('2.6 %s', (_title, current, sent, expected) => {
    const decision = decideUserUpdate(current, sent);
    expect(decision.kind === 'refused' ? decision.errors.map(({ code }) => code).join() : decision.kind).toBe(expected);
  });

  it('2.6 fail/the refusal says that an archived user is final', () => {
    const message = 'The user is archived and can no longer be changed.';
    const errors = [{ code: 'errors.recordDeleted', message }];
    expect(decideUserUpdate(archived, { remarks: null })).toEqual({ kind: 'refused', errors });
  });

  it('2.5 only the first archiving removes the credentials', () => {
    expect(planUpdate(STORED, { userState: 'archived' }).archives).toBe(true);
    expect(planUpdate(archived, { userState: 'archived' }).archives).toBe(false);
    expect(planUpdate(STORED, { userState: 'disabled' }).archives).toBe(false);
  });
});
