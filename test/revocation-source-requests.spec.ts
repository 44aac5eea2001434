import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { PUBLIC_ONLY } from '../src/outgoing/address-rule.js';
import { exchange } from '../src/outgoing/exchange.js';
import { OutgoingClient } from '../src/outgoing/outgoing-client.js';
import type { SourceRequest } from '../src/outgoing/outgoing-request.js';
import { NameServer } from './support/name-server.js';

const MEBIBYTE = 1024 * 1024;
const SILENT = 'silent.example';

/** What the server sends on a new connection, whatever it is asked. */
const RAW: Readonly<Record<string, string>> = {
  '/garbage': 'this is not HTTP\r\n\r\n',
  '/http-0.9': '<html>a CRL, they said</html>',
  '/upgrade': 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: tls\r\n\r\n',
  '/interim': 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000),
  '/headers': `HTTP/1.1 200 OK\r\n${'X-Filler: 0123456789\r\n'.repeat(1_000)}\r\n`,
  '/header-line': `HTTP/1.1 200 OK\r\nX-Filler: ${'0'.repeat(100_000)}\r\n\r\n`,
  '/two-lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
  '/negative': 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab',
  '/both-lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  '/gzip': 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx',
  '/gzip-transfer': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
  '/crumbs': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(30_000)}`,
  '/declared': `HTTP/1.1 200 OK\r\nContent-Length: ${10 * MEBIBYTE + 1}\r\n\r\n`,
  '/trickle': 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx',
  '/nothing': '',
};

const http = createServer((request, response) => answer(request, response));
const raw = createTcpServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (head) => {
    const [, path = ''] = /^GET (\S+) /.exec(head.toString('latin1')) ?? [];
    rawSockets.push(socket);
    const text = RAW[path];
    if (path === '/broken') socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    else if (path === '/closed') socket.destroy();
    else if (text !== undefined) socket.write(text);
  });
});
const rawSockets: Socket[] = [];
const requests: IncomingMessage[] = [];
const hanging = new Map<ServerResponse, string>();
let names: NameServer;
let client: OutgoingClient;
let port: number;
let rawPort: number;

function answer(request: IncomingMessage, response: ServerResponse): void {
  requests.push(request);
  const status = Number(/^\/status\/(\d+)$/.exec(request.url ?? '')?.[1]);
  if (status > 0) response.writeHead(status, { Location: '/ok' }).end();
  else if (request.url === '/hangs') {
    hanging.set(response, request.headers.host ?? '');
    response.on('close', () => hanging.delete(response));
  } else if (request.url === '/endless') {
    const more = (): void => {
      while (response.write(Buffer.alloc(64 * 1024)));
      response.once('drain', more);
    };
    more();
  } else {
    response.writeHead(200, { 'Set-Cookie': 'a=b' });
    request.pipe(response);
  }
}

const ZONE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'allowed.example': [['127.0.0.1']],
  'private.example': [['10.1.2.3']],
  'metadata.example': [['169.254.169.254']],
  'mixed.example': [['93.184.215.14', '127.0.0.1', '10.1.2.3']],
  'nothing.example': [[]],
  // Every question but the first has another answer.
  'changing.example': [['127.0.0.1'], ['10.1.2.3']],
};

beforeAll(async () => {
  for (const server of [http, raw]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  port = (http.address() as AddressInfo).port;
  rawPort = (raw.address() as AddressInfo).port;
  names = await NameServer.start((name, count) => {
    if (name === SILENT) return undefined;
    const answers = ZONE[name];
    return answers === undefined ? ['127.0.0.1'] : answers[Math.min(count, answers.length - 1)];
  });
  client = new OutgoingClient([{ network: '127.0.0.1', ports: [port, rawPort] }], [names.address]);
});

beforeEach(() => {
  requests.length = 0;
});

afterAll(() => {
  client.close();
  names.close();
  http.closeAllConnections();
  http.close();
  for (const socket of rawSockets) socket.destroy();
  raw.close();
});

const send = async (url: string, more: Partial<SourceRequest> = {}) =>
  await client.send({
    url: new URL(url),
    maximumBytes: 10 * MEBIBYTE,
    signal: AbortSignal.timeout(20_000),
    destination: 'revocationSource',
    clientExtId: '100',
    ...more,
  });

test('13.3 a request has the host and the headers that were asked for, and a connection of its own', async () => {
  const headers = { accept: 'application/ocsp-response', 'content-type': 'application/ocsp-request' };
  for (const body of ['one', 'two']) {
    const { status, body: answered } = await send(`http://allowed.example:${port}/a?b`, {
      method: 'POST',
      headers,
      body,
    });
    expect([status, answered.toString()]).toEqual([200, body]);
  }
  expect(requests.map(({ method, url, headers: sent }) => ({ method, url, ...sent }))).toEqual(
    Array.from({ length: 2 }, () => ({
      method: 'POST',
      url: '/a?b',
      ...headers,
      host: `allowed.example:${port}`,
      connection: 'close',
      'accept-encoding': 'identity',
      'content-length': '3',
    })),
  );
  expect(new Set(requests.map(({ socket }) => socket)).size).toBe(2);
});

