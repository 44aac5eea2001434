import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { codesOf, send } from '../support/http.js';
import { testAuthority } from '../support/pki.js';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start();
});

afterAll(async () => await fixture.app.close());

const TOO_LONG = { notAfter: '2030-01-01T00:00:00Z' };

test('6.3 a strict policy refuses with every rule that failed, each with what would make it pass', async () => {
  await fixture.builders.policy('100', 'demanding', {
    maxValidityDays: '397',
    keyTypes: 'RSA:3072',
    requiredExtendedKeyUsage: 'clientAuth',
    certificateUploadCheckSubjectDNElements: 'USER_NAME',
  });
  const path = await fixture.register('evaluated');
  await fixture.app.dataSource.query(`update credentials set policy_ext_id = 'demanding' where ext_id = 'evaluated'`);
  const stored = await fixture.stored();
  const certificate = await fixture.pem('Doerig', { ...TOO_LONG, notBefore: '2027-01-01T00:00:00Z' });
  const answer = await fixture.patch(path, { certificate });
  expect(answer.status).toBe(422);
  const errors = answer.body.errors as Record<string, string>[];
  expect(errors.map(({ rule = '' }) => rule).toSorted()).toEqual([
    'certificateUploadCheckSubjectDNElements',
    'keyTypes',
    'maxValidityDays',
    'requireCurrentlyValid',
    'requiredExtendedKeyUsage',
  ]);
  for (const error of errors) {
    expect(Object.keys(error).toSorted()).toEqual([
      'code',
      'expected',
      'field',
      'found',
      'message',
      'parameter',
      'remedy',
      'requestId',
      'rule',
    ]);
    expect(error['code']).toBe('errors.certificatePolicyViolated');
  }
  expect(await fixture.stored()).toBe(stored);
});

test('6.4 a denied transition and violations are told together', async () => {
  const path = await fixture.register('together', { policyExtId: 'strict' });
  const answer = await send(fixture.app, 'PATCH', path, {
    token: await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] }),
    xToken: await fixture.app.xToken('helper-7'),
    body: { stateName: 'initial', certificate: await fixture.pem('long', TOO_LONG) },
  });
  expect([answer.status, codesOf(answer).toSorted()]).toEqual([
    422,
    ['errors.certificatePolicyViolated', 'errors.stateTransitionDenied'],
  ]);
});

test('6, 6.4 a tolerant policy stores what violates it, disabled, and a good one heals it', async () => {
  const path = await fixture.register('tolerated', { policyExtId: 'tolerant' });
  const violating = await fixture.patch(path, {
    certificate: await fixture.pem('long', TOO_LONG),
    stateName: 'initial',
  });
  expect(violating.body).toMatchObject({ stateName: 'disabled', stateChangeReason: 'policy-check-failed', version: 2 });
  expect(violating.body.stateChangeDetail).toContain('maxValidityDays');
  const good = await fixture.patch(path, { certificate: await fixture.pem('good') });
  expect(good.body).toMatchObject({ stateName: 'active', stateChangeReason: 'cert-uploaded', version: 3 });
  expect(good.body).not.toHaveProperty('stateChangeDetail');
});

test('6.4 what a person disabled is enabled by no new certificate', async () => {
  const path = await fixture.register('switched-off', { policyExtId: 'tolerant' });
  await fixture.patch(path, { stateName: 'disabled' });
  for (const certificate of [await fixture.pem('long 2', TOO_LONG), await fixture.pem('good 2')]) {
    expect((await fixture.patch(path, { certificate })).body).toMatchObject({
      stateName: 'disabled',
      stateChangeReason: 'changed-by-admin',
    });
  }
});

test('6 an issuer that is not listed is stored disabled, a listed one active', async () => {
  await fixture.builders.policy('100', 'issuers', { certificateUploadAllowedIssuerCNList: 'House CA|Other CA' });
  const create = async (name: string, authority: string) => {
    const certificate = await fixture.pem(name, { issuer: await testAuthority({ name: authority }) });
    const body = { extId: name, policyExtId: 'issuers', certificate };
    return await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
  };
  expect((await create('listed', 'House CA')).body).toMatchObject({ stateName: 'active' });
  expect((await create('unlisted', 'Stranger CA')).body).toMatchObject({
    stateName: 'disabled',
    stateChangeReason: 'policy-check-failed',
  });
});

test('6 the lifetime bounds the validity, counted from when it is stored', async () => {
  await fixture.builders.policy('100', 'short', { credentialLifetime: '86400000' });
  const path = await fixture.register('short-lived', { policyExtId: 'short' });
  expect((await fixture.read(path)).body.validity).toEqual({
    from: '2026-01-01T00:00:00Z',
    to: '2026-06-02T12:00:00Z',
  });
  fixture.app.clock.advance(3_600_000);
  expect((await fixture.patch(path, { modificationComment: 'x' })).body.validity.to).toBe('2026-06-02T12:00:00Z');
  const renewed = await fixture.patch(path, { certificate: await fixture.pem('renewed') });
  expect(renewed.body.validity.to).toBe('2026-06-02T13:00:00Z');
  fixture.app.clock.advance(-3_600_000);
});

test('6.5 a certificate stands once in a client; another client and what is history do not count', async () => {
  const certificate = await fixture.pem('moving');
  const path = await fixture.register('moving', { certificate });
  await fixture.builders.client('200');
  await fixture.builders.policy('200', 'default');
  await fixture.builders.user('200', 'helper-7');
  const token = await fixture.app.token({ client_ext_id: '200' });
  const elsewhere = await send(fixture.app, 'POST', fixture.path('helper-7', '200'), { token, body: { certificate } });
  expect(elsewhere.status).toBe(201);
  await fixture.patch(path, { certificate: await fixture.pem('moved on') });
  expect((await fixture.patch(await fixture.register('second'), { certificate })).status).toBe(200);
  expect(codesOf(await fixture.patch(path, { certificate }))).toEqual(['errors.certificateExists']);
});

test('6.5 another certificate resets the login counters and ends no lock', async () => {
  const path = await fixture.register('counted', { stateName: 'fail-locked' });
  await fixture.app.dataSource.query(`update credentials set successes = 7, failures = 3 where ext_id = 'counted'`);
  expect((await fixture.patch(path, { certificate: await fixture.pem('counted 2') })).body).toMatchObject({
    stateName: 'fail-locked',
    successfulLoginCount: 0,
    failedLoginCount: 0,
  });
});

test('2.11 a credential keeps its policy when the default of the client changes', async () => {
  const path = await fixture.register('keeps');
  await fixture.app.dataSource.query(
    `update policies set default_policy = false where client_ext_id = '100' and ext_id = 'default'`,
  );
  await fixture.app.dataSource.query(
    `update policies set default_policy = true where client_ext_id = '100' and ext_id = 'strict'`,
  );
  expect((await fixture.read(path)).body.policyExtId).toBe('default');
  expect((await fixture.read(await fixture.register('new-default'))).body.policyExtId).toBe('strict');
});
