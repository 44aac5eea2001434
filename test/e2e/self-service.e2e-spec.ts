import { afterAll, beforeAll, expect, test } from 'vitest';

import type { TestApp } from '../support/app.js';
import type { Fixture } from '../support/fixture.js';
import { type Answer, CORE, codesOf, send } from '../support/http.js';
import { PASSWORD, PasswordFixture } from '../support/password-fixture.js';

// What one user does as a self-admin, in order: each test continues from the state that the previous one left.
// Jane (helper-7) has a certificate under the strict policy, and a password.

const PRINCIPAL = '/nevisidm/api/principal/v1';
const PASSWORD_CREDENTIAL = `${CORE}/100/users/helper-7/password`;
const NEW_PASSWORD = 'a different horse entirely';

let app: TestApp;
let fixture: Fixture;
let laptop: string;
/** The X-Token of the last login. */
let xToken: string | undefined;

beforeAll(async () => {
  const passwords = await PasswordFixture.start({ maxCredFailureCount: '3', tmpLockingThreshold: '2' });
  ({ fixture, app } = passwords);
  laptop = await fixture.register('laptop', { policyExtId: 'strict' });
  const answer = await passwords.send('POST', PASSWORD_CREDENTIAL, { body: { password: PASSWORD } });
  expect(answer.status).toBe(201);
});

afterAll(async () => await app.close());

/** Sends a request as Jane, with a new bearer token. */
async function jane(method: string, path: string, body?: object): Promise<Answer> {
  const token = await app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  return await send(app, method, path, { token, xToken, ...(body === undefined ? {} : { body }) });
}

async function logIn(password: string): Promise<Answer> {
  xToken = undefined;
  const answer = await jane('POST', `${PRINCIPAL}/token`, { grant_type: 'password', username: 'helper-7', password });
  if (answer.status === 200) xToken = (answer.body as { access_token: string }).access_token;
  return answer;
}

async function administrator(method: string, path: string, body?: object): Promise<Answer> {
  return await send(app, method, path, { token: await app.token(), ...(body === undefined ? {} : { body }) });
}

test('T2 T3 X1 Jane reads her user, her rights and her certificate', async () => {
  expect((await jane('GET', `${PRINCIPAL}/me`)).body).toMatchObject({ userExtId: 'helper-7', fullName: 'Jane Doe' });
  expect((await jane('GET', `${PRINCIPAL}/permissions`)).body).toEqual({
    elementaryPermissions: ['AccessControl.SelfAdmin'],
  });
  expect((await jane('GET', fixture.path())).body).toMatchObject({ items: [{ extId: 'laptop', stateName: 'active' }] });
  expect((await jane('GET', fixture.path('helper-8'))).status).toBe(403);
});

test('4.5 reads need no X-Token, and changes need one', async () => {
  const answer = await jane('PATCH', laptop, { certificate: await fixture.pem('Jane, renewed') });
  expect([answer.status, codesOf(answer)]).toEqual([401, ['errors.unauthenticated']]);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_user_authentication"');
});

test('4.7 Jane gets an X-Token with her password', async () => {
  const answer = await logIn(PASSWORD);
  expect([answer.status, answer.body]).toMatchObject([200, { token_type: 'bearer', expires_in: 3600 }]);
  expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
});

test('6.3 the policy refuses her first certificate with its remedies', async () => {
  const certificate = await fixture.pem('Jane, for ever', { notAfter: '2036-01-01T00:00:00Z' });
  const answer = await jane('PATCH', laptop, { certificate });
  expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.certificatePolicyViolated']]);
  expect(answer.body.errors[0]).toMatchObject({
    rule: 'maxValidityDays',
    expected: 'at most 397 days',
    remedy: 'Have it issued for at most 397 days.',
  });
  expect((await jane('GET', laptop)).body).toMatchObject({ version: 1, stateName: 'active' });
});

test('1.4 X4 Jane tries the next certificate in a dry run, then replaces hers', async () => {
  const certificate = await fixture.pem('Jane, renewed');
  const tried = await jane('PATCH', `${laptop}?dryRun=true`, { certificate, version: 1 });
  expect([tried.status, tried.body]).toMatchObject([200, { version: 2, subjectDN: 'CN=Jane\\, renewed' }]);
  const replaced = await jane('PATCH', laptop, { certificate, version: 1 });
  expect([replaced.status, replaced.body]).toMatchObject([200, { version: 2, subjectDN: 'CN=Jane\\, renewed' }]);
  expect((await jane('GET', `${laptop}/history`)).body).toMatchObject({
    items: [
      { version: 2, actor: 'helper-7' },
      { version: 1, actor: 'admin-1' },
    ],
  });
});

test('4.5 an hour later the X-Token has expired, and Jane logs in again', async () => {
  app.clock.advance(3_600_000 + 61_000);
  expect((await jane('PATCH', laptop, { modificationComment: 'On the new laptop' })).status).toBe(401);
  expect((await logIn(PASSWORD)).status).toBe(200);
  expect((await jane('PATCH', laptop, { modificationComment: 'On the new laptop' })).body).toMatchObject({
    version: 3,
  });
});

