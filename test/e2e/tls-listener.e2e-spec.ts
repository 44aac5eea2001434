/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { ServerCertificate } from '../../src/commands/server-certificate.js';
import { TlsListener } from '../../src/commands/tls-listener.js';
import { Database } from '../../src/database/database.js';
import { Connections } from '../../src/http/connections.js';
import { createLogger } from '../../src/http/logger.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { fillFor } from '../support/full-queue.js';
import { CORE } from '../support/http.js';
import { keyPair } from '../support/keys.js';
import { type IssuedCertificate, issueCertificate, testAuthority } from '../support/pki.js';
import { SettingsFolder } from '../support/settings-folder.js';
import { clientCertificate, showCertificate } from '../support/tls-client.js';

const sha256Of = ({ der }: IssuedCertificate): string => hash('sha256', der, 'hex');

let folder: SettingsFolder;
let app: TestApp;
let listener: TlsListener;
/** The same with little time for a handshake. */
let hasty: TlsListener;
let port: number;
let hastyPort: number;
let token: string;
let authority: IssuedCertificate;
let jane: IssuedCertificate;
const sockets: Socket[] = [];
const log: string[] = [];

beforeAll(async () => {
  folder = new SettingsFolder();
  authority = await testAuthority();
  jane = await issueCertificate({ subject: 'CN=Jane Doe', issuer: authority });
  await writeServerCertificate('first.example');
  const settings = {
    port: 0,
    certificateFile: `${folder.path}/server.pem`,
    keyFile: `${folder.path}/server.key`,
    clientCaFile: folder.file('ca.pem', authority.pem),
  };
  app = await startApp({ maxConnections: 150, trustedProxies: ['127.0.0.2'], clientCertHeader: 'rfc9440' });
  await new Builders(app.dataSource).client('100');
  token = await app.token({ roles: ['nevisIdm.Gateway'] });
  const logger = createLogger('info', { write: (line: string) => void log.push(line) });
  const parts = { server: app.server, connections: app.get(Connections), scheduler: app.scheduler, logger };
  const certificate = await ServerCertificate.read(settings, logger);
  // Many handshakes at once take their time on a busy machine.
  listener = new TlsListener(parts, certificate, 120_000);
  hasty = new TlsListener(parts, certificate, 300);
  ({ port } = await listener.sockets.open(0, '127.0.0.1'));
  ({ port: hastyPort } = await hasty.sockets.open(0, '127.0.0.1'));
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await expect.poll(() => app.get(Connections).open).toBe(0);
});

afterAll(async () => {
  app.server.closeAllConnections();
  await Promise.all([listener.close(), hasty.close()]);
  await app.close();
  folder.remove();
});

async function writeServerCertificate(name: string): Promise<void> {
  const keys = await keyPair('EC-P256', name);
  const { cert, key } = await clientCertificate(await issueCertificate({ subject: `CN=${name}`, keys }));
  folder.file('server.pem', cert);
  folder.file('server.key', key);
}

async function shakeHands(options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  sockets.push(socket);
  await once(socket, 'secureConnect');
  // In TLS 1.3 the server may still refuse what the client considers finished.
  socket.on('error', () => undefined);
  return socket;
}

const serverName = async (): Promise<unknown> => {
  const socket = await shakeHands();
  const { CN: name } = socket.getPeerCertificate().subject;
  socket.destroy();
  return name;
};

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  '15.1 ok/a client with a certificate and its issuer, %s',
  async (version) => {
    const options = { ...(await clientCertificate(jane, [authority])), minVersion: version, maxVersion: version };
    const { status, body } = await showCertificate(port, token, options);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcome: 'presented',
      isTls: true,
      certificate: { subject: 'CN=Jane Doe', sha256: sha256Of(jane) },
      chainLength: 1,
    });
  },
);

test('15.1 ok/a client without a certificate', async () => {
  expect((await showCertificate(port, token)).body).toMatchObject({
    outcome: 'none',
    message: 'The client has sent no certificate in the TLS handshake.',
    certificate: null,
  });
});

test.each([
  ['an expired certificate', { notBefore: '2020-01-01T00:00:00Z', notAfter: '2021-01-01T00:00:00Z' }],
  ['a certificate that is not valid yet', { notBefore: '2090-01-01T00:00:00Z', notAfter: '2091-01-01T00:00:00Z' }],
  ['a self-signed certificate', {}],
  ['a certificate with a weak signature', { keyType: 'RSA-2048', hash: 'SHA-1' }],
] as const)('15.1 ok/%s is shown: the login routes decide', async (_title, request) => {
  const certificate = await issueCertificate({ subject: 'CN=Other', ...request });
  const { body } = await showCertificate(port, token, await clientCertificate(certificate));
  expect(body).toMatchObject({ outcome: 'presented', certificate: { sha256: sha256Of(certificate) } });
});

test('15.1 fail/a certificate of the connection and one in a header', async () => {
  const headers = { 'Client-Cert': `:${jane.der.toString('base64')}:` };
  const { body } = await showCertificate(port, token, { ...(await clientCertificate(jane)), headers });
  expect(body).toMatchObject({ outcome: 'refused', certificate: null });
});

