import { once } from 'node:events';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openSocket } from '../support/raw-http.js';
import { World } from '../support/world.js';

const SIZE = 6_000_000;

let world: World;
let url: string;
let token: string;

beforeAll(async () => {
  world = await World.start();
  await world.register('cert-1');
  url = `${world.app.url}${world.path()}`;
  token = world.token;
});

afterAll(async () => await world.app.close());

/** With a length, or in chunks without one. */
async function statusOf(headers: Record<string, string>, kind: 'length' | 'chunks', method = 'POST'): Promise<number> {
  const bytes = new Uint8Array(SIZE).fill(32);
  const body = kind === 'length' ? bytes : new Blob([bytes]).stream();
  const answer = await fetch(url, { method, headers, body, duplex: 'half' } as RequestInit);
  await answer.text();
  return answer.status;
}

test.each(['length', 'chunks'] as const)('7.2 a caller that sends 6 MB with %s reads the refusal', async (kind) => {
  const authorization = { Authorization: `Bearer ${token}` };
  const json = { 'Content-Type': 'application/json' };
  for (let round = 0; round < 12; round++) {
    expect([
      await statusOf({ ...authorization, ...json }, kind),
      await statusOf(json, kind),
      await statusOf({ ...authorization, 'Content-Type': 'text/plain' }, kind),
      await statusOf({ ...authorization, ...json }, kind, 'PUT'),
    ]).toEqual([413, 401, 415, 405]);
  }
});

test('7.2 a sender that never ends is cut off after 16 MiB', async () => {
  const socket = openSocket(world.app);
  // The cut is seen as a reset or as an end.
  socket.on('error', () => undefined);
  socket.resume();
  const { pathname } = new URL(url);
  socket.write(`POST ${pathname} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x10_0000, 32), Buffer.from('\r\n')]);
  let sent = 0;
  const send = (): void => {
    while (!socket.destroyed && sent++ < 200) {
      if (!socket.write(chunk)) {
        socket.once('drain', send);
        return;
      }
    }
  };
  send();
  await once(socket, 'close');
  expect(sent).toBeLessThan(200);
});
