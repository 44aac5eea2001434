import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type IssuedCertificate, issueCertificate } from '../../../test/support/pki.js';
import type { CertificateHeaderForm } from '../../common/certificate-header-form.js';
import type { Settings } from '../../config/settings.js';
import { type ClientCertificate, ClientCertificates } from './client-certificates.js';

/** The peers of the tests: a trusted proxy, and anybody else. */
const [PROXY, STRANGER] = ['127.0.0.1', '127.0.0.2'];

let jane: IssuedCertificate;
let other: IssuedCertificate;
let server: Server;
let form: CertificateHeaderForm | undefined;
let found: ClientCertificate;

beforeAll(async () => {
  [jane, other] = await Promise.all([
    issueCertificate({ subject: 'CN=Jane Doe' }),
    issueCertificate({ subject: 'CN=Other' }),
  ]);
  server = createServer((request, response) => {
    const settings = { trustedProxies: [PROXY], clientCertHeader: form } as unknown as Settings;
    found = new ClientCertificates(settings).of(request as Request);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => void server.close());

/** Headers as names and values in turn, so that a name may be sent twice. */
async function ask(headers: readonly string[], peer = PROXY): Promise<ClientCertificate> {
  const { port } = server.address() as AddressInfo;
  const all = ['Host', 'x', 'Connection', 'close', ...headers];
  const request = httpRequest({ host: '127.0.0.1', port, localAddress: peer, headers: all, agent: false }).end();
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
  await text(response as never);
  return found;
}

const FORMS: readonly [CertificateHeaderForm, string, (of: IssuedCertificate) => string][] = [
  ['rfc9440', 'Client-Cert', ({ der }) => `:${der.toString('base64')}:`],
  ['xfcc', 'X-Forwarded-Client-Cert', ({ pem }) => `By=spiffe://edge;Cert="${encodeURIComponent(pem)}";Subject="CN=a"`],
  ['nginx', 'X-SSL-Client-Cert', ({ pem }) => encodeURIComponent(pem)],
  ['haproxy', 'X-SSL-Client-DER', ({ der }) => der.toString('base64')],
  ['alb', 'X-Amzn-Mtls-Clientcert-Leaf', ({ pem }) => encodeURIComponent(pem).replaceAll('%2B', '+')],
];

describe.each(FORMS)('15.1 the form %s', (of, name, value) => {
  beforeAll(() => void (form = of));

  test.each(['as it is', 'in lower case', 'in upper case'])('ok/a header %s', async (letters) => {
    const sent = letters === 'as it is' ? name : letters === 'in lower case' ? name.toLowerCase() : name.toUpperCase();
    const answer = await ask([sent, value(jane)]);
    expect(answer).toMatchObject({ kind: 'presented', source: of, chain: [] });
    expect(answer.kind === 'presented' && answer.certificate.der).toEqual(jane.der);
  });

  test('fail/a header from an untrusted peer', async () => {
    expect(refusalOf(await ask([name, value(jane)], STRANGER))).toContain('TRUSTED_PROXIES');
  });

  test('fail/a header from an untrusted peer in another letter case', async () => {
    expect(refusalOf(await ask([name.toUpperCase(), value(jane)], STRANGER))).toContain('TRUSTED_PROXIES');
  });

  test('fail/a header from an untrusted peer with a forwarded address that is trusted', async () => {
    const headers = ['X-Forwarded-For', PROXY, 'Forwarded', `for=${PROXY}`, 'X-Real-IP', PROXY, name, value(jane)];
    expect(refusalOf(await ask(headers, STRANGER))).toContain('TRUSTED_PROXIES');
  });

  test('ok/a trusted proxy that forwards for anybody', async () => {
    expect(await ask(['X-Forwarded-For', '203.0.113.5', name, value(jane)])).toMatchObject({ kind: 'presented' });
  });

  test('fail/a header twice, the same or another, as of a proxy that did not remove that of its caller', async () => {
    expect(refusalOf(await ask([name, value(other), name, value(jane)]))).toContain('more than once');
    expect(refusalOf(await ask([name.toLowerCase(), value(jane), name.toUpperCase(), value(jane)]))).toContain(
      'more than once',
    );
  });

  test('fail/two values in one header', async () => {
    refusalOf(await ask([name, `${value(other)},${value(jane)}`]));
    refusalOf(await ask([name, `${value(other)}, ${value(jane)}`]));
  });

  test('fail/the values of every other form in this header', async () => {
    for (const [another, , foreign] of FORMS) {
      const isTheSame = another === of || (['nginx', 'alb'].includes(another) && ['nginx', 'alb'].includes(of));
      if (!isTheSame) refusalOf(await ask([name, foreign(jane)]));
    }
  });

  test('ok/the headers of every other form are ignored', async () => {
    const foreign = FORMS.filter(([another]) => another !== of).flatMap(([, header, write]) => [header, write(jane)]);
    expect(await ask(foreign)).toEqual({ kind: 'none' });
    expect(await ask(foreign, STRANGER)).toEqual({ kind: 'none' });
  });

  test('fail/what is no certificate', async () => {
    const nothing = Buffer.from('300302010a', 'hex');
    const pem = `-----BEGIN CERTIFICATE-----\n${nothing.toString('base64')}\n-----END CERTIFICATE-----\n`;
    refusalOf(await ask([name, value({ ...jane, der: nothing, pem })]));
  });

  test('fail/a certificate with data behind it', async () => {
    const der = Buffer.concat([jane.der, Buffer.from('00', 'hex')]);
    const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
    expect(refusalOf(await ask([name, value({ ...jane, der, pem })]))).toContain('after the end of the certificate');
  });
});

const sequence = ({ der }: IssuedCertificate): string => `:${der.toString('base64')}:`;

describe('15.1 the chain of RFC 9440', () => {
  beforeAll(() => void (form = 'rfc9440'));

  test('ok/it is read', async () => {
    const answer = await ask(['Client-Cert', sequence(jane), 'Client-Cert-Chain', sequence(other)]);
    expect(answer.kind === 'presented' && answer.chain.map(({ der }) => der)).toEqual([other.der]);
  });

  test('fail/a chain from an untrusted peer', async () => {
    expect(refusalOf(await ask(['Client-Cert-Chain', sequence(other)], STRANGER))).toContain('TRUSTED_PROXIES');
  });

  test('fail/a chain of a caller without a certificate, which the proxy did not remove', async () => {
    refusalOf(await ask(['Client-Cert-Chain', sequence(other)]));
  });

  test('fail/a chain with what is no certificate', async () => {
    refusalOf(await ask(['Client-Cert', sequence(jane), 'Client-Cert-Chain', ':MAMCAQo=:']));
  });
});

test('15.1 ok/without CLIENT_CERT_HEADER no header is read', async () => {
  form = undefined;
  for (const [, name, value] of FORMS) expect(await ask([name, value(jane)])).toEqual({ kind: 'none' });
});

/** The message of a certificate that is not believed. */
function refusalOf(answer: ClientCertificate): string {
  expect(answer.kind).toBe('refused');
  const { error } = answer as Extract<ClientCertificate, { kind: 'refused' }>;
  expect(error.code).toBe('errors.malformedRequest');
  return error.message;
}
