import { afterAll, beforeAll, expect, test } from 'vitest';

import { ERROR_EXAMPLES } from '../../src/http/openapi/error-examples.js';
import type { Fixture } from '../support/fixture.js';
import { type Answer, CORE, send, type Sending } from '../support/http.js';
import { PasswordFixture } from '../support/password-fixture.js';

const SELF = { sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] };

let passwords: PasswordFixture;
let fixture: Fixture;
/** A credential with version 2. */
let credential: string;
let self: string;
let xToken: string;

beforeAll(async () => {
  passwords = await PasswordFixture.start({}, { requireVersion: true });
  fixture = passwords.fixture;
  credential = await fixture.register('cert-1', { policyExtId: 'strict' });
  expect((await fixture.patch(credential, { modificationComment: 'second version', version: 1 })).status).toBe(200);
  await passwords.user('with-password');
  self = await fixture.app.token(SELF);
  xToken = await fixture.app.xToken('helper-7');
});

afterAll(async () => await fixture.app.close());

const asAdministrator = async (method: string, path: string, sending: Sending = {}): Promise<Answer> =>
  await send(fixture.app, method, path, { token: fixture.token, ...sending });

const logIn = async (): Promise<Answer> => await passwords.logIn('helper-7', 'wrong');

/** Makes a change during which the insert into the audit log raises `refusal`. */
async function refusedByDatabase(refusal: string): Promise<Answer> {
  const { dataSource } = fixture.app;
  await dataSource.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception ${refusal}; end $$`,
  );
  await dataSource.query('create trigger refuse before insert on audit_events for each row execute function refuse()');
  try {
    return await fixture.patch(credential, { modificationComment: 'never', version: 2 });
  } finally {
    await dataSource.query('drop function refuse cascade');
  }
}

async function whileUsersAreLocked(path: string): Promise<Answer> {
  const blocker = fixture.app.dataSource.createQueryRunner();
  await blocker.startTransaction();
  await blocker.query('lock table users in access exclusive mode');
  try {
    return await asAdministrator('GET', path);
  } finally {
    await blocker.rollbackTransaction();
    await blocker.release();
  }
}

const PROVOKED: Readonly<Record<string, () => Promise<Answer>>> = {
  'errors.malformedRequest': async () => await fixture.patch(credential, '{"name":"a"'),
  'errors.unauthenticated': async () => await send(fixture.app, 'GET', credential),
  'errors.unauthenticated.X-Token': async () => await send(fixture.app, 'DELETE', credential, { token: self }),
  'errors.permissionDenied': async () => {
    const token = await fixture.app.token({ roles: ['nevisIdm.HistoryView'] });
    return await send(fixture.app, 'PATCH', credential, { token, body: {} });
  },
  'errors.dataroomDenied': async () => await asAdministrator('GET', `${CORE}/200/users/helper-7`),
  'errors.loginDenied': async () => await asAdministrator('GET', `${CORE}/100/certificate-logins/check`),
  'errors.noRecord': async () => await fixture.read(`${fixture.path()}/nothing`),
  'errors.methodNotAllowed': async () => await asAdministrator('PUT', credential),
  'errors.optimisticLockingFailure': async () => await fixture.patch(credential, { version: 1 }),
  'errors.preconditionFailed': async () => await fixture.patch(credential, {}, { 'If-Match': '"1"' }),
  'errors.preconditionRequired': async () => await fixture.patch(credential, { modificationComment: 'x' }),
  'errors.payloadTooLarge': async () =>
    await fixture.patch(credential, { modificationComment: 'x'.repeat(129 * 1024), version: 2 }),
  'errors.unsupportedMediaType': async () => await fixture.patch(credential, '{}', { 'Content-Type': 'text/plain' }),
  'errors.certificateExists': async () => {
    const { certificate } = (await fixture.read(credential)).body as { certificate: string };
    return await asAdministrator('POST', fixture.path(), { body: { certificate } });
  },
  'errors.certificatePolicyViolated': async () => {
    const certificate = await fixture.pem('long', { notAfter: '2028-04-05T00:00:00Z' });
    return await asAdministrator('POST', fixture.path(), { body: { certificate, policyExtId: 'strict' } });
  },
  'errors.deleteDefaultEntityFailure': async () =>
    await asAdministrator('DELETE', `${CORE}/100/policies/default`, { headers: { 'If-Match': '*' } }),
  'errors.duplicateName': async () =>
    await asAdministrator('POST', `${CORE}/100/policies`, {
      body: { policyType: 'CertificatePolicy', name: 'strict' },
    }),
  'errors.duplicateValue': async () =>
    await asAdministrator('POST', fixture.path(), { body: { extId: 'cert-1', certificate: await fixture.pem('new') } }),
  'errors.invalidCredentials': logIn,
  'errors.invalidData': async () => await fixture.patch(credential, { version: -1 }),
  'errors.passwordExists': async () =>
    await asAdministrator('POST', passwords.path('with-password'), { body: { password: 'long enough for all' } }),
  'errors.policyViolation': async () => {
    await fixture.builders.user('100', 'full');
    const path = await fixture.register('full-1', {}, 'full');
    await fixture.app.dataSource.query(
      `insert into credentials select r.* from credentials c, generate_series(2, 100) as n,
          lateral jsonb_populate_record(c, jsonb_build_object('ext_id', 'full-' || n, 'generation', gen_random_uuid(),
            'sha256', sha256(n::text::bytea))) as r
        where c.ext_id = 'full-1'`,
    );
    const body = { certificate: await fixture.pem('one too many') };
    return await asAdministrator('POST', path.replace('/full-1', ''), { body });
  },
  'errors.pwdPolicyViolated': async () =>
    await asAdministrator('POST', passwords.path(), { body: { password: 'short' } }),
  'errors.recordDeleted': async () => {
    await fixture.builders.user('100', 'archived-1', { state: 'archived' });
    return await fixture.patch(`${CORE}/100/users/archived-1`, { remarks: 'late', version: 1 });
  },
  'errors.stateTransitionDenied': async () => {
    const path = await fixture.register('disabled-1');
    await fixture.patch(path, { stateName: 'disabled', version: 1 });
    const body = { stateName: 'active', version: 2 };
    return await send(fixture.app, 'PATCH', path, { token: self, xToken, body });
  },
  'errors.tooManySearchResults': async () => await whileUsersAreLocked(`${CORE}/clients/100/users?address.city=Bern`),
  'errors.undeletedDependencies': async () =>
    await asAdministrator('DELETE', `${CORE}/100/policies/strict`, { headers: { 'If-Match': '*' } }),
  'errors.tooManyRequests': async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) await logIn();
    return await logIn();
  },
  'errors.fatalError': async () => await refusedByDatabase(`'a defect'`),
  'errors.unavailable': async () => await refusedByDatabase(`using errcode = '57P01'`),
};

test('7.1 every documented error example is tested here', () => {
  expect(Object.keys(PROVOKED).toSorted()).toEqual(Object.keys(ERROR_EXAMPLES).toSorted());
});

test.each(Object.entries(PROVOKED))('7.1 the server answers the example %s', async (name, provoke) => {
  const answer = await provoke();
  const requestId = expect.any(String) as unknown;
  expect(answer.body).toEqual({ errors: ERROR_EXAMPLES[name]?.errors.map((detail) => ({ ...detail, requestId })) });
});

test.each([
  ['errors.unauthenticated', 'Bearer realm="certkeep"'],
  ['errors.unauthenticated.X-Token', 'Bearer error="insufficient_user_authentication"'],
])('4.5 the challenge with %s is %s', async (name, challenge) => {
  const answer = await PROVOKED[name]?.();
  expect(answer?.headers.get('www-authenticate')).toBe(challenge);
});