test.each([300, 301, 302, 303, 307, 308])('13.3 a redirect (%i) is a failure, and is not followed', async (status) => {
  await expect(send(`http://127.0.0.1:${port}/status/${status}`)).rejects.toMatchObject({ reason: 'refused' });
  expect(requests.map(({ url }) => url)).toEqual([`/status/${status}`]);
});

test.each([404, 500, 503])('13.3 any other status (%i) is returned', async (status) => {
  expect((await send(`http://127.0.0.1:${port}/status/${status}`)).status).toBe(status);
});

test.each([
  ['/garbage', 'unintelligible'],
  ['/http-0.9', 'unintelligible'],
  ['/upgrade', 'unintelligible'],
  ['/interim', 'unintelligible'],
  ['/headers', 'tooLarge'],
  ['/header-line', 'tooLarge'],
  ['/two-lengths', 'unintelligible'],
  ['/negative', 'unintelligible'],
  ['/both-lengths', 'unintelligible'],
  ['/gzip', 'unintelligible'],
  ['/gzip-transfer', 'unintelligible'],
  ['/crumbs', 'unintelligible'],
  ['/declared', 'tooLarge'],
  ['/broken', 'unreachable'],
  ['/closed', 'unreachable'],
])('13.3 a source that answers %s is %s', async (path, reason) => {
  await expect(send(`http://127.0.0.1:${rawPort}${path}`)).rejects.toMatchObject({ reason });
});

test('13.3 a response ends after 10 MiB, however much more the caller would accept', async () => {
  await expect(send(`http://127.0.0.1:${port}/endless`, { maximumBytes: 1e12 })).rejects.toThrow(
    `more than ${10 * MEBIBYTE} bytes`,
  );
});

test.each(['/trickle', '/nothing'])('13.3 the signal ends %s', async (path) => {
  const signal = AbortSignal.timeout(100);
  await expect(send(`http://127.0.0.1:${rawPort}${path}`, { signal })).rejects.toMatchObject({ reason: 'timeout' });
});

test('13.3 a response that is not complete ends by itself, whatever the signal', async () => {
  const { signal } = new AbortController();
  await expect(send(`http://127.0.0.1:${rawPort}/trickle`, { signal })).rejects.toMatchObject({ reason: 'timeout' });
});

test('13.3 a name server that does not answer is ended by the signal', async () => {
  const signal = AbortSignal.timeout(100);
  await expect(send(`http://${SILENT}:${port}/`, { signal })).rejects.toMatchObject({ reason: 'timeout' });
});

