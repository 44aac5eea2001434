import { expect, test } from 'vitest';

import type { Actor } from '../common/actor.js';
import type { Permission } from '../common/permission.js';
import { type Refusal, refusedWrite } from './refused-write.rules.js';

const actor = (members: Partial<Actor> = {}): Actor => ({
  userExtId: 'helper-7',
  clientExtId: '100',
  permissions: new Set<Permission>(),
  dataRoom: new Set(['100']),
  ...members,
});

const CERTIFICATE = '/nevisidm/api/core/v1/:clientExtId/users/:userExtId/certificates/:extId';

const refusal = (members: Partial<Refusal> = {}): Refusal => ({
  method: 'PATCH',
  route: CERTIFICATE,
  parameters: { clientExtId: '100', userExtId: 'u-1', extId: 'cert-1' },
  dryRun: false,
  codes: ['errors.permissionDenied'],
  actor: actor(),
  ...members,
});

test.each<[string, Partial<Refusal>, { kind: string; extId: string; userExtId?: string }]>([
  ['a certificate', {}, { kind: 'certificate', extId: 'cert-1', userExtId: 'u-1' }],
  [
    'what is inside one',
    { route: `${CERTIFICATE}/properties` },
    { kind: 'certificate', extId: 'cert-1', userExtId: 'u-1' },
  ],
  [
    'the user in which one was to be created',
    { method: 'POST', route: CERTIFICATE.replace('/:extId', ''), parameters: { clientExtId: '100', userExtId: 'u-1' } },
    { kind: 'user', extId: 'u-1', userExtId: 'u-1' },
  ],
  [
    'a policy',
    { route: '/nevisidm/api/core/v1/:clientExtId/policies/:extId', parameters: { clientExtId: '100', extId: 'p-1' } },
    { kind: 'policy', extId: 'p-1' },
  ],
  [
    'a key store, which its account calls a certificate',
    {
      method: 'DELETE',
      route: '/mtls/account/:accountId/certificates/:certificateId',
      parameters: { accountId: '100', certificateId: '2628739923' },
    },
    { kind: 'keyStore', extId: '2628739923' },
  ],
  [
    'a client',
    { method: 'DELETE', route: '/nevisidm/api/core/v1/clients/:clientExtId', parameters: { clientExtId: '100' } },
    { kind: 'client', extId: '100' },
  ],
])('10.1 a refusal stands at %s', (_, members, resource) => {
  const write = refusedWrite(refusal(members));
  expect(write).toEqual({
    clientExtId: '100',
    event: { action: 'refused', code: 'errors.permissionDenied', ...resource },
  });
});

test('10.3 a refusal about a password stands at its user, and says that the password is to be looked for', () => {
  const route = '/nevisidm/api/core/v1/:clientExtId/users/:userExtId/password';
  const write = refusedWrite(refusal({ route, parameters: { clientExtId: '100', userExtId: 'u-1' } }));
  expect(write).toMatchObject({ event: { kind: 'user', extId: 'u-1', userExtId: 'u-1' }, passwordOf: 'u-1' });
});

test.each([
  'errors.unauthenticated',
  'errors.permissionDenied',
  'errors.optimisticLockingFailure',
  'errors.certificatePolicyViolated',
  'errors.pwdPolicyViolated',
  'errors.policyViolation',
] as const)('10.1 %s is recorded, also beside others', (code) => {
  expect(refusedWrite(refusal({ codes: ['errors.stateTransitionDenied', code] }))?.event.code).toBe(code);
});

test.each<[string, Partial<Refusal>]>([
  ['a read', { method: 'GET' }],
  ['a dry run', { dryRun: true }],
  ['the data room', { codes: ['errors.dataroomDenied'] }],
  ['a malformed request', { codes: ['errors.invalidData', 'errors.duplicateValue'] }],
  ['a right in a client that is out of reach', { actor: actor({ dataRoom: new Set(['200']) }) }],
  ['a right in their own client without any data room', { actor: actor({ dataRoom: new Set() }) }],
  ['what belongs to no client', { route: '/nevisidm/api/core/v1/clients', parameters: {} }],
])('10.1 a refusal of %s is not recorded', (_, members) => {
  expect(refusedWrite(refusal(members))).toBeUndefined();
});

test('10.1 a self-admin reaches what is their own, and no more', () => {
  const own = actor({ userExtId: 'u-1', dataRoom: new Set(), permissions: new Set<Permission>(['SelfAdmin']) });
  expect(refusedWrite(refusal({ actor: own, codes: ['errors.unauthenticated'] }))).toBeDefined();
  expect(refusedWrite(refusal({ actor: { ...own, userExtId: 'u-2' } }))).toBeUndefined();
});
