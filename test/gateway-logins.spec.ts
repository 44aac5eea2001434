import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  type CertificateFiles,
  CertificateProxy,
  documentedLines,
  opensslCertificate,
} from './support/certificate-proxy.js';
import { Fixture } from './support/fixture.js';
import { freePort } from './support/free-port.js';
import { isHaproxyMissing } from './support/haproxy.js';
import { CORE, send } from './support/http.js';
import { isNginxMissing } from './support/nginx.js';
import { SettingsFolder } from './support/settings-folder.js';
import { sendByTls, type TlsSending } from './support/tls-client.js';

interface KeyPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const LOGINS = `${CORE}/100/certificate-logins`;
const TRUSTED = { trustedProxies: ['127.0.0.1'] } as const;

let folder: SettingsFolder;
let authority: CertificateFiles;
let jane: KeyPair;
/** Of the same CA, but registered nowhere. */
let stranger: KeyPair;

let fixture: Fixture;
let upstream: number;
let proxy: CertificateProxy | undefined;
let token: string;
/** How often certkeep has been asked. */
let questions = 0;

beforeAll(() => {
  folder = new SettingsFolder();
  authority = opensslCertificate(folder.path, 'Acme CA');
  [jane, stranger] = ['Jane Doe', 'Stranger'].map((name) => {
    const { cert, key } = opensslCertificate(folder.path, name, authority);
    return { cert: readFileSync(cert), key: readFileSync(key) };
  }) as [KeyPair, KeyPair];
});

afterAll(() => folder.remove());

afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
  await setState('active');
});

/** Registers Jane's certificate under a policy that requires a path from the CA. */
async function startCertkeep(clientCertHeader: 'nginx' | 'haproxy'): Promise<void> {
  fixture = await Fixture.start({ ...TRUSTED, clientCertHeader });
  const { app } = fixture;
  // OpenSSL makes them valid from now on.
  app.clock.set(new Date(Date.parse(new X509Certificate(jane.cert).validFrom) + 3_600_000));
  const post = async (path: string, body: object): Promise<void> => {
    const answer = await send(app, 'POST', `${CORE}/100/${path}`, { token: await app.token(), body });
    expect(answer.status).toBe(201);
  };
  await post('trust-anchor-sets', { extId: 'acme', name: 'Acme', anchors: readFileSync(authority.cert, 'utf8') });
  const policy = { policyType: 'CertificatePolicy', extId: 'chained', name: 'Chained' };
  await post('policies', { ...policy, parameters: { trustAnchors: 'acme' } });
  const certificate = jane.cert.toString();
  await post('users/helper-7/certificates', { extId: 'cert', certificate, policyExtId: 'chained' });
  token = await app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway' });
  app.server.on('request', ({ url }) => (questions += url?.endsWith('/certificate-logins/check') === true ? 1 : 0));
  upstream = (app.server.address() as AddressInfo).port;
}

async function setState(stateName: string): Promise<void> {
  const sending = { token: await fixture.app.token(), body: { stateName } };
  expect((await send(fixture.app, 'PATCH', `${fixture.path()}/cert`, sending)).status).toBe(200);
}

const ask = async (sending: TlsSending = {}): Promise<[number | undefined, string]> => {
  const { status, text } = await sendByTls(proxy?.port ?? 0, '/reports', sending);
  return [status, status === 200 ? text : ''];
};

