import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { LISTENING_SOCKETS, ListeningSockets } from './listening-sockets.js';

async function listening(host: string, port = 0) {
  const server = createServer((_request, response) => response.end('answered'));
  const sockets = new ListeningSockets(server);
  onTestFinished(async () => await sockets.close());
  const address = await sockets.open(port, host);
  return { server, sockets, ...address };
}

test.each(['127.0.0.1', '::1'])('every socket on %s answers', async (host) => {
  const { port } = await listening(host);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const answers = Array.from({ length: 4 * LISTENING_SOCKETS }, async () => await (await fetch(url)).text());
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['answered']));
});

test('a port of another server of the same user is refused as in use', async () => {
  const { port } = await listening('127.0.0.1');
  await expect(listening('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a port of an ordinary server is refused as in use', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void holder.close());
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  await expect(listening('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a free port is listened on, and is free again after the close', async () => {
  const first = await listening('127.0.0.1');
  await first.sockets.close();
  const second = await listening('127.0.0.1', first.port);
  expect(second.port).toBe(first.port);
});

test('closing waits for answers in flight on every socket, and accepts no new connections', async () => {
  const { server, sockets, port } = await listening('127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const held: (() => void)[] = [];
  server.removeAllListeners('request');
  server.on('request', (_request, response) => held.push(() => response.end('late')));
  const answers = Array.from({ length: 2 * LISTENING_SOCKETS }, async () => {
    return await (await fetch(url, { headers: { Connection: 'close' } })).text();
  });
  await expect.poll(() => held.length).toBe(answers.length);
  let isClosed = false;
  const closed = sockets.close().then(() => (isClosed = true));
  await expect(fetch(url)).rejects.toThrow();
  expect(isClosed).toBe(false);
  for (const answer of held) answer();
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['late']));
  await closed;
});
