import { expect, test } from 'vitest';

import type { Actor } from '../common/actor.js';
import type { Permission } from '../common/permission.js';
import { decideAccess, mayActAsSelf, modeWithoutClient, type RequiredRights, type Subject } from './access.rules.js';

const actor = (permissions: readonly Permission[], dataRoom: Actor['dataRoom'] = new Set(['100'])): Actor => ({
  userExtId: 'jane',
  clientExtId: '100',
  permissions: new Set(permissions),
  dataRoom,
});

const required = (others: Partial<RequiredRights> = {}): RequiredRights => ({
  permissions: ['CredentialView', 'CredentialModify'],
  selfAdmin: 'denied',
  dataRoom: 'clientInPath',
  ...others,
});

const subject = (clientExtId?: string, userExtId?: string): Subject => ({ clientExtId, userExtId });

const RIGHTS: readonly Permission[] = ['CredentialView', 'CredentialModify'];

test.each([
  ['ok/all rights in a client of the data room', actor(RIGHTS), required(), subject('100', 'else'), 'administrator'],
  ['ok/a data room of all clients', actor(RIGHTS, 'all'), required(), subject('200', 'else'), 'administrator'],
  [
    'ok/all clients where all are needed',
    actor(RIGHTS, 'all'),
    required({ dataRoom: 'everyClient' }),
    subject(),
    'administrator',
  ],
  [
    'ok/all clients where all are needed, with a client in the path',
    actor(RIGHTS, 'all'),
    required({ dataRoom: 'everyClient' }),
    subject('100'),
    'administrator',
  ],
  [
    'fail/the client in the path where all are needed',
    actor(RIGHTS),
    required({ dataRoom: 'everyClient' }),
    subject('100'),
    'errors.dataroomDenied',
  ],
  ['ok/no client is concerned', actor(RIGHTS, new Set()), required({ dataRoom: 'none' }), subject(), 'administrator'],
  ['fail/one right is missing', actor(['CredentialView']), required(), subject('100'), 'errors.permissionDenied'],
  ['fail/another client', actor(RIGHTS), required(), subject('200'), 'errors.dataroomDenied'],
  ['fail/a data room of no client', actor(RIGHTS, new Set()), required(), subject('100'), 'errors.dataroomDenied'],
  ['fail/a path that names no client', actor(RIGHTS, 'all'), required(), subject(), 'errors.dataroomDenied'],
  [
    'fail/some clients where all are needed',
    actor(RIGHTS),
    required({ dataRoom: 'everyClient' }),
    subject(),
    'errors.dataroomDenied',
  ],
])('4.3 %s', (_, caller, rights, about, expected) => {
  const decided = decideAccess(caller, rights, about);
  expect(typeof decided === 'string' ? decided : decided.code).toBe(expected);
});

test.each([
  [
    'fail/a right is missing',
    actor([]),
    required(),
    'This requires AccessControl.CredentialView and AccessControl.CredentialModify.',
  ],
  ['fail/another client', actor(RIGHTS), required(), "The client is not in the caller's data room."],
  [
    'fail/not all clients',
    actor(RIGHTS),
    required({ dataRoom: 'everyClient' }),
    'This requires a data room of all clients.',
  ],
])('4.3 the refusal says what is required: %s', (_, caller, rights, message) => {
  expect(decideAccess(caller, rights, subject('200'))).toMatchObject({ message });
});

test.each<[string, readonly Permission[], string]>([
  ['SelfAdmin and nothing else', ['SelfAdmin'], 'selfAdmin'],
  ['no right at all', [], 'selfAdmin'],
  ['any other right', ['UserView'], 'administrator'],
  ['SelfAdmin and another right', ['SelfAdmin', 'UserView'], 'administrator'],
])('4.4 the mode on a route that concerns no client, with %s', (_, permissions, mode) => {
  expect(modeWithoutClient(actor(permissions))).toBe(mode);
  const rights = required({ permissions: [], dataRoom: 'none' });
  expect(decideAccess(actor(permissions), rights, subject())).toBe(mode);
});

test.each([
  ['allowed', true],
  ['withXToken', true],
  ['denied', false],
] as const)('4.4 users on their own record where self-administration is %s: %s', (selfAdmin, expected) => {
  expect(mayActAsSelf(actor(['SelfAdmin']), required({ selfAdmin }), subject('100', 'jane'))).toBe(expected);
});

test.each([
  ['ok/own record', actor(['SelfAdmin']), subject('100', 'jane'), 'selfAdmin'],
  [
    'ok/own record outside the data room',
    actor([...RIGHTS, 'SelfAdmin'], new Set()),
    subject('100', 'jane'),
    'selfAdmin',
  ],
  ['ok/rights precede the self-admin mode', actor([...RIGHTS, 'SelfAdmin']), subject('100', 'jane'), 'administrator'],
  ['fail/another user', actor(['SelfAdmin']), subject('100', 'else'), 'errors.permissionDenied'],
  ['fail/another client', actor(['SelfAdmin']), subject('200', 'jane'), 'errors.permissionDenied'],
  ['fail/a path that names no user', actor(['SelfAdmin']), subject('100'), 'errors.permissionDenied'],
  ['fail/without SelfAdmin', actor([]), subject('100', 'jane'), 'errors.permissionDenied'],
])('4.4 %s', (_, caller, about, expected) => {
  const decided = decideAccess(caller, required({ selfAdmin: 'allowed' }), about);
  expect(typeof decided === 'string' ? decided : decided.code).toBe(expected);
});
