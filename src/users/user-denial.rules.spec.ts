import { expect, it } from 'vitest';

import { NO_DENIAL } from '../denials/denial.model.js';
import { type DeniableUser, denialOfUser } from './user-denial.rules.js';

const TIME = new Date('2026-06-01T12:00:00Z');
const JANE: DeniableUser = {
  state: 'active',
  validFrom: TIME,
  validTo: null,
  loginId: 'jane',
  firstName: 'Jane',
  familyName: 'Doe',
  email: null,
};
const DENIED = { kind: 'user', value: 'jane-1' };

it.each<[string, Partial<DeniableUser>, Partial<DeniableUser> | undefined, object]>([
  ['nothing that decides', {}, { validFrom: new Date(TIME) }, NO_DENIAL],
  ['disabled', {}, { state: 'disabled' }, DENIED],
  ['archived', {}, { state: 'archived' }, DENIED],
  ['deleted', {}, undefined, DENIED],
  ['valid until a time', {}, { validTo: TIME }, DENIED],
  ['valid from another time', {}, { validFrom: null }, DENIED],
  ['another login id, which a policy may compare', {}, { loginId: 'jd' }, DENIED],
  ['another first name', {}, { firstName: 'J.' }, DENIED],
  ['another family name', {}, { familyName: 'Roe' }, DENIED],
  ['another e-mail address', {}, { email: 'jane@acme.example' }, DENIED],
  ['enabled', { state: 'disabled' }, { state: 'active' }, NO_DENIAL],
  ['deleted after being disabled', { state: 'disabled' }, undefined, NO_DENIAL],
])('15.8 what a change of a user denies: %s', (_title, before, after, expected) => {
  const was = { ...JANE, ...before };
  expect(denialOfUser('jane-1', was, after && { ...was, ...after })).toEqual(expected);
});
