import { once } from 'node:events';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { openSocket, readToEnd } from '../support/raw-http.js';

let fixture: Fixture;
let path: string;
let multipart: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  path = await fixture.register('cert-1');
  multipart = `Authorization: Bearer ${await fixture.app.token({ roles: ['nevisIdm.MtlsAdmin'] })}\r\n`;
});

afterAll(async () => await fixture.app.close());

function head(method: string, headers: string, more: { target?: string; version?: string } = {}): string {
  const { target = path, version = 'HTTP/1.1' } = more;
  return `${method} ${target} ${version}\r\nAuthorization: Bearer ${fixture.token}\r\n${headers}\r\n`;
}

const HOST = 'Host: x\r\n';
const CHUNKED = `${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n`;

function patch(comment: string, more = ''): string {
  const body = JSON.stringify({ modificationComment: comment });
  return head('PATCH', `${HOST}${more}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`) + body;
}

/** A complete write request, to be hidden inside another message. */
function smuggledPatch(): string {
  return patch('hidden');
}

interface Exchange {
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Sends the bytes, and reads everything until the server closes the connection. */
async function exchange(bytes: string): Promise<Exchange> {
  const socket = openSocket(fixture.app);
  socket.write(Buffer.from(bytes, 'latin1'));
  const text = await readToEnd(socket);
  return { text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)) };
}

/** Expects the error shape of contract 7.1, and that the server has closed the connection. */
function expectShape({ text }: Exchange, code: string): void {
  expect(text).toMatch(/^content-type: application\/json/im);
  expect(text).toMatch(/^connection: close/im);
  const [error] = (JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as { errors: object[] }).errors;
  expect(error).toEqual({ code, message: expect.any(String) as string, requestId: expect.any(String) as string });
}

const MALFORMED: readonly (readonly [string, () => string])[] = [
  ['no Host', () => head('GET', '')],
  ['two headers Host', () => head('GET', `${HOST}${HOST}`)],
  ['an invalid Host', () => head('GET', 'Host: a b/c\r\n')],
  ['Transfer-Encoding: gzip, chunked', () => head('PATCH', `${HOST}Transfer-Encoding: gzip, chunked\r\n`)],
  ['Transfer-Encoding: gzip', () => head('PATCH', `${HOST}Transfer-Encoding: gzip\r\n`)],
  [
    'two headers Transfer-Encoding',
    () => head('PATCH', `${HOST}Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n`),
  ],
  ['Transfer-Encoding: xchunked', () => head('PATCH', `${HOST}Transfer-Encoding: xchunked\r\n`)],
  ['Transfer-Encoding: chunked, identity', () => head('PATCH', `${HOST}Transfer-Encoding: chunked, identity\r\n`)],
  ['chunks in HTTP/1.0', () => head('PATCH', CHUNKED, { version: 'HTTP/1.0' })],
  ['two equal lengths', () => head('PATCH', `${HOST}Content-Length: 2\r\nContent-Length: 2\r\n`)],
  ['a list of lengths', () => head('PATCH', `${HOST}Content-Length: 2, 2\r\n`)],
  ['a length with a sign', () => head('PATCH', `${HOST}Content-Length: +2\r\n`)],
  ['an empty length', () => head('PATCH', `${HOST}Content-Length:\r\n`)],
  ['a length and chunks', () => head('PATCH', `${CHUNKED}Content-Length: 2\r\n`)],
  ['HTTP/2.0 in its first line', () => head('GET', HOST, { version: 'HTTP/2.0' })],
  ['HTTP/1.2 in its first line', () => head('GET', HOST, { version: 'HTTP/1.2' })],
  ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a target of another scheme', () => head('GET', HOST, { target: `ftp://x${path}` })],
  ['a target without a scheme', () => head('GET', HOST, { target: 'x:80' })],
  ['a fragment in its target', () => head('GET', HOST, { target: `${path}#a` })],
  ['a folded header', () => head('GET', `${HOST}X-A: a\r\n b\r\n`)],
  ['a folded Transfer-Encoding', () => head('PATCH', `${HOST}Transfer-Encoding:\r\n chunked\r\n`)],
  ['line feeds without carriage returns', () => head('GET', HOST).replaceAll('\r\n', '\n')],
  ['a carriage return in a header', () => head('GET', `${HOST}X-A: a\rb\r\n`)],
  ['a blank before the colon', () => head('GET', `${HOST}Content-Length : 5\r\n`)],
  ['a header name with parentheses', () => head('GET', `${HOST}X(A): b\r\n`)],
  ['a header name outside ASCII', () => head('GET', `${HOST}X\xe9: b\r\n`)],
  ['a header without a name', () => head('GET', `${HOST}: b\r\n`)],
  ['an invalid chunk size', () => `${head('PATCH', CHUNKED)}0x2\r\n{}\r\n0\r\n\r\n`],
  ['a chunk size of more than 64 bits', () => `${head('PATCH', CHUNKED)}fffffffffffffffff\r\n{}\r\n0\r\n\r\n`],
  ['a chunk size that ends with a line feed', () => `${head('PATCH', CHUNKED)}2\n{}\r\n0\r\n\r\n`],
  ['a chunk extension with a line feed', () => `${head('PATCH', CHUNKED)}2;a\n{}\r\n0\r\n\r\n`],
  ['a chunk that is longer than its size', () => `${head('PATCH', CHUNKED)}1\r\n{}\r\n0\r\n\r\n`],
];

