import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toPem } from '../../src/x509/certificate/pem.js';
import { BuiltProgram } from '../support/process.js';
import { authority, endEntity, type Issued } from '../support/signed-certificate.js';

const root = authority('Root');
const issuing = authority('Issuing', { issuer: root });
const leaf = endEntity(issuing);
const AT = ['--at', '2026-06-01T00:00:00Z'];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'certkeep-explain-'));
  write('jane.pem', pem(leaf));
  write('jane.der', leaf.der);
  write('chain.pem', `Jane's certificate and its chain\n${pem(leaf)}${pem(issuing)}`);
  write('broken.pem', toPem(leaf.der.subarray(0, 40)));
  write('words.txt', 'no certificate');
  write('empty.pem', '');
  write('key.pem', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n');
  write('cas/root.pem', pem(root));
  write('cas/issuing.crt', issuing.der);
  write('cas/notes.txt', 'no certificate');
  write('roots/root.pem', pem(root));
  write('broken-cas/all.pem', pem(root) + toPem(issuing.der.subarray(0, 40)));
  write('chosen/anchors/issuing.pem', pem(issuing));
  write('untrusted/intermediates/root.pem', pem(root));
});

afterAll(() => rmSync(folder, { recursive: true }));

const pem = ({ der }: Issued): string => toPem(der);
const path = (name: string): string => join(folder, name);

function write(name: string, content: string | Buffer): void {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), content);
}

async function explain(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const program = BuiltProgram.start('commands/explain.js', variables, args);
  return { code: await program.exit(), output: program.output };
}

it('--help explains each option', async () => {
  const { code, output } = await explain(['--help']);
  expect(code).toBe(0);
  for (const option of ['anchors', 'server', 'client', 'policy', 'user', 'at', 'purpose']) {
    expect(output).toContain(`--${option} `);
  }
});

describe('without a server', () => {
  it.each<readonly [string, readonly string[], number, RegExp]>([
    ['PEM', ['jane.pem', '--anchors', 'cas'], 0, /^ACCEPTED[^]*o {2}CN=Jane Doe\n {2}\|\n {2}o {2}CN=Issuing/],
    ['DER', ['jane.der', '--anchors', 'cas'], 0, /^ACCEPTED/],
    ['the chain in the file', ['chain.pem', '--anchors', 'roots'], 0, /^ACCEPTED[^]*For an upload, they have to be/],
    ['an upload, which has no chain', ['chain.pem', '--anchors', 'roots', '--purpose', 'upload'], 1, /issuerNotFound/],
    ['an anchor that is not self-signed', ['jane.pem', '--anchors', 'chosen'], 0, /o {2}CN=Issuing\n {5}anchor/],
    ['no anchors', ['jane.pem'], 1, /^REFUSED[^]*Nothing is trusted yet/],
    [
      'a certificate of the folder that is broken',
      ['jane.pem', '--anchors', 'broken-cas'],
      1,
      /Left out: .*all\.pem: /,
    ],
    ['what is no certificate', ['broken.pem', '--anchors', 'cas'], 1, /^REFUSED {2}.*broken\.pem\n/],
    ['several, one of them refused', ['jane.pem', 'broken.pem', '--anchors', 'cas'], 1, /^ACCEPTED[^]*\nREFUSED/],
  ])('12.1 %s', async (_, args, code, expected) => {
    const named = args.map((arg) => (arg.startsWith('-') || arg === 'upload' ? arg : path(arg)));
    const ended = await explain([...named, ...AT]);
    expect(ended.output).toMatch(expected);
    expect(ended.code).toBe(code);
  });

  it('12.1 the time that is asked for counts', async () => {
    const ended = await explain([path('jane.pem'), '--anchors', path('cas'), '--at', '2027-01-01T00:00:01Z']);
    expect(ended.code).toBe(1);
    expect(ended.output).toContain('(expired, RFC 5280 section 6.1.3 (a)(2))');
  });

  it('there are no colours outside a terminal', async () => {
    const { output } = await explain([path('jane.pem'), ...AT], { FORCE_COLOR: '1' });
    expect(output).not.toContain('\u001b');
  });
});

