/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { formatInstant } from '../../src/common/instant.js';
import { startApp, type TestApp } from '../support/app.js';
import { CORE, send } from '../support/http.js';
import { type IssuedCertificate, testAuthority } from '../support/pki.js';
import { RenewalFixture } from '../support/renewal-fixture.js';

let fixture: RenewalFixture;
/** Another server on the same database. */
let second: TestApp;

beforeAll(async () => {
  fixture = await RenewalFixture.start();
  const { url } = fixture.app.dataSource.options as { readonly url: string };
  second = await startApp({ clientCertHeader: 'rfc9440', trustedProxies: ['127.0.0.1'] }, () => url);
});

afterAll(async () => {
  await second.close();
  await fixture.app.close();
});

beforeEach(async () => {
  await fixture.nextClient();
  second.clock.set(fixture.app.clock.now());
});

const sending = async () => ({
  token: await fixture.app.token({ data_room: { clients: ['*'] }, exp: Date.UTC(2100, 0) / 1000 }),
});

const logInAt = async (app: Pick<TestApp, 'url'>, { pem }: IssuedCertificate, members: object = {}) => {
  const path = `${CORE}/${fixture.trust.policies.client}/certificate-logins`;
  const { status, body } = await send(app, 'POST', path, {
    ...(await sending()),
    body: { certificate: pem, ...members },
  });
  expect(status).toBe(200);
  return body.outcome as string;
};

const checkAt = async (app: Pick<TestApp, 'url'>, { der }: IssuedCertificate) => {
  const path = `${CORE}/${fixture.trust.policies.client}/certificate-logins/check`;
  const headers = { 'Client-Cert': `:${der.toString('base64')}:` };
  return (await send(app, 'GET', path, { ...(await sending()), headers })).status;
};

test('15.2 a certificate logs in from the instant of notBefore to that of notAfter, and not a millisecond more', async () => {
  const { clock } = fixture.app;
  const before = clock.now();
  const [from, to] = ['2026-07-01T00:00:00Z', '2026-08-01T00:00:00Z'];
  const subject = [{ CN: ['Boundary'] }];
  const certificate = await fixture.leaf(from, { notAfter: to, subject });
  clock.set(new Date(from));
  await fixture.register(certificate, 'boundary');
  const outcomes: unknown[] = [];
  for (const time of [Date.parse(from) - 1, Date.parse(from), Date.parse(to), Date.parse(to) + 1]) {
    clock.set(new Date(time));
    outcomes.push([await checkAt(fixture.app, certificate), await logInAt(fixture.app, certificate)]);
  }
  expect(outcomes).toEqual([
    [403, 'failed'],
    [204, 'ok'],
    [204, 'ok'],
    [403, 'failed'],
  ]);
  clock.set(before);
});

test('15.2, 15.6 usableUntil is never later than the end: a gateway that keeps to it lets nobody pass who would be refused', async () => {
  const { clock } = fixture.app;
  clock.advance(777);
  await fixture.setParameters({ rolloverGraceDays: '1' });
  await fixture.register(fixture.second, 'newer');
  await fixture.logIn(fixture.second);
  const { usableUntil } = await fixture.logIn(fixture.first);
  clock.set(new Date(Date.parse(usableUntil as string)));
  expect(formatInstant(clock.now())).toBe(usableUntil);
  expect((await fixture.logIn(fixture.first)).outcome).toBe('ok');
  clock.advance(1000);
  expect((await fixture.logIn(fixture.first)).outcome).toBe('disabled');
  clock.advance(-86_400_000 - 1000);
});

test('15.2 a user who is suspended is refused at once by every server, however often the policy was used before', async () => {
  for (const app of [fixture.app, second]) {
    for (let time = 0; time < 3; time += 1) expect(await logInAt(app, fixture.first)).toBe('ok');
  }
  await fixture.request('PATCH', '/users/u-1', { body: { userState: 'disabled' } });
  for (const app of [fixture.app, second]) {
    expect([await logInAt(app, fixture.first), await checkAt(app, fixture.first)]).toEqual(['disabled', 403]);
  }
});

test('15.2 a change of the policy or of its set decides at once at every server, however often both were used before', async () => {
  const both = async () => [await logInAt(fixture.app, fixture.first), await logInAt(second, fixture.first)];
  expect(await both()).toEqual(['ok', 'ok']);
  await fixture.setParameters({ keyTypes: 'RSA:2048', maxCredFailureCount: '-1', tmpLockingThreshold: '-1' });
  expect(await both()).toEqual(['failed', 'failed']);
  await fixture.setParameters({ maxCredFailureCount: '-1', tmpLockingThreshold: '-1' });
  expect(await both()).toEqual(['ok', 'ok']);
  await fixture.trust.patch({ intermediates: '' });
  expect(await both()).toEqual(['failed', 'failed']);
});

test('15.3 after the answer to a change that disables it no server lets it log in, and what was counted is exact', async () => {
  let successes = 0;
  for (let round = 0; round < 8; round += 1) {
    let isDisabled = false;
    const late: string[] = [];
    const logins = [fixture.app, second, fixture.app, second].map(async (app) => {
      for (let time = 0; time < 5; time += 1) {
        const wasDisabled = isDisabled;
        const outcome = await logInAt(app, fixture.first);
        if (outcome === 'ok') successes += 1;
        if (wasDisabled) late.push(outcome);
      }
    });
    await fixture.patch('cert', { stateName: 'disabled' });
    isDisabled = true;
    expect(await Promise.all([checkAt(fixture.app, fixture.first), checkAt(second, fixture.first)])).toEqual([
      403, 403,
    ]);
    await Promise.all(logins);
    expect(new Set([...late, 'disabled'])).toEqual(new Set(['disabled']));
    expect((await fixture.credential('cert')).successfulLoginCount).toBe(successes);
    await fixture.patch('cert', { stateName: 'active' });
  }
});

test('12.1, 15.2 a cross-certificate in chain completes no path but one to an anchor, and never decides whose login it is', async () => {
  const { issuing } = fixture.trust;
  await fixture.trust.patch({ intermediates: '' });
  await fixture.setParameters({ maxCredFailureCount: '-1', tmpLockingThreshold: '-1' });
  const foreign = await testAuthority({ name: 'Foreign' });
  const namesake = await testAuthority({ name: 'Root', keyType: 'EC-P384' });
  const cross = async (issuer: IssuedCertificate) =>
    (await testAuthority({ name: 'Issuing', issuer, keys: issuing.keys })).pem;
  const [byForeign, byNamesake] = [await cross(foreign), await cross(namesake)];
  const stranger = await fixture.leaf('2026-01-01T00:00:00Z', { subject: [{ CN: ['Stranger'] }] });
  for (const chain of [byForeign, byNamesake, byForeign + foreign.pem, byNamesake + namesake.pem]) {
    expect(await logInAt(fixture.app, fixture.first, { chain })).toBe('failed');
    expect(await logInAt(fixture.app, fixture.first, { chain: chain + issuing.pem })).toBe('ok');
    expect(await logInAt(fixture.app, stranger, { chain: chain + issuing.pem + fixture.first.pem })).toBe('failed');
  }
});
