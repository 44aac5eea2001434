import { once } from 'node:events';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Draining } from '../../src/draining.js';
import { Fixture } from '../support/fixture.js';
import { openSocket, readToEnd, sendBytes } from '../support/raw-http.js';

let fixture: Fixture;
let path: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  path = await fixture.register('cert-1');
});

afterAll(async () => await fixture.app.close());

function head(method: string, length: number, more = ''): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${fixture.token}`];
  lines.push('Content-Type: application/json', `Content-Length: ${length}`);
  return `${lines.join('\r\n')}\r\n${more}\r\n`;
}

function patch(comment: string): string {
  const body = JSON.stringify({ modificationComment: comment });
  return head('PATCH', body.length) + body;
}

const versionOf = async (): Promise<number> => ((await fixture.read(path)).body as { version: number }).version;

test.each(['length', 'chunks'] as const)(
  'a write pipelined behind a large refused body (%s) is not answered and not carried out',
  async (kind) => {
    const version = await versionOf();
    const size = 1_000_000;
    const refused =
      kind === 'length'
        ? head('PUT', size) + ' '.repeat(size)
        : `${head('PUT', size).replace(/Content-Length.*/, 'Transfer-Encoding: chunked')}${size.toString(16)}\r\n${' '.repeat(size)}\r\n0\r\n\r\n`;
    const socket = openSocket(fixture.app);
    socket.write(refused + patch('behind a refused body'));
    const answers = await readToEnd(socket);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 405']);
    expect(answers).toMatch(/^connection: close/im);
    expect(await versionOf()).toBe(version);
  },
);

test('a write pipelined behind a small refused body is carried out and answered', async () => {
  const version = await versionOf();
  const socket = openSocket(fixture.app);
  const last = head('GET', 0, 'Connection: close\r\n');
  socket.write(`${head('PUT', 60_000)}${' '.repeat(60_000)}${patch('behind a small refused body')}${last}`);
  const answers = await readToEnd(socket);
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 405', 'HTTP/1.1 200', 'HTTP/1.1 200']);
  expect(await versionOf()).toBe(version + 1);
});

// From here on the server drains.

test('a request in flight when draining begins is answered with Connection: close, after all pipelined ones', async () => {
  const version = await versionOf();
  const socket = openSocket(fixture.app);
  const body = JSON.stringify({ modificationComment: 'in flight' });
  socket.write(head('PATCH', body.length, 'Expect: 100-continue\r\n'));
  expect(String((await once(socket, 'data'))[0])).toContain('100 Continue');
  await fixture.app.get(Draining).begin(0);
  socket.write(body + patch('the second') + patch('the third'));
  const answers = await readToEnd(socket);
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200']);
  const ends = answers.match(/^connection: .*$/gim) ?? [];
  expect(ends.map((line) => line.toLowerCase())).toEqual([
    'connection: keep-alive',
    'connection: keep-alive',
    'connection: close',
  ]);
  expect(await versionOf()).toBe(version + 3);
});

test('every answer after that has Connection: close', async () => {
  for (const text of [head('GET', 0), head('PUT', 0), head('GET', 0).replace('Bearer', 'None')]) {
    expect((await sendBytes(fixture.app, text)).head).toMatch(/^connection: close/im);
  }
});
