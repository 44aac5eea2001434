import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { json } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { CORE, send } from '../support/http.js';
import { type IssuedCertificate, issueCertificate } from '../support/pki.js';

const LOGINS = `${CORE}/100/certificate-logins`;
const [PROXY, STRANGER] = ['127.0.0.1', '127.0.0.2'];

let fixture: Fixture;
let token: string;
let jane: IssuedCertificate;
let other: IssuedCertificate;

const sequence = ({ der }: IssuedCertificate): string => `:${der.toString('base64')}:`;

beforeAll(async () => {
  fixture = await Fixture.start({ clientCertHeader: 'rfc9440', trustedProxies: [PROXY] });
  token = await fixture.app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway' });
  const extensions = { subjectKeyIdentifier: true } as const;
  jane = await issueCertificate({ subject: [{ CN: ['Jane'] }], extensions });
  other = await issueCertificate({ subject: [{ CN: ['Other'] }], extensions });
  await fixture.register('cert', { certificate: jane.pem });
});

afterAll(async () => await fixture.app.close());

/** The answer and its outcome or first code. `headers`: names and values in turn, so that a name may be sent twice. */
async function ask(method: 'GET' | 'POST', headers: readonly string[], localAddress: string): Promise<unknown[]> {
  const url = new URL(method === 'GET' ? `${LOGINS}/check` : LOGINS, fixture.app.url);
  const all = ['Host', url.host, 'Authorization', `Bearer ${token}`, 'Content-Length', '0', ...headers];
  const sent = httpRequest(url, { method, localAddress, headers: all, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  if (response.statusCode === 204) return [204, response.headers['x-user-ext-id']];
  const body = (await json(response)) as { outcome?: string; errors?: [{ code: string }] };
  return [response.statusCode, body.outcome ?? body.errors?.[0].code];
}

const stored = async (): Promise<unknown> =>
  await fixture.app.dataSource.query(
    `select successes, failures, version, (select count(*) from login_refusals) as refusals from credentials`,
  );

describe.each(['GET', 'POST'] as const)('15.1 attacks on the login routes by their headers, %s', (method) => {
  test.each<[string, () => readonly string[], string]>([
    ['a header from an untrusted peer', () => ['Client-Cert', sequence(jane)], STRANGER],
    ['a header from an untrusted peer in another letter case', () => ['cLIENT-cERT', sequence(jane)], STRANGER],
    [
      'a header from an untrusted peer with a forwarded address that names a trusted one',
      () => ['X-Forwarded-For', PROXY, 'Forwarded', `for=${PROXY}`, 'X-Real-IP', PROXY, 'Client-Cert', sequence(jane)],
      STRANGER,
    ],
    ['a header twice', () => ['Client-Cert', sequence(jane), 'Client-Cert', sequence(jane)], PROXY],
    [
      'the header of a caller before that of a trusted proxy, in another letter case',
      () => ['client-cert', sequence(jane), 'Client-Cert', sequence(other)],
      PROXY,
    ],
    [
      'the header of a caller joined with that of a trusted proxy',
      () => ['Client-Cert', `${sequence(jane)}, ${sequence(other)}`],
      PROXY,
    ],
    ["nginx's escaped form", () => ['Client-Cert', encodeURIComponent(jane.pem)], PROXY],
    ["HAProxy's form", () => ['Client-Cert', jane.der.toString('base64')], PROXY],
    ['only the chain of a caller', () => ['Client-Cert-Chain', sequence(jane)], PROXY],
  ])('15.1 fail/%s', async (_title, headers, peer) => {
    const before = await stored();
    expect(await ask(method, headers(), peer)).toEqual([400, 'errors.malformedRequest']);
    expect(await stored()).toEqual(before);
  });

  test("15.1 fail/the headers of other forms, of a proxy that does not remove its caller's", async () => {
    const headers = [
      'X-SSL-Client-Cert',
      encodeURIComponent(jane.pem),
      'X-SSL-Client-DER',
      jane.der.toString('base64'),
    ];
    const nobody = method === 'GET' ? [403, 'errors.loginDenied'] : [400, 'errors.malformedRequest'];
    expect(await ask(method, headers, PROXY)).toEqual(nobody);
  });

  test('15.2 fail/a registered certificate in the chain of one that is not', async () => {
    const headers = ['Client-Cert', sequence(other), 'Client-Cert-Chain', sequence(jane)];
    expect(await ask(method, headers, PROXY)).toEqual(method === 'GET' ? [403, 'errors.loginDenied'] : [200, 'failed']);
  });

  test('15.1 SECURITY.md: what a trusted proxy passes on alone is believed, so the proxy must remove it', async () => {
    expect(await ask(method, ['Client-Cert', sequence(jane)], PROXY)).toEqual(
      method === 'GET' ? [204, 'helper-7'] : [200, 'ok'],
    );
  });
});

test('15.1 elsewhere, the header of an untrusted peer is ignored', async () => {
  const headers = { 'Client-Cert': 'x' };
  const answer = await send(fixture.app, 'GET', `${fixture.path()}/cert`, { token: fixture.token, headers });
  expect(answer.status).toBe(200);
});