test('4.8 5.3 two wrong passwords lock her password for a minute', async () => {
  const answers = [await logIn('wrong'), await logIn('wrong again'), await logIn(PASSWORD)];
  for (const answer of answers) {
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.invalidCredentials']]);
  }
  expect((await jane('GET', PASSWORD_CREDENTIAL)).body).toMatchObject({
    stateName: 'tmp-locked',
    stateChangeReason: 'too-many-login-failures',
    version: 1,
  });
  app.clock.advance(59_999);
  expect((await logIn(PASSWORD)).status).toBe(422);
  app.clock.advance(1);
  expect((await logIn(PASSWORD)).status).toBe(200);
  expect((await jane('GET', PASSWORD_CREDENTIAL)).body).toMatchObject({ stateName: 'active', failedLoginCount: 0 });
});

test('4.8 5.1 the third one locks it permanently, and Jane cannot unlock it', async () => {
  const xTokenBefore = xToken;
  for (const password of ['wrong', 'wrong again']) expect((await logIn(password)).status).toBe(422);
  app.clock.advance(60_000);
  expect((await logIn('wrong for the third time')).status).toBe(422);
  app.clock.advance(600_000);
  expect((await logIn(PASSWORD)).status).toBe(422);
  expect((await jane('GET', PASSWORD_CREDENTIAL)).body).toMatchObject({ stateName: 'fail-locked', version: 1 });
  xToken = xTokenBefore;
  const refused = await jane('PATCH', PASSWORD_CREDENTIAL, { stateName: 'active' });
  expect([refused.status, codesOf(refused)]).toEqual([403, ['errors.permissionDenied']]);
  const replaced = await jane('PATCH', PASSWORD_CREDENTIAL, { password: NEW_PASSWORD });
  expect([replaced.status, codesOf(replaced)]).toEqual([401, ['errors.unauthenticated']]);
});

test('5.4 an administrator unlocks it, and Jane can log in', async () => {
  const unlocked = await administrator('PATCH', PASSWORD_CREDENTIAL, { stateName: 'active' });
  expect(unlocked.body).toMatchObject({ stateName: 'active', stateChangeReason: 'unlock', version: 2 });
  expect((await logIn(PASSWORD)).status).toBe(200);
  expect((await jane('PATCH', laptop, { modificationComment: null })).body).toMatchObject({ version: 4 });
});

test('4.7 2.13 Jane changes her password, and X-Tokens of the old one are refused', async () => {
  const changed = await jane('PATCH', PASSWORD_CREDENTIAL, { password: NEW_PASSWORD, version: 2 });
  expect([changed.status, changed.body]).toMatchObject([200, { version: 3 }]);
  expect(JSON.stringify(changed.body)).not.toContain(NEW_PASSWORD);
  expect((await jane('PATCH', laptop, { modificationComment: 'After the change' })).status).toBe(401);
  expect((await logIn(PASSWORD)).status).toBe(422);
  expect((await logIn(NEW_PASSWORD)).status).toBe(200);
  expect((await jane('PATCH', laptop, { modificationComment: 'After the change' })).body).toMatchObject({ version: 5 });
});

test('5.1 Jane can disable her certificate; one that an administrator disabled stays disabled', async () => {
  expect((await jane('PATCH', laptop, { stateName: 'disabled' })).body).toMatchObject({
    stateName: 'disabled',
    stateChangeReason: 'changed-by-user',
  });
  expect((await administrator('PATCH', laptop, { stateName: 'active' })).status).toBe(200);
  expect((await administrator('PATCH', laptop, { stateName: 'disabled' })).status).toBe(200);
  for (const body of [{ stateName: 'active' }, { certificate: await fixture.pem('Jane, once more') }]) {
    const answer = await jane('PATCH', laptop, body);
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.stateTransitionDenied']]);
  }
  expect((await jane('DELETE', laptop)).status).toBe(422);
});

test('10.2 the audit log has her logins, and none of her passwords', async () => {
  const { body } = (await administrator('GET', `${CORE}/100/audit-events?userExtId=helper-7&limit=1000`)) as {
    body: { items: { kind: string; action: string; actor: string }[] };
  };
  const logins = body.items.filter(({ kind, action }) => kind === 'password' && action.startsWith('log'));
  // In the order of the tests above; the right password during a lock is a failure too.
  const outcomes = logins.map(({ action }) => (action === 'loggedIn' ? 'in' : 'out'));
  expect(outcomes.join(' ')).toBe('in in out out out out in out out out out in out in');
  expect(new Set(logins.map(({ actor }) => actor))).toEqual(new Set(['helper-7']));
  expect(JSON.stringify([body, app.log])).not.toMatch(/correct horse|different horse|wrong again/);
});
