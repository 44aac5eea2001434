import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CredentialRow } from '../../src/credentials/credential.table.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, send } from '../support/http.js';

let fixture: Fixture;
let token: string;
let xToken: string;

const STATES = ['initial', 'active', 'tmp-locked', 'fail-locked', 'reset-code', 'admin-changed', 'disabled'] as const;

beforeAll(async () => {
  fixture = await Fixture.start();
  token = await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  xToken = await fixture.app.xToken('helper-7');
});

afterAll(async () => await fixture.app.close());

const self = async (method: string, path: string, body?: object): Promise<Answer> =>
  await send(fixture.app, method, path, { token, xToken, ...(body === undefined ? {} : { body }) });

test.each(STATES)('5.1 an administrator moves a credential from %s to each other state and back', async (from) => {
  const path = await fixture.register(`from-${from}`, { stateName: from });
  expect((await fixture.read(path)).body.stateName).toBe(from);
  let version = 1;
  for (const to of STATES) {
    if (to === from) continue;
    const there = await fixture.patch(path, { stateName: to, version });
    expect([there.status, there.body]).toMatchObject([200, { stateName: to, version: version + 1 }]);
    const back = await fixture.patch(path, { stateName: from, version: version + 1 });
    expect([back.status, back.body]).toMatchObject([200, { stateName: from, version: version + 2 }]);
    version += 2;
  }
});

test.each(STATES)('5.1 a self-admin can make only the allowed changes from %s', async (from) => {
  const path = await fixture.register(`own-from-${from}`, { stateName: from });
  for (const to of STATES) {
    if (to === from) continue;
    const allowed = to === 'disabled' || (to === 'active' && (from === 'initial' || from === 'admin-changed'));
    const answer = await self('PATCH', `${path}?dryRun=true`, { stateName: to });
    if (allowed) expect([answer.status, answer.body]).toMatchObject([200, { stateName: to }]);
    else expect([to, answer.status, codesOf(answer)]).toEqual([to, 422, ['errors.stateTransitionDenied']]);
  }
});

test('5.1 PATCH can neither archive nor reactivate an archived credential', async () => {
  const path = await fixture.register('to-archive');
  expect(codesOf(await fixture.patch(path, { stateName: 'archived' }))).toEqual(['errors.invalidData']);
});

test.each([
  ['temporarily locked', { stateName: 'tmp-locked' }],
  ['locked', { stateName: 'fail-locked' }],
  ['disabled by an administrator', { stateName: 'disabled' }],
])('5.1 a self-admin can neither delete nor replace a credential that is %s', async (_, body) => {
  const path = await fixture.register(`held-${body.stateName}`, body);
  const stored = await fixture.stored();
  for (const answer of [
    await self('DELETE', path),
    await self('PATCH', path, { certificate: await fixture.pem('free') }),
  ]) {
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.stateTransitionDenied']]);
  }
  expect(await fixture.stored()).toBe(stored);
});

test('5.1 a self-admin who disables a locked credential cannot delete or replace it either', async () => {
  const path = await fixture.register('out-of-lock', { stateName: 'fail-locked' });
  expect((await self('PATCH', path, { stateName: 'disabled' })).body.stateName).toBe('disabled');
  for (const answer of [
    await self('DELETE', path),
    await self('PATCH', path, { certificate: await fixture.pem('free') }),
  ]) {
    expect(codesOf(answer)).toEqual(['errors.stateTransitionDenied']);
  }
  expect((await fixture.patch(path, { stateName: 'active' })).body.stateName).toBe('active');
});

test('5.1 self-admins may replace and delete a credential that they disabled themselves', async () => {
  const path = await fixture.register('own-disabled');
  await self('PATCH', path, { stateName: 'disabled' });
  const replaced = await self('PATCH', path, { certificate: await fixture.pem('own-new') });
  // Contract 6.4: a credential that a person disabled stays disabled.
  expect([replaced.status, replaced.body]).toMatchObject([
    200,
    { stateName: 'disabled', stateChangeReason: 'changed-by-user' },
  ]);
  expect((await self('DELETE', path)).status).toBe(204);
});

test('5.2, 5.3 a temporary lock ends by itself, without a write or a new version', async () => {
  const { app } = fixture;
  const path = await fixture.register('locked');
  const locked = await fixture.patch(path, { stateName: 'tmp-locked' });
  expect(locked.body).toMatchObject({ stateName: 'tmp-locked', stateChangeReason: 'changed-by-admin', version: 2 });
  const stored = await fixture.stored();
  app.clock.advance(59_999);
  expect((await fixture.read(path)).body.stateName).toBe('tmp-locked');
  app.clock.advance(1);
  const ended = await fixture.read(path);
  expect(ended.body).toMatchObject({ stateName: 'active', stateChangeReason: 'initialized', version: 2 });
  expect(await fixture.stored()).toBe(stored);
  const filtered = async (state: string) =>
    (await send(app, 'GET', `${fixture.path()}?stateName=${state}`, { token: fixture.token })).body.items as {
      extId: string;
    }[];
  expect((await filtered('active')).map(({ extId }) => extId)).toContain('locked');
  expect((await filtered('tmp-locked')).map(({ extId }) => extId)).not.toContain('locked');
  // After its end the state is active, so this changes nothing.
  expect((await fixture.patch(path, { stateName: 'active', version: 2 })).body.version).toBe(2);
  expect((await fixture.patch(path, { modificationComment: 'later', version: 2 })).body).toMatchObject({
    version: 3,
    stateName: 'active',
  });
});

test('5.2 unlocking clears the failures and has the reason unlock', async () => {
  const path = await fixture.register('unlocked');
  await fixture.app.dataSource
    .getRepository<CredentialRow & { readonly clientExtId: string }>('credentials')
    .update(
      { clientExtId: '100', extId: 'unlocked' },
      { lock: 'fail-locked', lockReason: 'too-many-login-failures', failures: 3, failuresSinceLock: 1 },
    );
  expect((await fixture.read(path)).body).toMatchObject({
    stateName: 'fail-locked',
    stateChangeReason: 'too-many-login-failures',
    failedLoginCount: 3,
    version: 1,
  });
  // A changed comment does not affect lock and counters.
  expect((await fixture.patch(path, { modificationComment: 'known' })).body).toMatchObject({
    stateName: 'fail-locked',
    failedLoginCount: 3,
  });
  expect((await fixture.patch(path, { stateName: 'active' })).body).toMatchObject({
    stateName: 'active',
    stateChangeReason: 'unlock',
    failedLoginCount: 0,
    version: 3,
  });
});

test('5.4 each change of state has a reason', async () => {
  const path = await fixture.register('reasons', { stateName: 'initial' });
  const reasons: string[] = [];
  const after = async (answer: Promise<Answer>) => reasons.push((await answer).body.stateChangeReason as string);
  await after(fixture.read(path));
  await after(self('PATCH', path, { stateName: 'active' }));
  await after(fixture.patch(path, { modificationComment: 'no change of state' }));
  await after(fixture.patch(path, { stateName: 'reset-code' }));
  await after(fixture.patch(path, { stateName: 'active', certificate: await fixture.pem('reasons 2') }));
  await after(self('PATCH', path, { stateName: 'disabled' }));
  expect(reasons).toEqual([
    'initialized',
    'activated',
    'activated',
    'changed-by-admin',
    'cert-uploaded',
    'changed-by-user',
  ]);
});