test.each(MALFORMED)(
  '7.1 a request with %s is 400 in the error shape, and nothing behind it is read',
  async (_, bytes) => {
    const before = await fixture.stored();
    const answer = await exchange(bytes() + smuggledPatch());
    expect(answer.statuses).toEqual([400]);
    expectShape(answer, 'errors.malformedRequest');
    expect(await fixture.stored()).toBe(before);
  },
);

const REFUSED: readonly (readonly [string, () => string, number, string])[] = [
  ['Expect: foo is 417', () => head('GET', `${HOST}Expect: foo\r\n`), 417, 'errors.malformedRequest'],
  ['CONNECT is 405', () => 'CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n', 405, 'errors.methodNotAllowed'],
  [
    'CONNECT with a body is 405',
    () => `CONNECT x:443 HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\n`,
    405,
    'errors.methodNotAllowed',
  ],
  [
    'over 16 KiB of chunk extensions are 413',
    () => `${head('PATCH', CHUNKED)}2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    413,
    'errors.payloadTooLarge',
  ],
  [
    'over 16 KiB of trailers are 431',
    () => `${head('PATCH', CHUNKED)}2\r\n{}\r\n0\r\n${'X: y\r\n'.repeat(4_000)}\r\n`,
    431,
    'errors.malformedRequest',
  ],
];

test.each(REFUSED)('7.1 %s in the error shape, and nothing behind it is read', async (_, bytes, status, code) => {
  const before = await fixture.stored();
  const answer = await exchange(bytes() + smuggledPatch());
  expect(answer.statuses).toEqual([status]);
  expectShape(answer, code);
  expect(await fixture.stored()).toBe(before);
});

test('7.1 TRACE is not supported and echoes nothing', async () => {
  const answer = await exchange(head('TRACE', `${HOST}X-Secret: not-to-be-echoed\r\nConnection: close\r\n`));
  expect(answer.statuses).toEqual([405]);
  expectShape(answer, 'errors.methodNotAllowed');
  expect(answer.text).not.toContain('not-to-be-echoed');
});

const CLOSE = `${HOST}Connection: close\r\n`;

test.each([
  ['an empty Host', () => head('GET', 'Host:\r\nConnection: close\r\n')],
  ['a Host of IPv6 with a port', () => head('GET', 'Host: [::1]:8080\r\nConnection: close\r\n')],
  ['HTTP/1.0, which needs no Host', () => head('GET', '', { version: 'HTTP/1.0' })],
  ['HTTP/1.0 with an Expect, which is ignored', () => head('GET', 'Expect: foo\r\n', { version: 'HTTP/1.0' })],
  ['a target in absolute form, whatever Host says', () => head('GET', CLOSE, { target: `http://y${path}` })],
  ['an Upgrade, which is ignored', () => head('GET', `${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n`)],
  ['an empty line before it', () => `\r\n${head('GET', CLOSE)}`],
  ['Transfer-Encoding: Chunked', () => `${head('GET', `${CLOSE}Transfer-Encoding: Chunked\r\n`)}0\r\n\r\n`],
  [
    'extensions of chunks and trailers',
    () => `${head('GET', `${CLOSE}Transfer-Encoding: chunked\r\n`)}2;a="b"\r\n{}\r\n0\r\nX: y\r\n\r\n`,
  ],
])('7.1 a request with %s is served', async (_, bytes) => {
  expect((await exchange(bytes())).statuses).toEqual([200]);
});

