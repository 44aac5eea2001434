import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { OutgoingClient } from '../src/outgoing/outgoing-client.js';
import type { TrustedRequest } from '../src/outgoing/outgoing-request.js';
import { keyPair, privateKeyPem } from './support/keys.js';
import { issueCertificate } from './support/pki.js';

const client = new OutgoingClient();
const answers: Record<string, RequestListener> = {
  '/ok': (request, response) => {
    response.writeHead(200, { 'X-Asked': JSON.stringify([request.method, request.headers['accept-encoding']]) });
    request.pipe(response);
  },
  '/moved': (_request, response) => response.writeHead(302, { Location: '/ok' }).end('moved'),
  '/missing': (_request, response) => response.writeHead(404).end('no'),
  '/coded': (_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('x'),
  '/declared': (_request, response) => response.writeHead(200, { 'Content-Length': '101' }).end('x'.repeat(101)),
  '/endless': (_request, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (response.write('x'.repeat(64)));
      response.once('drain', more);
    };
    more();
  },
  '/broken': (_request, response) => {
    response.writeHead(200, { 'Content-Length': '50' });
    response.write('half');
    setImmediate(() => response.destroy());
  },
  '/silent': () => undefined,
  '/late': (_request, response) => void setTimeout(() => response.end('late'), 100),
  '/slow': (_request, response) => void response.writeHead(200).write('x'),
};

const listener: RequestListener = (request, response) => answers[request.url ?? '']?.(request, response);
// It closes no idle connection.
const plain = createServer({ keepAliveTimeout: 0 }, listener);
let tls: Server;
let port: number;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  port = await listen(plain);
  const keys = await keyPair('EC-P256', 'server');
  const { pem } = await issueCertificate({ subject: 'CN=127.0.0.1', keys });
  tls = createTlsServer({ key: await privateKeyPem(keys.privateKey), cert: pem }, listener);
});

afterAll(() => {
  client.close();
  for (const server of [plain, tls]) {
    server.closeAllConnections();
    server.close();
  }
});

const send = async (path: string, more: Partial<TrustedRequest> = {}, by = client) =>
  await by.send({
    url: new URL(path, `http://127.0.0.1:${port}`),
    maximumBytes: 100,
    signal: AbortSignal.timeout(60_000),
    destination: 'configured',
    ...more,
  });

test('a request is sent unchanged, and its answer is read to the end, whatever its status', async () => {
  const posted = await send('/ok', { method: 'POST', body: 'hello' });
  expect([posted.status, posted.body.toString(), posted.headers['x-asked']]).toEqual([
    200,
    'hello',
    '["POST","identity"]',
  ]);
  expect((await send('/missing')).status).toBe(404);
});

test('an idle connection is closed before the other side closes it, and one in use is not', async () => {
  const impatient = new OutgoingClient([], undefined, 20);
  const connected = once(plain, 'connection') as Promise<[Socket]>;
  expect((await send('/late', {}, impatient)).status).toBe(200);
  const [socket] = await connected;
  if (!socket.destroyed) await once(socket, 'close');
  expect(socket.bytesWritten).toBeGreaterThan(0);
});

test('a redirect is not followed', async () => {
  expect((await send('/moved')).status).toBe(302);
});

test.each([
  ['/coded', 'the response has a content coding'],
  ['/declared', 'the response has more than 100 bytes'],
  ['/endless', 'the response has more than 100 bytes'],
])('%s: %s', async (path, message) => {
  await expect(send(path)).rejects.toThrow(message);
});

test('an answer that breaks off is unreachable', async () => {
  await expect(send('/broken')).rejects.toMatchObject({ reason: 'unreachable' });
});

test.each(['/silent', '/slow'])('%s: the time limit covers head and body', async (path) => {
  await expect(send(path, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ reason: 'timeout' });
});

test.each([
  'http://example.com/',
  'http://10.0.0.1/',
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  'https://user:secret@127.0.0.1/',
  'https://user@127.0.0.1/',
])('no request is sent to %s', async (url) => {
  await expect(send('', { url: new URL(url) })).rejects.toThrow(/must use https|must not contain credentials/);
});

test.each([
  '127.0.0.1',
  '[::1]',
  'localhost',
  '10.0.0.1',
  '169.254.169.254',
  '2130706433',
  '0x7f.1',
  '[::ffff:7f00:1]',
])('no request to https://%s is sent where only public addresses are allowed', async (host) => {
  const url = new URL(`https://${host}:${port}/ok`);
  await expect(send('', { url, destination: 'public' })).rejects.toThrow('the host has an address that is not public');
});

test('an untrusted certificate ends the request', async () => {
  const tlsPort = await listen(tls);
  await expect(send('', { url: new URL(`https://127.0.0.1:${tlsPort}/ok`) })).rejects.toThrow(
    /self-signed|certificate/,
  );
});
