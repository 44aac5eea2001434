import { once } from 'node:events';
import type { Socket } from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { unreadBodies } from '../../src/http/unread-body.js';
import { Fixture } from '../support/fixture.js';
import { openSocket, sendRaw } from '../support/raw-http.js';

const SIZE = 6_000_000;

let fixture: Fixture;
let url: string;
let token: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  await fixture.register('cert-1');
  url = `${fixture.app.url}${fixture.path()}`;
  token = fixture.token;
});

afterAll(async () => await fixture.app.close());

/** With Content-Length, or in chunks. */
async function statusOf(headers: Record<string, string>, kind: 'length' | 'chunks', method = 'POST'): Promise<number> {
  const bytes = new Uint8Array(SIZE).fill(32);
  const body = kind === 'length' ? bytes : new Blob([bytes]).stream();
  const answer = await fetch(url, { method, headers, body, duplex: 'half' } as RequestInit);
  await answer.text();
  return answer.status;
}

test.each(['length', 'chunks'] as const)('7.2 a caller that sends 6 MB with %s can read the refusal', async (kind) => {
  const authorization = { Authorization: `Bearer ${token}` };
  const json = { 'Content-Type': 'application/json' };
  for (let round = 0; round < 5; round++) {
    expect([
      await statusOf({ ...authorization, ...json }, kind),
      await statusOf(json, kind),
      await statusOf({ ...authorization, 'Content-Type': 'text/plain' }, kind),
      await statusOf({ ...authorization, ...json }, kind, 'PUT'),
    ]).toEqual([413, 401, 415, 405]);
  }
});

/** Sends an endless body in chunks until the server closes the connection; returns the answer before that. */
async function sendForever(head: string, begin: string): Promise<string> {
  // Or it would end its side when the server does.
  const socket = openSocket(fixture.app, { allowHalfOpen: true });
  let answer = '';
  // The close arrives as a reset or as an end.
  socket.on('error', () => undefined).on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(`${head}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${begin}`);
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x10_0000, 32), Buffer.from('\r\n')]);
  let mebibytes = 0;
  const send = (): void => {
    if (socket.destroyed || mebibytes >= 200) return;
    mebibytes += 1;
    if (socket.write(chunk)) setImmediate(send);
    else socket.once('drain', send);
  };
  send();
  // `once` of node:events would reject on the error that precedes it.
  await new Promise((resolve) => socket.once('close', resolve));
  // A reset before that would discard an answer that has not been read yet (RFC 9112 section 9.6).
  expect(mebibytes).toBeGreaterThan(16);
  expect(mebibytes).toBeLessThan(200);
  return answer;
}

test('7.2 a sender of endless JSON gets the refusal, and the connection is closed after 16 MiB', async () => {
  const answer = await sendForever(`POST ${new URL(url).pathname} HTTP/1.1`, '');
  expect(answer).toContain('HTTP/1.1 401');
});

const DISPOSITION = '--b\r\nContent-Disposition: form-data; name=';

test.each([
  ['a file', `${DISPOSITION}"file"; filename="f"\r\n\r\n`],
  ['a text', `${DISPOSITION}"password"\r\n\r\n`],
  ['a preamble', ''],
  ['a header of a part', DISPOSITION],
  ['the headers of a part', `${DISPOSITION}"file"\r\nX: `],
  ['an epilogue', `${DISPOSITION}"password"\r\n\r\na\r\n--b--\r\n`],
])(
  '7.2 a sender of a form with %s without end gets an answer, and the connection is closed after 16 MiB',
  async (_, part) => {
    const head = [
      'POST /mtls/account/100/p12-test/multipart HTTP/1.1',
      `Authorization: Bearer ${await fixture.app.token({ roles: ['nevisIdm.MtlsAdmin'] })}`,
      'Content-Type: multipart/form-data; boundary=b',
    ].join('\r\n');
    const begin = part === '' ? '' : `${part.length.toString(16)}\r\n${part}\r\n`;
    const answer = await sendForever(head, begin);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|413|422) /);
    expect(answer).toMatch(/"code":"errors\.(payloadTooLarge|malformedRequest|invalidData)"/);
  },
);

test.each([
  ['GET', 200],
  ['OPTIONS', 405],
  ['PUT', 405],
  ['DELETE', 204],
])(
  '7.2 a sender of a %s with an endless body gets a %i, and the connection is closed after 16 MiB',
  async (method, status) => {
    const { pathname } = new URL(url);
    const answer = await sendForever(`${method} ${pathname}/cert-1 HTTP/1.1\r\nAuthorization: Bearer ${token}`, '');
    expect(answer).toContain(`HTTP/1.1 ${status}`);
  },
);

test('7.2 the connection of a sender of an endless body to an unknown path is closed after 16 MiB', async () => {
  const answer = await sendForever('POST /nothing HTTP/1.1', '');
  expect(answer).toContain('HTTP/1.1 404');
});

const counts = (): number[] => [unreadBodies.heldCount, unreadBodies.waitingCount];

test('7.2 the rest of refused large bodies is read for two connections of an address at once, then for the next', async () => {
  const size = 100_000;
  await expect.poll(counts).toEqual([0, 0]);
  const senders = Array.from({ length: 3 }, () => {
    const socket = openSocket(fixture.app, { allowHalfOpen: true });
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

test('7.2 the rest of a refused large body is not read before a slot for it is free', async () => {
  const slots = await Promise.all(['a', 'b', 'c', 'd'].map(async (address) => await unreadBodies.acquire(address)));
  const accepted = once(fixture.app.server, 'connection');
  const socket = openSocket(fixture.app, { allowHalfOpen: true });
  const [peer] = (await accepted) as [Socket];
  const answered = once(socket, 'data');
  socket.write(`POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: ${SIZE}\r\n\r\n`);
  socket.write(Buffer.alloc(SIZE, 32));
  await answered;
  const { pathname } = new URL(url);
  for (let turn = 0; turn < 20; turn++) expect((await sendRaw(fixture.app, 'GET', pathname)).status).toBe(401);
  expect(counts()).toEqual([4, 1]);
  expect(peer.bytesRead).toBeLessThan(1_000_000);
  for (const release of slots) release();
  await expect.poll(counts).toEqual([0, 0]);
  expect(peer.bytesRead).toBeGreaterThan(SIZE);
  socket.destroy();
});