test('15.1 ok/each request of a connection presents the certificate of its handshake', async () => {
  const socket = await shakeHands(await clientCertificate(jane));
  for (let number = 0; number < 3; number += 1) {
    socket.write(`GET /api/client-certificate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    expect(String((await once(socket, 'data'))[0])).toContain(sha256Of(jane));
  }
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a session is not resumed, so that its certificate is never another one, %s',
  async (version) => {
    const range = { minVersion: version, maxVersion: version } as const;
    const first = await shakeHands({ ...range, ...(await clientCertificate(jane)) });
    let session: Buffer | undefined = first.getSession();
    first.on('session', (newer: Buffer) => (session = newer));
    first.write(`GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(first, 'data');
    const second = await shakeHands({ ...range, ...(session === undefined ? {} : { session }) });
    expect(second.isSessionReused()).toBe(false);
    second.write(`GET /api/client-certificate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    expect(String((await once(second, 'data'))[0])).toContain('"outcome":"none"');
  },
);

test('TLS 1.1 is refused', async () => {
  const range = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await expect(shakeHands(range)).rejects.toThrow(/version|protocol/i);
});

test('a renegotiation is refused', async () => {
  const socket = await shakeHands({ maxVersion: 'TLSv1.2' });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  socket.on('error', resolve);
  socket.renegotiate({ rejectUnauthorized: false }, resolve);
  expect(await promise).toBeInstanceOf(Error);
});

test('a protocol other than HTTP/1.1 is refused', async () => {
  await expect(shakeHands({ ALPNProtocols: ['h2'] })).rejects.toThrow();
  expect((await shakeHands({ ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('http/1.1');
});

test('the subjects of TLS_CLIENT_CA_FILE are sent as a hint', async () => {
  const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(await text(client.stdout)).toMatch(/Acceptable client certificate CA names\n.*Test Root CA/);
});

test.each([
  ['says nothing', Buffer.alloc(0)],
  ['sends the beginning of a handshake', Buffer.from('16030100', 'hex')],
])('a client that %s is closed in the end', async (_title, bytes) => {
  const socket = connectTcp(hastyPort, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined).resume();
  socket.write(bytes);
  await once(socket, 'close');
});

test('plain HTTP is closed', async () => {
  const socket = connectTcp(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined).resume();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'close');
});

test('connections are counted once, and before the handshake', async () => {
  const silent = connectTcp(port, '127.0.0.1');
  sockets.push(silent);
  silent.on('error', () => undefined);
  await expect.poll(() => app.get(Connections).open).toBe(1);
  await shakeHands();
  expect(app.get(Connections).open).toBe(2);
  silent.destroy();
  await expect.poll(() => app.get(Connections).open).toBe(1);
});

test('beyond the limit of an address, a connection is closed without a handshake', async () => {
  const { address } = app.get(Connections).refused;
  await Promise.all(Array.from({ length: 75 }, async () => await shakeHands()));
  await expect(shakeHands()).rejects.toThrow();
  expect(app.get(Connections).refused.address).toBe(address + 1);
});

test('100 connections at once each present a certificate', async () => {
  const options = { ...(await clientCertificate(jane)), localAddress: '127.0.0.2' };
  const shown = await Promise.all(Array.from({ length: 100 }, async () => await showCertificate(port, token, options)));
  expect(new Set(shown.map(({ body }) => (body as { certificate: { sha256: string } }).certificate.sha256))).toEqual(
    new Set([sha256Of(jane)]),
  );
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a caller that is refused, and sends the next request at once, is read later and served, %s',
  async (version) => {
    const { queue } = app.get(Database).connections;
    const path = `${CORE}/clients/100/users`;
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await app.token()}\r\n\r\n`;
    const socket = await shakeHands({ minVersion: version, maxVersion: version });
    const leaving = await shakeHands({ minVersion: version, maxVersion: version });
    const ask = async (from: TLSSocket): Promise<string> => {
      from.write(request);
      return String((await once(from, 'data'))[0]);
    };
    const giveBack = fillFor(queue, '100');
    for (let count = 0; count < 3; count += 1) expect(await ask(socket)).toContain('HTTP/1.1 503');
    // Its connection is not read when it ends; afterEach waits until it is counted no more.
    expect(await ask(leaving)).toContain('HTTP/1.1 503');
    leaving.destroy();
    await giveBack();
    expect(await ask(socket)).toContain('HTTP/1.1 200');
  },
);

test('changed files are used for new connections, and the old ones go on', async () => {
  await writeServerCertificate('first.example');
  await app.scheduler.runAll();
  const before = await shakeHands();
  await writeServerCertificate('second.example');
  expect(await serverName()).toBe('first.example');
  await app.scheduler.runAll();
  expect(await serverName()).toBe('second.example');
  before.write(`GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(String((await once(before, 'data'))[0])).toContain('HTTP/1.1 200');
  const { body } = await showCertificate(port, token, await clientCertificate(jane));
  expect(body).toMatchObject({ outcome: 'presented' });
});

test.each([
  ['the key is another one', async () => folder.file('server.key', (await clientCertificate(jane)).key), /not that of/],
  ['a file is cut off', () => folder.file('server.pem', '-----BEGIN'), /does not begin/],
])('while %s, the former files serve and the cause is logged once', async (_title, spoil, cause) => {
  await writeServerCertificate('good.example');
  await app.scheduler.runAll();
  await writeServerCertificate('broken.example');
  await spoil();
  const lines = log.length;
  await app.scheduler.runAll();
  await app.scheduler.runAll();
  expect(await serverName()).toBe('good.example');
  expect(log.slice(lines).filter((line) => cause.test(line))).toHaveLength(1);
  await writeServerCertificate('repaired.example');
  await app.scheduler.runAll();
  expect(await serverName()).toBe('repaired.example');
});
