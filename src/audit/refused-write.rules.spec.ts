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

const CLIENT = 'clientExtId';
const CERTIFICATE = { kind: 'certificate', parameters: { client: CLIENT, user: 'userExtId', extId: 'extId' } } as const;

const refusal = (members: Partial<Refusal> = {}): Refusal => ({
  audited: CERTIFICATE,
  parameters: { clientExtId: '100', userExtId: 'u-1', extId: 'cert-1' },
  dryRun: false,
  codes: ['errors.permissionDenied'],
  actor: actor(),
  ...members,
});

test.each<[string, Partial<Refusal>, { kind: string; extId: string; userExtId?: string }]>([
  ['a certificate', {}, { kind: 'certificate', extId: 'cert-1', userExtId: 'u-1' }],
  [
    'the user for whom one was to be created',
    {
      audited: { kind: 'user', parameters: { client: CLIENT, user: 'userExtId', extId: 'userExtId' } },
      parameters: { clientExtId: '100', userExtId: 'u-1' },
    },
    { kind: 'user', extId: 'u-1', userExtId: 'u-1' },
  ],
  [
    'a policy',
    {
      audited: { kind: 'policy', parameters: { client: CLIENT, extId: 'extId' } },
      parameters: { clientExtId: '100', extId: 'p-1' },
    },
    { kind: 'policy', extId: 'p-1' },
  ],
  [
    'a key store, which the route calls a certificate',
    {
      audited: { kind: 'keyStore', parameters: { client: 'accountId', extId: 'certificateId' } },
      parameters: { accountId: '100', certificateId: '2628739923' },
    },
    { kind: 'keyStore', extId: '2628739923' },
  ],
  [
    'a client',
    { audited: { kind: 'client', parameters: { client: CLIENT, extId: CLIENT } }, parameters: { clientExtId: '100' } },
    { kind: 'client', extId: '100' },
  ],
])('10.1 a refusal is recorded for %s', (_, members, resource) => {
  const write = refusedWrite(refusal(members));
  expect(write).toEqual({
    clientExtId: '100',
    event: { action: 'refused', code: 'errors.permissionDenied', ...resource },
  });
});

test('10.3 a refusal about a password is recorded for its user, with a request to look up the password', () => {
  const audited = { kind: 'password', parameters: { client: CLIENT, user: 'userExtId' } } as const;
  const write = refusedWrite(refusal({ audited, parameters: { clientExtId: '100', userExtId: 'u-1' } }));
  expect(write).toMatchObject({ event: { kind: 'user', extId: 'u-1', userExtId: 'u-1' }, passwordOf: 'u-1' });
});

test.each([
  'errors.unauthenticated',
  'errors.permissionDenied',
  'errors.optimisticLockingFailure',
  'errors.certificatePolicyViolated',
  'errors.pwdPolicyViolated',
  'errors.policyViolation',
] as const)('10.1 %s is recorded, also among other errors', (code) => {
  expect(refusedWrite(refusal({ codes: ['errors.stateTransitionDenied', code] }))?.event.code).toBe(code);
});

test.each<[string, Partial<Refusal>]>([
  ['a dry run', { dryRun: true }],
  ['the data room', { codes: ['errors.dataroomDenied'] }],
  ['a malformed request', { codes: ['errors.invalidData', 'errors.duplicateValue'] }],
  ['a missing right in a client outside the data room', { actor: actor({ dataRoom: new Set(['200']) }) }],
  [
    'a client that the path does not name',
    { parameters: { userExtId: 'u-1', extId: 'cert-1' }, actor: actor({ dataRoom: 'all' }) },
  ],
  [
    'of a creation whose resource has no id yet',
    { audited: { kind: 'policy', parameters: { client: CLIENT } }, parameters: { clientExtId: '100' } },
  ],
  ['a missing right in the own client with an empty data room', { actor: actor({ dataRoom: new Set() }) }],
])('10.1 a refusal is not recorded: %s', (_, members) => {
  expect(refusedWrite(refusal(members))).toBeUndefined();
});

test('10.1 refusals of self-admins are recorded for their own records only', () => {
  const own = actor({ userExtId: 'u-1', dataRoom: new Set(), permissions: new Set<Permission>(['SelfAdmin']) });
  expect(refusedWrite(refusal({ actor: own, codes: ['errors.unauthenticated'] }))).toBeDefined();
  expect(refusedWrite(refusal({ actor: { ...own, userExtId: 'u-2' } }))).toBeUndefined();
  expect(refusedWrite(refusal({ actor: { ...own, clientExtId: '200' } }))).toBeUndefined();
  expect(refusedWrite(refusal({ actor: { ...own, permissions: new Set<Permission>() } }))).toBeUndefined();
});