describe('wrong arguments are one message and exit code 2', () => {
  it.each<readonly [readonly string[], string]>([
    [[], 'Name the file of a certificate'],
    [['--anchor', 'x'], "Unknown option '--anchor'"],
    [['/nowhere.pem'], '/nowhere.pem cannot be read: ENOENT'],
    [['words.txt'], 'REFUSED'],
    [['empty.pem'], 'is empty'],
    [['key.pem'], 'a private key, which must never be sent'],
    [['jane.pem', '--anchors', '/nowhere'], '/nowhere cannot be read: ENOENT'],
    [['jane.pem', '--anchors', 'untrusted'], 'has no anchor'],
    [['jane.pem', '--at', 'yesterday'], '--at must be a date and time such as'],
    [['jane.pem', '--purpose', 'signing'], '--purpose must be upload or login'],
    [['jane.pem', '--client', '100'], '--client, --policy and --user need --server'],
    [['jane.pem', '--server', 'http://certkeep.example', '--client', '100'], '--server must be a URL with https'],
    [['jane.pem', '--server', 'http://127.0.0.1:1'], '--client must be the extId of a client'],
    [['jane.pem', '--server', 'http://127.0.0.1:1', '--client', '100', '--user', 'a b'], '--user must be an extId'],
    [['jane.pem', '--server', 'http://127.0.0.1:1', '--client', '100', '--anchors', 'cas'], 'cannot be combined'],
    [['jane.pem', '--server', 'http://127.0.0.1:1', '--client', '100'], 'CERTKEEP_TOKEN is missing'],
  ])('%j', async (args, message) => {
    const files = ['words.txt', 'empty.pem', 'key.pem', 'jane.pem', 'untrusted', 'cas'];
    const { code, output } = await explain(args.map((arg) => (files.includes(arg) ? path(arg) : arg)));
    expect(output).toContain(message);
    expect(output).not.toMatch(/^ +at /m);
    // A file that exists may be anything; what is in it is refused.
    expect(code).toBe(message === 'REFUSED' ? 1 : 2);
  });
});

const verdict = (word: string) => ({ status: 200, body: JSON.stringify({ verdict: word, rules: [] }) });

describe('with a server', () => {
  interface Asked {
    readonly url: string | undefined;
    readonly headers: IncomingHttpHeaders;
    readonly body: unknown;
  }

  let server: Server;
  let asked: Asked[];
  let answer: { readonly status: number; readonly body: string };

  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        asked.push({ url: request.url, headers: request.headers, body: JSON.parse(body) as unknown });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });

  afterAll(() => server.close());

  async function ask(next: typeof answer, args: readonly string[] = [], variables = { CERTKEEP_TOKEN: 'a.b.c' }) {
    asked = [];
    answer = next;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return await explain([path('chain.pem'), '--server', url, '--client', '100', ...args], variables);
  }

  it('14.1 it is asked with all that it needs', async () => {
    const options = ['--policy', 'strict', '--user', 'jane', '--purpose', 'login', ...AT];
    const ended = await ask(verdict('accepted'), options);
    expect(ended).toMatchObject({ code: 0, output: expect.stringMatching(/^ACCEPTED/) as string });
    expect(asked).toMatchObject([
      {
        url: '/nevisidm/api/core/v1/100/certificates/explain',
        headers: { authorization: 'Bearer a.b.c', 'content-type': 'application/json' },
        body: {
          certificate: pem(leaf),
          chain: pem(issuing),
          userExtId: 'jane',
          policyExtId: 'strict',
          at: '2026-06-01T00:00:00Z',
          purpose: 'login',
        },
      },
    ]);
  });

  it.each(['refused', 'disabled', 'unknown'])('14.1 the verdict %s is exit code 1', async (word) => {
    expect(await ask(verdict(word))).toMatchObject({
      code: 1,
      output: expect.stringContaining(word.toUpperCase()) as string,
    });
  });

  it('the token may be in a file', async () => {
    write('token', 'from.a.file\n');
    const ended = await ask(verdict('accepted'), [], { CERTKEEP_TOKEN_FILE: path('token') } as never);
    expect(ended.code).toBe(0);
    expect(asked[0]?.headers.authorization).toBe('Bearer from.a.file');
  });

  it.each([
    [
      { status: 403, body: '{"errors":[{"code":"errors.noPermission","message":"No\\u001b permission."}]}' },
      '403). No\\1B permission.',
    ],
    [{ status: 500, body: 'oops' }, 'status 500'],
    [{ status: 200, body: '{}' }, 'status 200'],
    [{ status: 302, body: '' }, 'status 302'],
  ])('an error is told, and nothing is accepted (%j)', async (next, message) => {
    const { code, output } = await ask(next);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output).not.toContain('a.b.c');
    expect(output).not.toMatch(/^ +at /m);
  });
});
