/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, CORE, refusalOf, send } from '../support/http.js';
import { type IssuedCertificate, issueCertificate } from '../support/pki.js';
import { statementsOf } from '../support/statements.js';

const LOGINS = `${CORE}/100/certificate-logins`;
const CHECK = `${LOGINS}/check`;
const ORIGIN = 'https://console.acme.example';

let fixture: Fixture;
let token: string;
let jane: IssuedCertificate;

const sent = ({ der }: IssuedCertificate) => ({ 'X-SSL-Client-DER': der.toString('base64') });

const check = async (headers: Readonly<Record<string, string>>, path = CHECK): Promise<Answer> =>
  await send(fixture.app, 'GET', path, { token, headers });

const logIn = async (headers: Readonly<Record<string, string>>, body?: object): Promise<Answer> =>
  await send(fixture.app, 'POST', LOGINS, { token, headers, ...(body === undefined ? {} : { body }) });

beforeAll(async () => {
  fixture = await Fixture.start({
    clientCertHeader: 'haproxy',
    trustedProxies: ['127.0.0.1'],
    corsOrigins: [ORIGIN],
  });
  token = await fixture.app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway' });
  const extensions = { subjectKeyIdentifier: true } as const;
  jane = await issueCertificate({ subject: [{ CN: ['Jane'] }], extensions });
  await fixture.register('cert', { certificate: jane.pem });
});

afterAll(async () => await fixture.app.close());

const credential = async () => (await fixture.read(`${fixture.path()}/cert`)).body;

test('15.9 a certificate that can log in is 204 with the user, the credential and the time, and nothing is written', async () => {
  await check(sent(jane));
  const statements = await statementsOf(fixture.app.dataSource, async () => {
    const { status, headers } = await check(sent(jane));
    const names = ['X-User-Ext-Id', 'X-Credential-Ext-Id', 'X-Usable-Until'];
    expect([status, ...names.map((name) => headers.get(name))]).toEqual([
      204,
      'helper-7',
      'cert',
      '2027-01-01T00:00:00Z',
    ]);
  });
  expect(statements.filter((text) => /\b(?:insert|update|delete)\b/i.test(text))).toEqual([]);
  expect((await credential()).successfulLoginCount).toBe(0);
});

test('15.9 every other outcome is 403 without a word about the credential, and nothing is written', async () => {
  const stranger = await issueCertificate({ subject: [{ CN: ['Jane'] }], serial: jane.certificate.serialNumber });
  const { version } = await credential();
  const path = `${fixture.path()}/cert`;
  const change = { token: fixture.token, body: { version, stateName: 'disabled' } };
  expect((await send(fixture.app, 'PATCH', path, change)).status).toBe(200);
  for (const headers of [sent(jane), sent(stranger), {}]) {
    const answer = await check(headers);
    expect(refusalOf(answer)).toEqual([403, ['errors.loginDenied']]);
    expect([...answer.headers.keys()].filter((name) => name.endsWith('-ext-id'))).toEqual([]);
  }
  const refusals: unknown = await fixture.app.dataSource.query('select 1 from login_refusals');
  expect(refusals).toEqual([]);
  const { failedLoginCount } = await credential();
  expect(failedLoginCount).toBe(0);
  const back = { token: fixture.token, body: { version: version + 1, stateName: 'active' } };
  expect((await send(fixture.app, 'PATCH', path, back)).status).toBe(200);
});

test('15.9 a gateway that allows every 2xx must not ask L10: its status is 200 whatever the outcome', async () => {
  const stranger = await issueCertificate({ subject: [{ CN: ['Jane'] }] });
  const { status, body } = await logIn(sent(stranger));
  expect([status, body.outcome]).toEqual([200, 'failed']);
  expect((await check(sent(stranger))).status).toBe(403);
});

test('15.9 no method but GET and HEAD gets a 2xx of L12, so that a gateway may pass on that of its caller', async () => {
  const preflight = { Origin: ORIGIN, 'Access-Control-Request-Method': 'GET' };
  const head = await send(fixture.app, 'HEAD', CHECK, { token, headers: sent(jane) });
  expect(head.status).toBe(204);
  for (const method of ['OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY']) {
    for (const path of [CHECK, `${CHECK}?a=b`, `${CHECK}/`]) {
      const { status } = await fetch(fixture.app.url + path, {
        method,
        headers: { ...preflight, ...sent(jane), Authorization: `Bearer ${token}` },
      });
      expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true]);
    }
  }
});

test('15.1 a forwarded certificate logs in without a body', async () => {
  const { body } = await logIn(sent(jane));
  expect(body).toMatchObject({ outcome: 'ok', userExtId: 'helper-7' });
});

test('15.1 a body and a header together, a header that cannot be read, and neither are 400', async () => {
  const malformed = [400, ['errors.malformedRequest']];
  expect(refusalOf(await logIn(sent(jane), { certificate: jane.pem }))).toEqual(malformed);
  expect(refusalOf(await logIn({ 'X-SSL-Client-DER': 'x' }))).toEqual(malformed);
  expect(refusalOf(await check({ 'X-SSL-Client-DER': 'x' }))).toEqual(malformed);
  expect(refusalOf(await logIn({}))).toEqual(malformed);
});

test('15.9 L12 needs the right, and a client that exists', async () => {
  const helpdesk = await fixture.app.token({ roles: ['nevisIdm.Helpdesk'] });
  const weak = await send(fixture.app, 'GET', CHECK, { token: helpdesk, headers: sent(jane) });
  expect(refusalOf(weak)).toEqual([403, ['errors.permissionDenied']]);
  const everywhere = await fixture.app.token({ data_room: { clients: ['*'] } });
  for (const headers of [sent(jane), {}]) {
    const answer = await send(fixture.app, 'GET', `${CORE}/nowhere/certificate-logins/check`, {
      token: everywhere,
      headers,
    });
    expect(refusalOf(answer)).toEqual([404, ['errors.noRecord']]);
  }
});

test('15.2 logins are counted by outcome and measured', async () => {
  await logIn(sent(jane));
  const text = await (await fetch(`${fixture.app.url}/metrics`)).text();
  expect(text).toMatch(/certkeep_logins_total\{outcome="ok"\} [1-9]/);
  expect(text).toContain('certkeep_logins_total{outcome="locked"} 0');
  expect(text).toMatch(/certkeep_login_duration_seconds_count\{outcome="ok"\} [1-9]/);
});
