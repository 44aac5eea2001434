import { expect, test } from 'vitest';

import type { Actor } from '../common/actor.js';
import type { Permission } from '../common/permission.js';
import { decideAccess, type RequiredRights, type Subject } from './access.rules.js';

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
  ['ok/all rights in a client of their data room', actor(RIGHTS), required(), subject('100', 'else'), 'administrator'],
  ['ok/a data room of all clients', actor(RIGHTS, 'all'), required(), subject('200', 'else'), 'administrator'],
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
  ['ok/their own record', actor(['SelfAdmin']), subject('100', 'jane'), 'selfAdmin'],
  [
    'ok/their own record, outside their data room',
    actor([...RIGHTS, 'SelfAdmin'], new Set()),
    subject('100', 'jane'),
    'selfAdmin',
  ],
  ['ok/rights come first', actor([...RIGHTS, 'SelfAdmin']), subject('100', 'jane'), 'administrator'],
  ['fail/another user', actor(['SelfAdmin']), subject('100', 'else'), 'errors.permissionDenied'],
  ['fail/another client', actor(['SelfAdmin']), subject('200', 'jane'), 'errors.permissionDenied'],
  ['fail/a path that names no user', actor(['SelfAdmin']), subject('100'), 'errors.permissionDenied'],
  ['fail/without SelfAdmin', actor([]), subject('100', 'jane'), 'errors.permissionDenied'],
])('4.4 %s', (_, caller, about, expected) => {
  const decided = decideAccess(caller, required({ selfAdmin: 'allowed' }), about);
  expect(typeof decided === 'string' ? decided : decided.code).toBe(expected);
});
