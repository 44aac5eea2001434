import { afterAll, beforeAll, expect, test } from 'vitest';

import { codesOf, CORE, refusalOf, send } from '../support/http.js';
import { PASSWORD, PasswordFixture } from '../support/password-fixture.js';

let fixture: PasswordFixture;

beforeAll(async () => {
  fixture = await PasswordFixture.start({ allowLoginIdInPassword: 'false', credentialLifetime: '86400000' });
  await fixture.policy('long', { minLength: '30', maxCredFailureCount: '-1' });
});

afterAll(async () => await fixture.app.close());

const patch = async (path: string, body: unknown, headers = {}) => await fixture.send('PATCH', path, { body, headers });

test('2.13 a password is created, read, changed and deleted, and never in an answer', async () => {
  await fixture.fixture.builders.user('100', 'ann');
  const path = fixture.path('ann');
  const created = await fixture.send('POST', path, { body: { password: PASSWORD } });
  const { extId } = created.body as { extId: string };
  expect(created.status).toBe(201);
  expect([created.headers.get('location'), created.headers.get('etag')]).toEqual([path, '"1"']);
  expect(created.body).toEqual({
    created: '2026-06-01T12:00:00Z',
    lastModified: '2026-06-01T12:00:00Z',
    version: 1,
    extId,
    userExtId: 'ann',
    policyExtId: 'passwords',
    stateName: 'active',
    stateChangeReason: 'initialized',
    successfulLoginCount: 0,
    failedLoginCount: 0,
    type: 'Password',
    validity: { from: '2026-06-01T12:00:00Z', to: '2026-06-02T12:00:00Z' },
  });
  expect((await fixture.send('GET', path)).body).toEqual(created.body);
  const changed = await patch(path, { password: 'another horse, another staple', version: 1 });
  expect([changed.status, changed.body.version, changed.headers.get('etag')]).toEqual([200, 2, '"2"']);
  expect((await fixture.send('DELETE', path)).status).toBe(204);
  expect(refusalOf(await fixture.send('GET', path))).toEqual([404, ['errors.noRecord']]);
  expect(await fixture.app.dataSource.query(`select 1 from passwords where user_ext_id = 'ann'`)).toEqual([]);
});

test('2.13 the argon2id hash of the prepared form is stored, and is in no audit event or log', async () => {
  await fixture.user('hash', { password: 'Zu\u0308rich\u00a0Hauptbahnhof' });
  const rows: { hash: string }[] = await fixture.app.dataSource.query(
    `select hash from passwords where user_ext_id = 'hash'`,
  );
  expect(rows[0]?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await fixture.logIn('hash', 'Z\u00fcrich Hauptbahnhof')).status).toBe(200);
  const auditLog = JSON.stringify(
    await fixture.app.dataSource.query(`select * from audit_events where kind = 'password'`),
  );
  for (const text of [auditLog, fixture.app.log.join('\n')]) {
    for (const secret of ['$argon2id$', 'Hauptbahnhof', PASSWORD]) expect(text).not.toContain(secret);
  }
});

test('2.13 a user has one password: of several creations at once exactly one succeeds, and the others are duplicates', async () => {
  await fixture.fixture.builders.user('100', 'two');
  const body = { password: PASSWORD };
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () => await fixture.send('POST', fixture.path('two'), { body })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const refused = answers.filter(({ status }) => status !== 201);
  refused.push(await fixture.send('POST', fixture.path('two'), { body }));
  for (const answer of refused) expect(refusalOf(answer)).toEqual([422, ['errors.passwordExists']]);
});

