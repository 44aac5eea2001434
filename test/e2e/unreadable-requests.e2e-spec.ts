import { once } from 'node:events';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { openSocket, type RawAnswer, readAnswer, sendBytes } from '../support/raw-http.js';

let fixture: Fixture;
let credential: string;
let before: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1');
  before = await fixture.stored();
});

afterAll(async () => await fixture.app.close());

/** Expects the error shape, a closed connection, and one log event with the request id of the answer. */
async function expectRefused(answer: RawAnswer, status: number): Promise<void> {
  const [error] = answer.body.errors as [{ code: string; requestId: string }];
  expect([answer.status, error.code]).toEqual([status, 'errors.malformedRequest']);
  expect(answer.head).toMatch(/^content-type: application\/json/im);
  expect(answer.head).toMatch(/^connection: close/im);
  expect(answer.head).toMatch(new RegExp(`^x-request-id: ${error.requestId}`, 'im'));
  expect(fixture.app.log.filter((line) => line.includes(error.requestId))).toHaveLength(1);
  expect(await fixture.stored()).toBe(before);
}

test.each([
  ['a request line of another protocol', 'HELO localhost\r\n\r\n'],
  ['an unknown method', 'BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a line feed in its path', 'GET /a\nb HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a header without colon', 'GET / HTTP/1.1\r\nHost: x\r\nBroken\r\n\r\n'],
  ['a control character in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-Token: a\0b\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['bytes of TLS', '\u0016\u0003\u0001\u0002'],
])('7.1 a request with %s is 400 in the error shape', async (_, bytes) => {
  await expectRefused(await sendBytes(fixture.app, Buffer.from(bytes, 'latin1')), 400);
});

test('7.1 headers over 16 KiB are 431', async () => {
  const answer = await sendBytes(fixture.app, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(17 * 1024)}\r\n\r\n`);
  await expectRefused(answer, 431);
});

test.each([
  ['headers', (): string => 'GET / HTTP/1.1\r\nHost: x\r\n'],
  [
    'a body',
    (): string =>
      `PATCH ${credential} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${fixture.token}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"modificationComment":"never',
  ],
])('7.1 %s that do not arrive in time are 408', async (_, sent) => {
  const { server } = fixture.app;
  const { headersTimeout, requestTimeout } = server;
  server.headersTimeout = 50;
  server.requestTimeout = 50;
  try {
    const socket = openSocket(fixture.app);
    socket.write(sent());
    await expectRefused(await readAnswer(socket), 408);
  } finally {
    Object.assign(server, { headersTimeout, requestTimeout });
  }
});

test('7.1 an incomplete body is not stored, and is logged without a defect', async () => {
  const arrived = once(fixture.app.server, 'request');
  const socket = openSocket(fixture.app);
  socket.write(
    `PATCH ${credential} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${fixture.token}\r\nX-Request-Id: broken-off\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"modificationComment":"never',
  );
  await arrived;
  socket.destroy();
  await expect.poll(() => fixture.app.log.some((line) => line.includes('broken-off'))).toBe(true);
  const lines = fixture.app.log.filter((line) => line.includes('broken-off'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, status: 499 });
  expect(await fixture.stored()).toBe(before);
});
