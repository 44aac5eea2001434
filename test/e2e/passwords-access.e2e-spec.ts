import { afterAll, beforeAll, expect, test } from 'vitest';

import { refusalOf } from '../support/http.js';
import { PASSWORD, PasswordFixture } from '../support/password-fixture.js';

let fixture: PasswordFixture;

beforeAll(async () => {
  fixture = await PasswordFixture.start();
});

afterAll(async () => await fixture.app.close());

test('2.13 users can read their password credential and change the password, and nothing else', async () => {
  const path = await fixture.user('self');
  const token = await fixture.self('self');
  expect((await fixture.send('GET', path, { token })).body.type).toBe('Password');
  expect((await fixture.send('PATCH', path, { token, body: { password: PASSWORD } })).status).toBe(401);
  const xToken = await fixture.xToken('self');
  const before = await fixture.stored();
  for (const body of [
    { stateName: 'active' },
    { password: PASSWORD, stateName: 'disabled' },
    { modificationComment: null },
    { password: PASSWORD, modificationComment: 'mine' },
  ]) {
    expect(refusalOf(await fixture.send('PATCH', path, { token, xToken, body }))).toEqual([
      403,
      ['errors.permissionDenied'],
    ]);
  }
  expect(refusalOf(await fixture.send('DELETE', path, { token, xToken }))).toEqual([403, ['errors.permissionDenied']]);
  const again = await fixture.send('POST', path, { token, xToken, body: { password: PASSWORD } });
  expect(refusalOf(again)).toEqual([403, ['errors.permissionDenied']]);
  expect(await fixture.stored()).toBe(before);
  const changed = await fixture.send('PATCH', path, {
    token,
    xToken,
    body: { password: `my ${PASSWORD}`, version: 1 },
  });
  expect([changed.status, changed.body.version]).toEqual([200, 2]);
  expect((await fixture.logIn('self', PASSWORD)).status).toBe(422);
  expect((await fixture.logIn('self', `my ${PASSWORD}`)).status).toBe(200);
});

test('5.1 users cannot end a lock or a decision of an administrator by setting a new password', async () => {
  const path = await fixture.user('held');
  const token = await fixture.self('held');
  const xToken = await fixture.xToken('held');
  for (const stateName of ['disabled', 'fail-locked', 'tmp-locked']) {
    await fixture.send('PATCH', path, { body: { stateName } });
    // The X-Token is refused while its password cannot log in (4.7).
    const answer = await fixture.send('PATCH', path, { token, xToken, body: { password: `${PASSWORD}?` } });
    expect(refusalOf(answer)).toEqual([401, ['errors.unauthenticated']]);
  }
});

test('4.4 another user and another client are 403, whether or not there is a password', async () => {
  await fixture.user('mine');
  const token = await fixture.self('mine');
  const foreign = await fixture.app.token({ client_ext_id: '200' });
  for (const method of ['GET', 'PATCH']) {
    const body = method === 'PATCH' ? { password: PASSWORD } : undefined;
    for (const path of [fixture.path('helper-7'), fixture.path('nobody'), fixture.path('mine', '200')]) {
      const answer = await fixture.send(method, path, { token, body });
      expect(refusalOf(answer)).toEqual([403, ['errors.permissionDenied']]);
    }
    const answer = await fixture.send(method, fixture.path('mine'), { token: foreign, body });
    expect(refusalOf(answer)).toEqual([403, ['errors.dataroomDenied']]);
  }
});

test.each<[string, string, string[]]>([
  ['POST', 'CredentialCreate', []],
  ['POST', 'CredentialChangeState', ['CredentialCreate']],
  ['GET', 'CredentialView', ['CredentialModify']],
  ['PATCH', 'CredentialModify', ['CredentialView']],
  ['PATCH', 'CredentialView', ['CredentialModify']],
  ['DELETE', 'CredentialDelete', ['CredentialView']],
])('4.3 W1 %s without %s is 403', async (method, _missing, rights) => {
  const permissions = rights.map((right) => `AccessControl.${right}`);
  const token = await fixture.app.token({ roles: undefined, permissions });
  const body = { POST: { password: PASSWORD, stateName: 'active' }, PATCH: {} }[method];
  const answer = await fixture.send(method, fixture.path(), { token, body });
  expect(refusalOf(answer)).toEqual([403, ['errors.permissionDenied']]);
});

test('4.3 an unknown user and a user without a password get the same 404', async () => {
  await fixture.fixture.builders.user('100', 'bare');
  for (const user of ['bare', 'nobody']) {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { password: PASSWORD } : undefined;
      expect(refusalOf(await fixture.send(method, fixture.path(user), { body }))).toEqual([404, ['errors.noRecord']]);
    }
  }
  expect((await fixture.send('POST', fixture.path('nobody'), { body: { password: PASSWORD } })).status).toBe(404);
});
