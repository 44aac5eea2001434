import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, CORE, send } from '../support/http.js';

let fixture: Fixture;
let root: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  root = await fixture.app.token({ data_room: { clients: ['*'] } });
  await fixture.builders.user('100', 'taken', { loginId: 'taken' });
});

afterAll(async () => await fixture.app.close());

const post = async (path: string, body: object): Promise<Answer> =>
  await send(fixture.app, 'POST', path, { token: root, body });

const refusals = (answer: Answer) => [
  answer.status,
  (answer.body as { errors: { code: string; field?: string; rule?: string }[] }).errors.map(
    ({ code, field, rule }) => `${code.replace('errors.', '')} ${rule ?? field}`,
  ),
];

test('7.2 X2 the violations, a taken extId and an existing certificate are reported together', async () => {
  const certificate = await fixture.pem('too long', { notAfter: '2036-01-01T00:00:00Z' });
  await fixture.register('exists', { certificate });
  const before = await fixture.stored();
  for (const query of ['', '?dryRun=true']) {
    const answer = await post(`${fixture.path()}${query}`, { extId: 'exists', certificate, policyExtId: 'strict' });
    expect(refusals(answer)).toEqual([
      422,
      ['certificatePolicyViolated maxValidityDays', 'duplicateValue extId', 'certificateExists certificate'],
    ]);
    const both = await post(`${fixture.path()}${query}`, { extId: 'exists', certificate });
    expect([both.status, (refusals(both)[1] as string[]).toSorted()]).toEqual([
      422,
      ['certificateExists certificate', 'duplicateValue extId'],
    ]);
  }
  expect(await fixture.stored()).toBe(before);
});

test('7.2 X4 the violations and an existing certificate are reported together, but not the certificate that the credential has', async () => {
  const certificate = await fixture.pem('too long for it', { notAfter: '2036-01-01T00:00:00Z' });
  await fixture.register('holder', { certificate });
  const path = await fixture.register('strict-one', { policyExtId: 'strict' });
  for (const query of ['', '?dryRun=true']) {
    expect(refusals(await fixture.patch(`${path}${query}`, { certificate }))).toEqual([
      422,
      ['certificatePolicyViolated maxValidityDays', 'certificateExists certificate'],
    ]);
  }
  const { certificate: own } = (await fixture.read(path)).body as { certificate: string };
  expect((await fixture.patch(path, { certificate: own })).status).toBe(200);
});

test('7.2 U1 a taken extId, a taken loginId and a wrong validity are reported together', async () => {
  const validity = { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
  const path = `${CORE}/100/users`;
  expect(refusals(await post(path, { extId: 'taken', loginId: 'TAKEN', validity }))).toEqual([
    422,
    ['invalidData validity.to', 'duplicateValue extId', 'duplicateValue loginId'],
  ]);
  expect(refusals(await post(path, { extId: 'taken', loginId: 'TAKEN' }))).toEqual([
    422,
    ['duplicateValue extId', 'duplicateValue loginId'],
  ]);
});

test('7.2 U3 a taken loginId and a wrong validity are reported together, but not the loginId that the user has', async () => {
  const validity = { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
  const path = `${CORE}/100/users/helper-7`;
  expect(refusals(await fixture.patch(path, { loginId: 'Taken', validity }))).toEqual([
    422,
    ['invalidData validity.to', 'duplicateValue loginId'],
  ]);
  const { loginId } = (await fixture.read(path)).body as { loginId: string };
  expect(refusals(await fixture.patch(path, { loginId, validity }))).toEqual([422, ['invalidData validity.to']]);
});

test('7.2 P1 P3 a taken extId, a taken name and wrong parameters are reported together', async () => {
  const path = `${CORE}/100/policies`;
  const policyType = 'CertificatePolicy';
  const made = await post(path, { extId: 'named', name: 'named', policyType });
  expect(made.status).toBe(201);
  const parameters = { maxValidityDays: 'many' };
  expect(refusals(await post(path, { extId: 'named', name: 'named', policyType, parameters }))).toEqual([
    422,
    ['invalidData parameters.maxValidityDays', 'duplicateValue extId', 'duplicateName name'],
  ]);
  expect(refusals(await post(path, { extId: 'named', name: 'named', policyType, defaultPolicy: true }))).toEqual([
    422,
    ['duplicateValue extId', 'duplicateName name'],
  ]);
  const other = await post(path, { extId: 'other', name: 'other', policyType });
  expect(other.status).toBe(201);
  expect(refusals(await fixture.patch(`${path}/other`, { name: 'named', parameters }))).toEqual([
    422,
    ['invalidData parameters.maxValidityDays', 'duplicateName name'],
  ]);
});

test('7.2 C2 a taken extId and a taken name are reported together', async () => {
  const client = { extId: 'acme', name: 'Acme' };
  expect((await post(`${CORE}/clients`, client)).status).toBe(201);
  expect(refusals(await post(`${CORE}/clients`, client))).toEqual([
    422,
    ['duplicateValue extId', 'duplicateName name'],
  ]);
});

test('3.9 no other error is reported for an archived or missing record', async () => {
  const certificate = await fixture.pem('of an archived user');
  await fixture.register('of-archived', { certificate });
  await fixture.builders.user('100', 'gone', { state: 'archived' });
  expect(refusals(await post(fixture.path('gone'), { extId: 'of-archived', certificate }))).toEqual([
    422,
    ['recordDeleted undefined'],
  ]);
  const elsewhere = { extId: 'of-archived', certificate, policyExtId: 'nowhere' };
  expect(refusals(await post(fixture.path('gone'), elsewhere))).toEqual([422, ['recordDeleted undefined']]);
  const password = { password: 'correct horse battery staple', policyExtId: 'nowhere' };
  expect(refusals(await post(`${CORE}/100/users/gone/password`, password))).toEqual([422, ['recordDeleted undefined']]);
  expect((await post(fixture.path('nobody'), { extId: 'of-archived', certificate })).status).toBe(404);
});