test.each([
  ['https://127.0.0.1:PORT/', 'refused'],
  ['ftp://127.0.0.1:PORT/', 'refused'],
  ['ldap://127.0.0.1:PORT/', 'refused'],
  ['file:///etc/passwd', 'refused'],
  ['http://user:secret@127.0.0.1:PORT/', 'refused'],
  ['http://127.0.0.1:PORT/#part', 'refused'],
  ['http://127.0.0.1:22/', 'refused'],
  ['http://127.0.0.1/', 'refused'],
  ['http://127.0.0.2:PORT/', 'refused'],
  ['http://2130706434:PORT/', 'refused'],
  ['http://0x7f.2:PORT/', 'refused'],
  ['http://0177.0.0.2:PORT/', 'refused'],
  ['http://0:PORT/', 'refused'],
  ['http://[::1]:PORT/', 'refused'],
  ['http://[::ffff:127.0.0.2]:PORT/', 'refused'],
  ['http://[fe80::1]:PORT/', 'refused'],
  ['http://169.254.169.254/latest/meta-data/', 'refused'],
  ['http://[::ffff:169.254.169.254]/', 'refused'],
  ['http://[fd00:ec2::254]/', 'refused'],
  ['http://localhost/', 'refused'],
  ['http://localhost:22/', 'refused'],
  ['http://a.localhost./', 'refused'],
  ['http://private.example:PORT/', 'refused'],
  ['http://private.example./', 'refused'],
  ['http://metadata.example/', 'refused'],
  ['http://mixed.example:PORT/', 'refused'],
  ['http://mixed.example/', 'refused'],
  ['http://nothing.example/', 'unreachable'],
  ['http://a..b/', 'unreachable'],
  [`http://${'a'.repeat(64)}.example/`, 'unreachable'],
])('13.3 nothing is sent to %s (%s)', async (url, reason) => {
  await expect(send(url.replace('PORT', String(port)))).rejects.toMatchObject({ reason });
  expect(requests).toEqual([]);
});

test('13.3 messages contain nothing of the URL', async () => {
  const urls = [
    `http://mixed.example:${port}/secret`,
    'http://secret.invalid:22/',
    `http://127.0.0.1:${rawPort}/closed`,
  ];
  for (const url of urls) {
    const failure = await send(url).catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).not.toMatch(/secret|mixed|127\.0\.0\.1/);
  }
});

test('13.3 an IPv4-mapped address is the IPv4 address', async () => {
  expect((await send(`http://[::ffff:127.0.0.1]:${port}/`)).status).toBe(200);
});

test.each(['localhost', 'LOCALHOST', 'a.localhost.'])(
  '13.3 %s has the loopback addresses that are allowed',
  async (host) => {
    expect((await send(`http://${host}:${port}/`)).status).toBe(200);
  },
);

test('13.3 DNS that changes its mind changes nothing: the address that was checked is the one that is used', async () => {
  expect((await send(`http://changing.example:${port}/`)).status).toBe(200);
  await expect(send(`http://changing.example:${port}/`)).rejects.toMatchObject({ reason: 'refused' });
  expect(requests).toHaveLength(1);
});

test('13.3 whatever a lookup says, nothing is sent to a connected address that is not permitted', async () => {
  let received = 0;
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => (received += bytes.length));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ended = once(server, 'connection').then(async ([socket]) => await once(socket as Socket, 'close'));
  const url = new URL(`http://public.example:${(server.address() as AddressInfo).port}/`);
  const signal = AbortSignal.timeout(20_000);
  const lies = exchange(
    { url, method: 'POST', body: 'x', maximumBytes: 1, signal, destination: 'public' },
    { agent: false, lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
    PUBLIC_ONLY,
  );
  await expect(lies).rejects.toMatchObject({ reason: 'refused' });
  await ended;
  expect(received).toBe(0);
  server.close();
});

test('13.3 a client has at most 40 connections, and 8 to one host; its sources never delay those of another', async () => {
  const caller = new AbortController();
  const { signal } = caller;
  let most = 0;
  const { promise: full, resolve } = Promise.withResolvers<void>();
  const count = (): void => {
    most = Math.max(most, hanging.size);
    if (most === 40) resolve();
  };
  http.on('request', count);
  const hang = async (host: string) => await send(`http://${host}:${port}/hangs`, { signal });
  const refusals: string[] = [];
  const attack = [
    ...Array.from({ length: 100 }, () => 'one.example'),
    ...Array.from({ length: 10_000 }, (_, index) => `h${index}.example`),
  ].map(async (host) => await hang(host).catch((error: { reason: string }) => refusals.push(error.reason)));
  await full;
  // What would have to wait behind 200 others is not asked at all.
  expect(refusals.filter((reason) => reason === 'overloaded').length).toBeGreaterThan(9_000);
  expect([...hanging.values()].filter((host) => host.startsWith('one.')).length).toBeLessThanOrEqual(8);
  expect((await send(`http://one.example:${port}/`, { clientExtId: '200' })).status).toBe(200);
  expect(most).toBe(40);
  caller.abort();
  await Promise.all(attack);
  expect(refusals).toHaveLength(10_100);
  http.off('request', count);
});