test('the body of a GET is not read as a request', async () => {
  const before = await fixture.stored();
  const hidden = smuggledPatch();
  const bytes = head('GET', `${HOST}Content-Length: ${hidden.length}\r\n`) + hidden + head('GET', CLOSE);
  expect((await exchange(bytes)).statuses).toEqual([200, 200]);
  expect(await fixture.stored()).toBe(before);
});

test.each(['Content-Length: 5\r\n\r\nhello', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '\r\n'])(
  'the connection ends after an ignored upgrade (%j), and nothing behind it is read',
  async (rest) => {
    const before = await fixture.stored();
    const bytes = head('GET', `${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n`).slice(0, -2) + rest;
    expect((await exchange(bytes + smuggledPatch())).statuses).toEqual([200]);
    expect(await fixture.stored()).toBe(before);
  },
);

test.each([
  ['an unreadable one', 'HELO\r\n\r\n', [200, 400]],
  ['one without Host', 'GET / HTTP/1.1\r\n\r\n', [200, 400]],
  ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', [200, 405]],
])('a write gets its answer where %s is pipelined behind it', async (_, bytes, statuses) => {
  const comment = `before ${bytes.slice(0, 4)}`;
  expect((await exchange(patch(comment) + bytes)).statuses).toEqual(statuses);
  expect(await fixture.stored()).toContain(comment);
});

test('a write with Connection: close is answered, and requests behind it are not', async () => {
  const last = patch('the last', 'Connection: close\r\n');
  expect((await exchange(last + smuggledPatch())).statuses).toEqual([200]);
  expect(await fixture.stored()).not.toContain('hidden');
});

test('pipelined writes are carried out and answered in order', async () => {
  const { text } = await exchange(
    patch('one') + patch('two') + patch('three') + patch('four', 'Connection: close\r\n'),
  );
  const versions = [...text.matchAll(/^etag: "(\d+)"/gim)].map(([, version]) => Number(version));
  expect(versions).toHaveLength(4);
  expect(versions).toEqual(versions.map((_, index) => (versions[0] ?? 0) + index));
});

test('a body that arrives after its 408 is not carried out', async () => {
  const before = await fixture.stored();
  const { server } = fixture.app;
  const { headersTimeout, requestTimeout } = server;
  Object.assign(server, { headersTimeout: 50, requestTimeout: 50 });
  try {
    const socket = openSocket(fixture.app, { allowHalfOpen: true });
    const body = '{"modificationComment":"too late"}';
    socket.write(head('PATCH', `${HOST}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`));
    socket.once('end', () => socket.end(body));
    expect(await readToEnd(socket)).toContain('HTTP/1.1 408');
  } finally {
    Object.assign(server, { headersTimeout, requestTimeout });
  }
  expect(await fixture.stored()).toBe(before);
});

test('an incomplete body after its answer ends the connection without a second answer', async () => {
  const { server } = fixture.app;
  const { headersTimeout, requestTimeout } = server;
  try {
    const socket = openSocket(fixture.app);
    socket.write(head('GET', `${HOST}Content-Length: 5\r\n`));
    const all = readToEnd(socket);
    // The time limit begins with the answer, however late that comes.
    await once(socket, 'data');
    Object.assign(server, { headersTimeout: 50, requestTimeout: 50 });
    expect((await all).match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200']);
  } finally {
    Object.assign(server, { headersTimeout, requestTimeout });
  }
});

test.each(['; boundary=', '; boundary=""', '; boundary=" "', '; boundary', ''])(
  'multipart/form-data%s has no boundary and is 415',
  async (parameters) => {
    const answer = await exchange(
      `POST /mtls/account/100/p12-test/multipart HTTP/1.1\r\n${CLOSE}${multipart}` +
        `Content-Type: multipart/form-data${parameters}\r\nContent-Length: 8\r\n\r\n--\r\n----`,
    );
    expect(answer.statuses).toEqual([415]);
    expect(answer.text).toContain('errors.unsupportedMediaType');
  },
);
