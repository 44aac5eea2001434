import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

import type { Request, Response } from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { FairSlots } from '../common/fair-slots.js';
import { Page } from '../common/page.js';
import { PageReplies } from './page-replies.js';
import { attachState, type RequestState } from './request-state.js';

const LIMITS = { slots: 2, share: 1, reserved: 1, maxWaiting: 10, maxWaitingPerKey: 10, waitMs: 60_000 };

/** More than fits into the socket buffers of a reader that does not read. */
const PIECES = Array.from({ length: 200 }, () => 'x'.repeat(100_000));

let server: Server;
let queue: FairSlots;
const sockets: Socket[] = [];

/** Every answer is the same page, for the client in the path; a page that is not read is dropped at once for another. */
beforeEach(async () => {
  queue = new FairSlots(LIMITS);
  const replies = new PageReplies(queue, 0, 1);
  server = createServer((incoming, answer) => {
    const request = Object.assign(incoming, { params: { clientExtId: incoming.url } }) as unknown as Request;
    attachState(request, { signal: new AbortController().signal } as RequestState);
    void replies.reply(answer as Response, new Page(false, PIECES)).catch(() => answer.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

/** Sends a request, and reads nothing until `resume`. */
function ask(client: string): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  socket.on('error', () => undefined).write(`GET ${client} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  sockets.push(socket);
  return socket;
}

test('a page that is not read is dropped for the next one of its client', async () => {
  ask('/a');
  await expect.poll(() => queue.heldCount).toBe(1);
  const next = ask('/a').resume();
  let bytes = 0;
  next.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await once(next, 'close');
  expect(bytes).toBeGreaterThan(PIECES.length * 100_000);
  await expect.poll(() => [queue.heldCount, queue.waitingCount]).toEqual([0, 0]);
});

test('a page that is not read is kept while no other one of its client waits', async () => {
  const reader = ask('/a');
  await expect.poll(() => queue.heldCount).toBe(1);
  // Another client has a slot of its own.
  const other = ask('/b').resume();
  await once(other, 'close');
  let bytes = 0;
  reader.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await once(reader.resume(), 'close');
  expect(bytes).toBeGreaterThan(PIECES.length * 100_000);
});
