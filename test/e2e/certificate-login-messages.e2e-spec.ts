import { once } from 'node:events';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { CORE } from '../support/http.js';
import { type IssuedCertificate, issueCertificate } from '../support/pki.js';
import { openSocket, readToEnd } from '../support/raw-http.js';

const LOGINS = `${CORE}/100/certificate-logins`;
const CHECK = `${LOGINS}/check`;
const [PROXY, STRANGER] = ['127.0.0.1', '127.0.0.2'];

let fixture: Fixture;
let token: string;
let jane: IssuedCertificate;
let other: IssuedCertificate;

const certOf = ({ der }: IssuedCertificate): string => `Client-Cert: :${der.toString('base64')}:`;

beforeAll(async () => {
  fixture = await Fixture.start({ clientCertHeader: 'rfc9440', trustedProxies: [PROXY] });
  token = await fixture.app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway' });
  const extensions = { subjectKeyIdentifier: true } as const;
  jane = await issueCertificate({ subject: [{ CN: ['Jane'] }], extensions });
  other = await issueCertificate({ subject: [{ CN: ['Other'] }], extensions });
  await fixture.register('cert', { certificate: jane.pem });
});

afterAll(async () => await fixture.app.close());

interface Message {
  readonly target?: string;
  readonly version?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

function message(method: 'GET' | 'POST', { target, version = 'HTTP/1.1', headers = [], body = '' }: Message): string {
  const of = target ?? (method === 'GET' ? CHECK : LOGINS);
  const lines = [`${method} ${of} ${version}`, 'Host: x', `Authorization: Bearer ${token}`, ...headers];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const CLOSE = 'Connection: close';
const CHUNKED = ['Transfer-Encoding: chunked', 'Content-Type: application/json'];

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** Of each answer, its status, and its outcome or the user whom it names. */
async function exchange(bytes: string, localAddress = PROXY): Promise<readonly string[]> {
  const socket = openSocket(fixture.app, { localAddress });
  socket.write(bytes);
  const text = await readToEnd(socket);
  return text
    .split(/(?=HTTP\/1\.1 \d{3})/)
    .map((answer) =>
      [/ (\d{3})/, /"outcome":"(\w+)"/, /"(errors\.\w+)"/, /x-user-ext-id: (\S+)/i]
        .flatMap((expression) => expression.exec(answer)?.[1] ?? [])
        .join(' '),
    );
}

const successes = async (): Promise<unknown> =>
  await fixture.app.dataSource.query(`select successes, failures, version from credentials`);

const OK = { GET: '204 helper-7', POST: '200 ok' };
const NONE = { GET: '403 errors.loginDenied', POST: '400 errors.malformedRequest' };

describe.each(['GET', 'POST'] as const)('15.1 attacks on the login routes by the form of the message, %s', (method) => {
  const empty = method === 'POST' ? ['Content-Length: 0'] : [];

  test('15.1 fail/HTTP/1.0 from an untrusted peer; ok/from a trusted proxy', async () => {
    const bytes = message(method, { version: 'HTTP/1.0', headers: [...empty, certOf(jane)] });
    expect(await exchange(bytes, STRANGER)).toEqual(['400 errors.malformedRequest']);
    expect(await exchange(bytes)).toEqual([OK[method]]);
  });

  test('15.1 fail/a target in absolute form from an untrusted peer, and one that names another client', async () => {
    const origin = method === 'GET' ? CHECK : LOGINS;
    const headers = [...empty, CLOSE, certOf(jane)];
    const absolute = message(method, { target: `http://127.0.0.1${origin}`, headers });
    expect(await exchange(absolute, STRANGER)).toEqual(['400 errors.malformedRequest']);
    expect(await exchange(absolute)).toEqual([OK[method]]);
    const elsewhere = message(method, { target: `http://100${origin.replace('/100/', '/200/')}`, headers });
    expect(await exchange(elsewhere)).toEqual(['403 errors.dataroomDenied']);
  });

  test('15.1 fail/a path with dots, doubled slashes or escapes is no way around the client of the path', async () => {
    const origin = method === 'GET' ? CHECK : LOGINS;
    const targets = [
      origin.replace('/100/', '/200/../100/'),
      origin.replace('/100/', '/200/%2e%2e/100/'),
      origin.replace('/100/', '//100/'),
      origin.replace('/100/', '/200%2f..%2f100/'),
      origin.replace('/100/', '/100%00/'),
    ];
    for (const target of targets) {
      const [answer] = await exchange(message(method, { target, headers: [...empty, CLOSE, certOf(jane)] }));
      expect([target, answer]).toEqual([target, expect.stringMatching(/^(?:400|403|404)/)]);
    }
  });

  test('15.1 fail/a name with an underscore or a blank, and a value on a second line', async () => {
    const value = certOf(jane).slice('Client-Cert: '.length);
    const sent = async (header: string) => await exchange(message(method, { headers: [...empty, CLOSE, header] }));
    expect(await sent(`Client_Cert: ${value}`)).toEqual([NONE[method]]);
    expect(await sent(`Client-Cert : ${value}`)).toEqual(['400 errors.malformedRequest']);
    expect(await sent(`Client-Cert:\r\n ${value}`)).toEqual(['400 errors.malformedRequest']);
  });

  test('15.1 fail/a header of the request before it on the same connection', async () => {
    const first = message(method, { headers: [...empty, certOf(jane)] });
    const second = message(method, { headers: [...empty, CLOSE] });
    expect(await exchange(first + second)).toEqual([OK[method], NONE[method]]);
  });

  test('15.1 fail/a header that Connection names is neither believed more nor ignored', async () => {
    const headers = [...empty, 'Connection: close, Client-Cert', certOf(jane)];
    expect(await exchange(message(method, { headers }), STRANGER)).toEqual(['400 errors.malformedRequest']);
    expect(await exchange(message(method, { headers }))).toEqual([OK[method]]);
  });

  test('15.1 fail/another method in a header or in the query', async () => {
    const headers = [...empty, CLOSE, 'X-HTTP-Method-Override: GET', certOf(other)];
    const target = `${method === 'GET' ? CHECK : LOGINS}?_method=GET&certificate=${encodeURIComponent(jane.pem)}`;
    const [answer] = await exchange(message(method, { target, headers }));
    expect(answer).toMatch(/^(?:400|403|404|422|200 failed)/);
  });
});

const text = ({ pem }: IssuedCertificate): string => JSON.stringify(pem);

const json = (body: string): string =>
  message('POST', {
    headers: [CLOSE, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`],
    body,
  });

describe('15.1 attacks on the login routes by the body', () => {
  let before: unknown;

  beforeEach(async () => {
    before = await successes();
  });

  test.each<[string, () => string, RegExp]>([
    [
      'a header behind the body, as a trailer',
      () =>
        message('POST', { headers: [...CHUNKED, CLOSE, 'Trailer: Client-Cert'], body: `0\r\n${certOf(jane)}\r\n\r\n` }),
      /^400/,
    ],
    [
      'a header behind the body of another certificate, as a trailer',
      () => {
        const body = chunk(JSON.stringify({ certificate: other.pem }));
        return message('POST', { headers: [...CHUNKED, CLOSE], body: `${body}0\r\n${certOf(jane)}\r\n\r\n` });
      },
      /^200 failed$/,
    ],
    [
      'a body in chunks beside the header of another certificate',
      () => {
        const body = `${chunk(JSON.stringify({ certificate: jane.pem }))}0\r\n\r\n`;
        return message('POST', { headers: [...CHUNKED, CLOSE, certOf(other)], body });
      },
      /^400/,
    ],
    [
      'a body of the check',
      () => {
        const body = JSON.stringify({ certificate: jane.pem });
        return message('GET', {
          headers: [CLOSE, 'Content-Type: application/json', `Content-Length: ${body.length}`],
          body,
        });
      },
      /^403 errors.loginDenied$/,
    ],
    [
      'a member in another letter case',
      () => json(`{"certificate":${text(other)},"Certificate":${text(jane)}}`),
      /^4\d\d/,
    ],
    ['two certificates in one text', () => json(JSON.stringify({ certificate: other.pem + jane.pem })), /^422/],
    ['two certificates in a list', () => json(JSON.stringify({ certificate: [other.pem, jane.pem] })), /^422/],
  ])('15.1 fail/%s', async (_, bytes, expected) => {
    const [answer] = await exchange(bytes());
    expect(answer).toMatch(expected);
    expect(await successes()).toEqual(before);
  });
});

const inChunks = (): string => `${chunk(JSON.stringify({ certificate: jane.pem }))}0\r\n\r\n`;

describe('15.1 a body of chunks', () => {
  const CHUNKS = 'Transfer-Encoding: chunked';

  test.each([
    ['without a media type', []],
    ['of JSON', ['Content-Type: application/json']],
  ])('15.1 ok/%s, in which nothing is, as without a body', async (_, type) => {
    const headers = [CLOSE, CHUNKS, ...type];
    expect(await exchange(message('POST', { headers: [...headers, certOf(jane)], body: '0\r\n\r\n' }))).toEqual([
      OK.POST,
    ]);
    expect(await exchange(message('POST', { headers, body: '0\r\n\r\n' }))).toEqual([NONE.POST]);
  });

  test('15.1 ok/its end comes later than its beginning, and so may the first octet', async () => {
    for (const [headers, end] of [
      [[certOf(jane)], '0\r\n\r\n'],
      [['Content-Type: application/json'], inChunks()],
    ] as const) {
      const socket = openSocket(fixture.app, { localAddress: PROXY });
      socket.write(message('POST', { headers: [CLOSE, CHUNKS, 'Expect: 100-continue', ...headers] }));
      await once(socket, 'data');
      socket.write(end);
      expect(await readToEnd(socket)).toContain('"outcome":"ok"');
    }
  });

  test('15.1 fail/octets of no media type, or beside a header', async () => {
    const body = inChunks();
    expect(await exchange(message('POST', { headers: [CLOSE, CHUNKS], body }))).toEqual([
      '415 errors.unsupportedMediaType',
    ]);
    expect(await exchange(message('POST', { headers: [CLOSE, ...CHUNKED, certOf(jane)], body }))).toEqual([NONE.POST]);
  });
});
