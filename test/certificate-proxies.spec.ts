/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { CertificateHeaderForm } from '../src/common/certificate-header-form.js';
import { startApp, type TestApp } from './support/app.js';
import { CertificateProxy, documentedLines, opensslCertificate } from './support/certificate-proxy.js';
import { isHaproxyMissing } from './support/haproxy.js';
import { isNginxMissing } from './support/nginx.js';
import { SettingsFolder } from './support/settings-folder.js';
import { showCertificate } from './support/tls-client.js';

let folder: SettingsFolder;
let app: TestApp;
let proxy: CertificateProxy;
let jane: { readonly cert: Buffer; readonly key: Buffer };
let other: X509Certificate;

beforeAll(() => {
  folder = new SettingsFolder();
  const { cert, key } = opensslCertificate(folder.path, 'Jane Doe');
  jane = { cert: readFileSync(cert), key: readFileSync(key) };
  other = new X509Certificate(readFileSync(opensslCertificate(folder.path, 'Other').cert));
});

afterAll(() => folder.remove());

afterEach(async () => {
  await proxy.stop();
  await app.close();
});

async function start(form: CertificateHeaderForm, program: 'nginx' | 'haproxy', lines: string): Promise<string> {
  app = await startApp({ trustedProxies: ['127.0.0.1'], clientCertHeader: form });
  proxy = await CertificateProxy.start(program, lines, (app.server.address() as AddressInfo).port);
  return await app.token({ roles: ['nevisIdm.Gateway'] });
}

/** The lines for HAProxy with `rfc9440`: those of the documented block in place of the ones about `haproxy`. */
async function rfc9440Lines(): Promise<string> {
  const lines = (await documentedLines('haproxy')).split('\n').filter((line) => !line.includes('X-SSL-Client-DER'));
  return lines.join('\n') + (await documentedLines('haproxy-rfc9440'));
}

const der = (): string => other.raw.toString('base64');

describe.each<[CertificateHeaderForm, 'nginx' | 'haproxy', string, () => Promise<string>, () => string, boolean]>([
  [
    'nginx',
    'nginx',
    'X-SSL-Client-Cert',
    async () => await documentedLines('nginx'),
    () => encodeURIComponent(other.toString()),
    isNginxMissing(),
  ],
  ['haproxy', 'haproxy', 'X-SSL-Client-DER', async () => await documentedLines('haproxy'), der, isHaproxyMissing()],
  ['rfc9440', 'haproxy', 'Client-Cert', rfc9440Lines, () => `:${der()}:`, isHaproxyMissing()],
])('the form %s of a real %s, by the lines of docs/gateways.md', (form, program, header, lines, forged, isMissing) => {
  test.skipIf(isMissing)('15.1 ok/the client certificate of the handshake, whatever the caller sends', async () => {
    const token = await start(form, program, await lines());
    const expected = { outcome: 'presented', isTrustedProxy: true, isTls: false, header, chainLength: 0 };
    const certificate = { subject: 'CN=Jane Doe', sha256: sha256Of(jane.cert) };
    expect((await showCertificate(proxy.port, token, jane)).body).toMatchObject({ ...expected, certificate });
    for (const name of [header, header.toLowerCase(), header.toUpperCase()]) {
      const headers = { [name]: forged() };
      const { body } = await showCertificate(proxy.port, token, { ...jane, headers });
      expect(body).toMatchObject({ ...expected, certificate });
    }
  });

  test.skipIf(isMissing)('15.1 ok/no certificate, whatever the caller sends', async () => {
    const token = await start(form, program, await lines());
    for (const headers of [
      {},
      { [header]: forged() },
      { [header]: '' },
      { 'X-Forwarded-For': '127.0.0.1', [header]: forged() },
    ]) {
      const { body } = await showCertificate(proxy.port, token, { headers });
      expect(body).toMatchObject({ outcome: 'none', isTrustedProxy: true, certificate: null });
    }
  });
});

test.skipIf(isHaproxyMissing())('15.1 fail/a proxy that adds its header to that of the caller', async () => {
  const lines = (await documentedLines('haproxy'))
    .split('\n')
    .filter((line) => !line.includes('del-header'))
    .join('\n')
    .replace('set-header', 'add-header');
  const token = await start('haproxy', 'haproxy', lines);
  const { body } = await showCertificate(proxy.port, token, { ...jane, headers: { 'X-SSL-Client-DER': der() } });
  expect(body).toMatchObject({ outcome: 'refused', message: expect.stringContaining('more than once') });
});

function sha256Of(pem: Buffer): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}
