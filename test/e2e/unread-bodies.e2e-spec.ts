import { afterAll, beforeAll, expect, test } from 'vitest';

import { readingOn } from '../../src/http/unread-body.js';
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

/** Sends a body in chunks that never ends, until the server cuts the connection; answers what came before that. */
async function sendForever(head: string, begin: string): Promise<{ answer: string; mebibytes: number }> {
  const socket = openSocket(world.app);
  let answer = '';
  // The cut is seen as a reset or as an end.
  socket.on('error', () => undefined).on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(`${head}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${begin}`);
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x10_0000, 32), Buffer.from('\r\n')]);
  let mebibytes = 0;
  const send = (): void => {
    if (socket.destroyed || mebibytes >= 200) return;
    mebibytes += 1;
    // Between two chunks it reads, so that the cut does not overtake the answer.
    if (socket.write(chunk)) setImmediate(send);
    else socket.once('drain', send);
  };
  send();
  // `once` of node:events would reject for the error before it.
  await new Promise((resolve) => socket.once('close', resolve));
  return { answer, mebibytes };
}

test('7.2 a sender of JSON that never ends reads the refusal and is cut off after 16 MiB', async () => {
  const { answer, mebibytes } = await sendForever(`POST ${new URL(url).pathname} HTTP/1.1`, '');
  expect(answer).toContain('HTTP/1.1 401');
  expect(mebibytes).toBeLessThan(200);
});

const DISPOSITION = '--b\r\nContent-Disposition: form-data; name=';

test.each([
  ['a file', `${DISPOSITION}"file"; filename="f"\r\n\r\n`],
  ['a text', `${DISPOSITION}"password"\r\n\r\n`],
  ['a preamble', ''],
  ['a header of a part', DISPOSITION],
  ['the headers of a part', `${DISPOSITION}"file"\r\nX: `],
  ['an epilogue', `${DISPOSITION}"password"\r\n\r\na\r\n--b--\r\n`],
])('7.2 a sender of a form with %s that never ends reads an answer and is cut off after 16 MiB', async (_, part) => {
  const head = [
    'POST /mtls/account/100/p12-test/multipart HTTP/1.1',
    `Authorization: Bearer ${await world.app.token({ roles: ['nevisIdm.MtlsAdmin'] })}`,
    'Content-Type: multipart/form-data; boundary=b',
  ].join('\r\n');
  const begin = part === '' ? '' : `${part.length.toString(16)}\r\n${part}\r\n`;
  const { answer, mebibytes } = await sendForever(head, begin);
  expect(answer).toMatch(/^HTTP\/1\.1 (400|413|422) /);
  expect(answer).toMatch(/"code":"errors\.(payloadTooLarge|malformedRequest|invalidData)"/);
  expect(mebibytes).toBeLessThan(200);
});

test.each([
  ['GET', 200],
  ['OPTIONS', 405],
  ['PUT', 405],
  ['DELETE', 204],
])(
  '7.2 a sender of a %s with a body that never ends reads a %i and is cut off after 16 MiB',
  async (method, status) => {
    const { pathname } = new URL(url);
    const { answer, mebibytes } = await sendForever(
      `${method} ${pathname}/cert-1 HTTP/1.1\r\nAuthorization: Bearer ${token}`,
      '',
    );
    expect(answer).toContain(`HTTP/1.1 ${status}`);
    expect(mebibytes).toBeLessThan(200);
  },
);

test('7.2 a sender to a path that there is not, with a body that never ends, is cut off after 16 MiB', async () => {
  const { answer, mebibytes } = await sendForever('POST /nothing HTTP/1.1', '');
  expect(answer).toContain('HTTP/1.1 404');
  expect(mebibytes).toBeLessThan(200);
});

const counts = (): number[] => [readingOn.heldCount, readingOn.waitingCount];

test('7.2 of the large bodies that one address goes on sending after a refusal two are read on, the next when one ends', async () => {
  const size = 100_000;
  await expect.poll(counts).toEqual([0, 0]);
  const senders = Array.from({ length: 3 }, () => {
    const socket = openSocket(world.app, { allowHalfOpen: true });
    const answered = new Promise((resolve) => socket.once('data', resolve));
    socket.write(`POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`);
    return { socket, answered };
  });
  await Promise.all(senders.map(async ({ answered }) => await answered));
  for (const expected of [
    [2, 1],
    [2, 0],
    [1, 0],
  ]) {
    await expect.poll(counts).toEqual(expected);
    senders.shift()?.socket.end(Buffer.alloc(size, 32));
  }
  await expect.poll(counts).toEqual([0, 0]);
});