async function startNginx(isCached: boolean, gatewayToken = token, port = upstream): Promise<void> {
  const lines = await documentedLines('nginx-auth-request');
  const cache = isCached ? await documentedLines('nginx-auth-request-cache') : '';
  const http = isCached ? await documentedLines('nginx-auth-request-http') : '';
  const all = lines.replace(/ *# The lines below go here\.\n/, cache);
  expect(all).not.toBe(lines);
  proxy = await CertificateProxy.start('nginx', all, port, { http, token: gatewayToken });
}

const askHaproxy = async (
  method: string,
  path: string,
  sending: TlsSending = {},
): Promise<[number | undefined, unknown]> => {
  const headers = { ...sending.headers, Authorization: `Bearer ${token}` };
  const { status, text } = await sendByTls(proxy?.port ?? 0, path, { ...sending, method, headers });
  return [status, text === '' ? undefined : JSON.parse(text)];
};

describe.skipIf(isNginxMissing())('15.9 nginx with auth_request, by the lines of docs/gateways.md', () => {
  beforeAll(async () => await startCertkeep('nginx'));

  afterAll(async () => await fixture.app.close());

  describe.each([
    ['uncached', false],
    ['cached', true],
  ])('%s', (_title, isCached) => {
    beforeEach(async () => await startNginx(isCached));

    test('15.9 ok/the application receives the user of the certificate, whatever the caller sends', async () => {
      expect(await ask(jane)).toEqual([200, 'GET helper-7']);
      const headers = {
        'X-User-Ext-Id': 'admin-1',
        'X-SSL-Client-Cert': encodeURIComponent(stranger.cert.toString()),
        'X-Forwarded-For': '127.0.0.1',
        Authorization: 'Bearer x',
      };
      expect(await ask({ ...jane, headers })).toEqual([200, 'GET helper-7']);
    });

    test.each(['POST', 'OPTIONS'])('15.9 ok/a request by %s with a body', async (method) => {
      const chunked = { 'Transfer-Encoding': 'chunked' };
      expect(await ask({ ...jane, method, body: 'x'.repeat(10_000) })).toEqual([200, `${method} helper-7`]);
      expect(await ask({ ...jane, method, body: 'x', headers: chunked })).toEqual([200, `${method} helper-7`]);
      expect(await ask({ ...stranger, method, body: 'x' })).toEqual([403, '']);
    });

    test('15.9 fail/an unknown certificate and none, whatever the caller sends, and after others have logged in', async () => {
      for (let time = 0; time < 2; time += 1) {
        const headers = { 'X-SSL-Client-Cert': encodeURIComponent(jane.cert.toString()), 'X-User-Ext-Id': 'helper-7' };
        for (const client of [stranger, {}]) {
          expect(await ask(client)).toEqual([403, '']);
          expect(await ask({ ...client, headers })).toEqual([403, '']);
        }
        expect(await ask(jane)).toEqual([200, 'GET helper-7']);
      }
    });

    test('15.9 a refusal is never remembered', async () => {
      await setState('disabled');
      expect(await ask(jane)).toEqual([403, '']);
      await setState('active');
      expect(await ask(jane)).toEqual([200, 'GET helper-7']);
    });

    test('15.9 nobody but nginx itself can ask the inner location', async () => {
      const { status } = await sendByTls(proxy?.port ?? 0, '/certificate-login', jane);
      expect(status).toBe(404);
    });
  });

  test('15.9 uncached, a certificate that was disabled is refused at once', async () => {
    await startNginx(false);
    const before = questions;
    for (let time = 0; time < 3; time += 1) {
      expect(await ask(jane)).toEqual([200, 'GET helper-7']);
      await setState('disabled');
      expect(await ask(jane)).toEqual([403, '']);
      await setState('active');
    }
    expect(questions).toBe(before + 6);
  });

  test('15.9 cached, certkeep is asked less often, and a certificate that was disabled is refused in the end', async () => {
    await startNginx(true);
    await expect
      .poll(async () => {
        const before = questions;
        for (let time = 0; time < 3; time += 1) expect((await ask(jane))[0]).toBe(200);
        return questions - before;
      })
      .toBeLessThan(3);
    await setState('disabled');
    await expect.poll(async () => (await ask(jane))[0]).toBe(403);
  });

  test.each([
    ['is not accepted', 401, async () => await Promise.resolve('x')],
    ['lacks the right', 403, async () => await fixture.app.token({ roles: ['nevisIdm.Helpdesk'] })],
  ])('15.9 fail/a gateway whose token %s', async (_title, status, gatewayToken) => {
    await startNginx(true, await gatewayToken());
    expect(await ask(jane)).toEqual([status, '']);
  });

  test('15.9 fail/while certkeep cannot be reached nobody passes', async () => {
    await startNginx(true, token, await freePort());
    expect(await ask(jane)).toEqual([500, '']);
  });

  test('15.9 fail/a gateway that asks L10 in place of L12 by mistake lets nobody pass', async () => {
    const lines = await documentedLines('nginx-auth-request');
    const wrong = lines.replace('/certificate-logins/check', '/certificate-logins');
    proxy = await CertificateProxy.start('nginx', wrong, upstream, { token });
    expect(await ask(jane)).toEqual([500, '']);
    expect(await ask({ ...jane, method: 'POST', body: '{}' })).toEqual([500, '']);
  });
});

describe.skipIf(isHaproxyMissing())('15.1 HAProxy, by the lines of docs/gateways.md', () => {
  beforeAll(async () => await startCertkeep('haproxy'));

  afterAll(async () => await fixture.app.close());

  beforeEach(async () => {
    proxy = await CertificateProxy.start('haproxy', await documentedLines('haproxy'), upstream);
  });

  test('15.1 ok/L10 logs in the user of the certificate, whatever the caller sends', async () => {
    const forged = { 'X-SSL-Client-DER': new X509Certificate(stranger.cert).raw.toString('base64') };
    for (const headers of [{}, forged]) {
      const [status, body] = await askHaproxy('POST', LOGINS, { ...jane, headers });
      expect([status, body]).toMatchObject([200, { outcome: 'ok', userExtId: 'helper-7', extId: 'cert' }]);
    }
    expect(await fixture.app.dataSource.query('select successes from credentials')).toEqual([{ successes: 2 }]);
  });

  test('15.1 fail/L10 with an unknown certificate, and without one, although the caller sends that of another', async () => {
    const headers = { 'X-SSL-Client-DER': new X509Certificate(jane.cert).raw.toString('base64') };
    expect(await askHaproxy('POST', LOGINS, { ...stranger, headers })).toMatchObject([200, { outcome: 'failed' }]);
    expect((await askHaproxy('POST', LOGINS, { headers }))[0]).toBe(400);
  });

  test('15.9 L12 by the same lines', async () => {
    const headers = { 'X-SSL-Client-DER': new X509Certificate(jane.cert).raw.toString('base64') };
    expect((await askHaproxy('GET', `${LOGINS}/check`, jane))[0]).toBe(204);
    expect((await askHaproxy('GET', `${LOGINS}/check`, { ...stranger, headers }))[0]).toBe(403);
    expect((await askHaproxy('GET', `${LOGINS}/check`, { headers }))[0]).toBe(403);
    await setState('disabled');
    expect((await askHaproxy('GET', `${LOGINS}/check`, jane))[0]).toBe(403);
  });
});