test('2.12, 6.3 every rule that a password breaks is reported with its remedy, without the password', async () => {
  await fixture.fixture.builders.user('100', 'eve');
  const before = await fixture.stored();
  const answer = await fixture.send('POST', fixture.path('eve'), { body: { password: 'xEVEx' } });
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toMatchObject([
    {
      code: 'errors.pwdPolicyViolated',
      field: 'password',
      rule: 'minLength',
      parameter: 'minLength',
      expected: 'at least 12 characters',
      found: '5 characters',
      remedy: 'Choose a password of at least 12 characters.',
    },
    { code: 'errors.pwdPolicyViolated', rule: 'allowLoginIdInPassword', found: 'the loginId' },
  ]);
  expect(JSON.stringify(answer.body)).not.toContain('xEVEx');
  expect(await fixture.stored()).toBe(before);
  const path = await fixture.user('eve-2', { policyExtId: 'long', password: `${PASSWORD} and more` });
  expect(codesOf(await patch(path, { password: PASSWORD, stateName: 'disabled' }))).toEqual([
    'errors.pwdPolicyViolated',
  ]);
});

test('2.13 the policy is the default PwdPolicy or the one in the request', async () => {
  await fixture.fixture.builders.user('100', 'pol');
  const path = await fixture.user('pol-2');
  for (const policyExtId of ['nowhere', 'default', 'strict']) {
    const body = { password: PASSWORD, policyExtId };
    const answer = await fixture.send('POST', fixture.path('pol'), { body });
    expect([...refusalOf(answer), answer.body.errors[0].field]).toEqual([422, ['errors.invalidData'], 'policyExtId']);
    expect(refusalOf(await fixture.send('POST', path, { body }))).toEqual([
      422,
      ['errors.invalidData', 'errors.passwordExists'],
    ]);
  }
  await fixture.fixture.builders.client('200');
  await fixture.fixture.builders.user('200', 'pol');
  const token = await fixture.app.token({ data_room: { clients: ['*'] } });
  const without = await fixture.send('POST', fixture.path('pol', '200'), { body: { password: PASSWORD }, token });
  expect(refusalOf(without)).toEqual([422, ['errors.invalidData']]);
});

test.each<[string, unknown]>([
  ['a number', 7],
  ['null', null],
  ['empty', ''],
  ['longer than 1024 characters', 'a'.repeat(1025)],
  ['longer than 1024 of two code units', '\u{1f468}'.repeat(1025)],
  ['with a control character', 'a\tbcdefghijkl'],
  ['with a character that is not assigned', 'abcdefghijkl\u0378'],
])('2.13 a password that is %s is 422 and not in the answer', async (kind, password) => {
  await fixture.fixture.builders.user('100', `form-${kind.length}`);
  const answer = await fixture.send('POST', fixture.path(`form-${kind.length}`), { body: { password } });
  expect([...refusalOf(answer), answer.body.errors[0].field]).toEqual([422, ['errors.invalidData'], 'password']);
  if (typeof password === 'string' && password !== '') expect(JSON.stringify(answer.body)).not.toContain(password);
});

test('3.1, 3.2 a change without effect keeps the version; a password that is sent always counts as a new one', async () => {
  const path = await fixture.user('same');
  const before = await fixture.stored();
  for (const body of [{}, { stateName: 'active' }, { version: 1 }, { modificationComment: null }]) {
    expect((await patch(path, body)).body.version).toBe(1);
  }
  expect(await fixture.stored()).toBe(before);
  expect(refusalOf(await patch(path, { version: 2, password: PASSWORD }))).toEqual([
    409,
    ['errors.optimisticLockingFailure'],
  ]);
  expect(refusalOf(await patch(path, { password: PASSWORD }, { 'If-Match': '"7"' }))).toEqual([
    412,
    ['errors.preconditionFailed'],
  ]);
  expect(await fixture.stored()).toBe(before);
  expect((await patch(path, { password: PASSWORD, version: 1 })).body.version).toBe(2);
  expect(refusalOf(await fixture.send('DELETE', path, { headers: { 'If-Match': '"1"' } }))).toEqual([
    412,
    ['errors.preconditionFailed'],
  ]);
  expect((await patch(path, { modificationComment: 'x' })).body).toMatchObject({
    version: 3,
    modificationComment: 'x',
    stateChangeReason: 'initialized',
  });
});

test('3.4 changes at once are all made; with the same version exactly one is', async () => {
  const path = await fixture.user('race');
  const all = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => await patch(path, { modificationComment: `comment ${index}` })),
  );
  expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect((await fixture.send('GET', path)).body.version).toBe(21);
  const one = await Promise.all(
    Array.from({ length: 3 }, async (_, index) => await patch(path, { password: `${PASSWORD} ${index}`, version: 21 })),
  );
  expect(one.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409', '409']);
});

