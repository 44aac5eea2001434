import { once } from 'node:events';
import type { Socket } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { Metrics } from '../../src/http/metrics.js';
import { startApp, type TestApp } from '../support/app.js';
import { openSocket, readToEnd } from '../support/raw-http.js';

const GET = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';

/** A large answer that needs no token. */
const GET_LARGE = 'GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n';

let app: TestApp;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app.close();
});

function open(options: Parameters<typeof openSocket>[1] = {}): Socket {
  const socket = openSocket(app, options).on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** An idle connection: it has had one answer. */
async function openIdle(options: Parameters<typeof openSocket>[1] = {}): Promise<Socket> {
  const socket = open(options);
  socket.write(GET);
  expect(String((await once(socket, 'data'))[0])).toContain('HTTP/1.1 200');
  return socket;
}

/** A connection with an incomplete request. */
async function openBusy(options: Parameters<typeof openSocket>[1] = {}): Promise<Socket> {
  const accepted = once(app.server, 'connection');
  const socket = open(options);
  socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n');
  await accepted;
  return socket;
}

async function metric(name: string): Promise<number> {
  const text = await app.get(Metrics).registry.metrics();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  );
}

const openConnections = async (): Promise<number> => await metric('certkeep_connections_open');
const refused = async (reason: string): Promise<number> =>
  await metric(`certkeep_connections_refused_total{reason="${reason}"}`);

/** Runs the scheduled work, which is due every second, as often as in `seconds`. */
async function passSeconds(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) await app.scheduler.runAll();
}

test('after a 408 the server closes connections whose peers keep theirs open, silent ones too', async () => {
  app = await startApp();
  app.server.headersTimeout = 50;
  const answers = Array.from({ length: 300 }, async () => {
    const socket = open({ allowHalfOpen: true });
    return String((await once(socket, 'data'))[0]);
  });
  for (const answer of await Promise.all(answers)) expect(answer).toContain('HTTP/1.1 408');
  await passSeconds(5);
  expect(await openConnections()).toBe(300);
  await passSeconds(1);
  await expect.poll(openConnections).toBe(0);
});

test.each([
  ['a 400', 'HELO\r\n\r\n'],
  ['CONNECT', 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a refused body', 'POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'],
])('after %s, the server closes the connection of a peer that goes on sending', async (_, bytes) => {
  app = await startApp();
  const socket = open({ allowHalfOpen: true });
  socket.write(bytes);
  await once(socket.resume(), 'end');
  socket.write('1\r\nx\r\n');
  await passSeconds(6);
  await expect.poll(openConnections).toBe(0);
});

test('an answer that is not read is dropped after 30 s, and pipelined requests behind it are not begun', async () => {
  app = await startApp();
  const accepted = once(app.server, 'connection') as Promise<[Socket]>;
  const reader = open();
  reader.pause();
  const [socket] = await accepted;
  reader.write(GET_LARGE.repeat(100));
  const answered = (): number => app.log.filter((line) => line.includes('/api/openapi.json')).length;
  let before = -1;
  await expect
    .poll(
      () => {
        const isStopped = socket.writableLength > 0 && before === answered();
        before = answered();
        return isStopped;
      },
      { interval: 300 },
    )
    .toBe(true);
  const size = Buffer.byteLength(await (await fetch(`${app.url}/api/openapi.json`)).text());
  // One answer, not a hundred.
  expect(socket.writableLength).toBeLessThan(2 * size);
  await passSeconds(30);
  expect(socket.destroyed).toBe(false);
  await passSeconds(1);
  expect(socket.destroyed).toBe(true);
  expect(app.log.filter((line) => line.includes('answer not read'))).toHaveLength(1);
});

test('a slow reader keeps its connection', async () => {
  app = await startApp();
  const accepted = once(app.server, 'connection') as Promise<[Socket]>;
  const reader = open();
  reader.pause();
  const [socket] = await accepted;
  reader.write(GET_LARGE.repeat(100));
  await expect.poll(() => socket.writableLength).toBeGreaterThan(0);
  for (let period = 0; period < 3; period += 1) {
    await passSeconds(29);
    const { bytesWritten } = socket;
    // Piece by piece: a reader that resumes has all the answers within one period.
    await expect
      .poll(() => {
        reader.read();
        return socket.bytesWritten;
      })
      .toBeGreaterThan(bytesWritten);
  }
  expect(socket.destroyed).toBe(false);
});

test('the connection of a peer that sends more than a hundred requests without reading answers is closed', async () => {
  app = await startApp();
  const socket = open();
  socket.write(GET.repeat(102));
  await readToEnd(socket);
  await expect.poll(openConnections).toBe(0);
});

test('beyond MAX_CONNECTIONS a connection is 503 and closed, counted, and logged once in ten seconds', async () => {
  app = await startApp({ maxConnections: 2, trustedProxies: ['127.0.0.1'] });
  await openBusy();
  await openBusy();
  for (let more = 0; more < 3; more += 1) {
    const answer = await readToEnd(open());
    expect(answer).toContain('HTTP/1.1 503');
    expect(answer).toMatch(/^retry-after: 1/im);
    expect(answer).toContain('errors.unavailable');
  }
  expect([await openConnections(), await refused('total'), await refused('address')]).toEqual([2, 3, 0]);
  const logged = (): string[] => app.log.filter((line) => line.includes('connections refused'));
  await passSeconds(1);
  expect(logged().map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 40, refused: 3, open: 2 }),
  ]);
  await readToEnd(open());
  await passSeconds(9);
  expect(logged()).toHaveLength(1);
  await passSeconds(1);
  expect(logged()).toHaveLength(2);
});

test('at the limit the connection that has been idle longest is closed for a new one', async () => {
  app = await startApp({ maxConnections: 3, trustedProxies: ['127.0.0.1'] });
  await openBusy();
  const oldest = await openIdle();
  const newer = await openIdle();
  const ended = once(oldest, 'close');
  await openIdle();
  await ended;
  expect(newer.destroyed).toBe(false);
  newer.write(GET);
  expect(String((await once(newer, 'data'))[0])).toContain('HTTP/1.1 200');
  expect([await openConnections(), await refused('total')]).toEqual([3, 0]);
});

test.skipIf(process.platform !== 'linux')(
  'one address may have half of the connections, so that probes from other addresses are answered',
  async () => {
    app = await startApp({ maxConnections: 4 });
    const hostile = { localAddress: '127.0.0.2' };
    await openBusy(hostile);
    await openBusy(hostile);
    expect(await readToEnd(open(hostile))).toContain('HTTP/1.1 503');
    await openIdle();
    expect([await openConnections(), await refused('address')]).toEqual([3, 1]);
  },
);

test('an address in TRUSTED_PROXIES may have all connections', async () => {
  app = await startApp({ maxConnections: 4, trustedProxies: ['127.0.0.1'] });
  for (let one = 0; one < 4; one += 1) await openBusy();
  expect([await openConnections(), await refused('address')]).toEqual([4, 0]);
});

test('an idle connection is kept for 75 s, longer than load balancers keep theirs', async () => {
  app = await startApp();
  const socket = open();
  socket.write(GET);
  expect(String((await once(socket, 'data'))[0])).toMatch(/^keep-alive: timeout=75/im);
});