test('5.1, 5.4 an administrator can set any state, but not change an archived one', async () => {
  const path = await fixture.user('states', { stateName: 'initial' });
  expect((await patch(path, { stateName: 'active' })).body).toMatchObject({ stateChangeReason: 'activated' });
  expect((await patch(path, { stateName: 'fail-locked' })).body).toMatchObject({ stateName: 'fail-locked' });
  expect((await patch(path, { password: `${PASSWORD}!` })).body).toMatchObject({ stateName: 'fail-locked' });
  expect((await patch(path, { stateName: 'active' })).body).toMatchObject({ stateChangeReason: 'unlock' });
  expect((await patch(path, { stateName: 'archived' })).status).toBe(422);
  const archived = await fixture.user('archived', { stateName: 'archived' });
  expect(refusalOf(await patch(archived, { stateName: 'active' }))).toEqual([422, ['errors.recordDeleted']]);
  expect((await fixture.send('DELETE', archived)).status).toBe(204);
});

test('3.9 the password of an archived user can only be read and deleted', async () => {
  const path = await fixture.user('gone');
  await fixture.app.dataSource.query(`update users set state = 'archived' where ext_id in ('gone', 'gone-2')`);
  await fixture.fixture.builders.user('100', 'gone-2', { state: 'archived' });
  for (const answer of [
    await patch(path, { password: PASSWORD }),
    await fixture.send('POST', fixture.path('gone-2'), { body: { password: 'short' } }),
  ]) {
    expect(refusalOf(answer)).toEqual([422, ['errors.recordDeleted']]);
  }
  expect((await fixture.send('GET', path)).status).toBe(200);
  expect((await fixture.send('DELETE', path)).status).toBe(204);
});

test('10.1 each change has its audit event', async () => {
  const path = await fixture.user('auditLog');
  await patch(path, { password: `${PASSWORD}.`, modificationComment: 'by phone' });
  await patch(path, { stateName: 'disabled' });
  await fixture.send('DELETE', path);
  const lines: unknown = await fixture.app.dataSource.query(
    `select action, kind, version, changes, reason, comment from audit_events where user_ext_id = 'auditLog' order by id`,
  );
  const line = { kind: 'password', reason: 'initialized', comment: null };
  expect(lines).toEqual([
    {
      ...line,
      action: 'created',
      version: 1,
      changes: {
        password: {},
        validity: { to: { from: '2026-06-01T12:00:00Z', to: '2026-06-02T12:00:00Z' } },
        stateName: { to: 'active' },
        stateChangeReason: { to: 'initialized' },
      },
    },
    {
      ...line,
      action: 'changed',
      version: 2,
      changes: { password: {}, modificationComment: { to: 'by phone' } },
      comment: 'by phone',
    },
    {
      ...line,
      action: 'changed',
      version: 3,
      changes: {
        stateName: { from: 'active', to: 'disabled' },
        stateChangeReason: { from: 'initialized', to: 'changed-by-admin' },
      },
      reason: 'changed-by-admin',
      comment: 'by phone',
    },
    { ...line, action: 'deleted', version: null, changes: null, reason: null },
  ]);
});

test('2.11 a policy in use by passwords cannot be deleted', async () => {
  const path = await fixture.user('uses', { policyExtId: 'long', password: `${PASSWORD} and more` });
  const policy = `${CORE}/100/policies/long`;
  expect(refusalOf(await fixture.send('DELETE', policy))).toEqual([422, ['errors.undeletedDependencies']]);
  expect((await send(fixture.app, 'GET', path, { token: fixture.fixture.token })).body.policyExtId).toBe('long');
});

test('2.13 a password is measured in characters, of which an emoji is one', async () => {
  const password = '\u{1f468}'.repeat(1024);
  await fixture.user('emoji', { password });
  expect((await fixture.logIn('emoji', password)).status).toBe(200);
});
