import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { BuiltProgram } from '../support/process.js';
import { authority } from '../support/signed-certificate.js';

const { der } = authority('Root');
const FOUND = {
  readings: [
    {
      kind: 'serial',
      value: 'A1B',
      certificates: [
        {
          extId: 'cert-1',
          userExtId: 'jane',
          subjectDN: 'CN=Jane\u001b Doe',
          stateName: 'active',
          validity: { to: '2027-01-01T00:00:00Z' },
        },
      ],
      more: true,
    },
    { kind: 'extId', value: '0a1b', certificates: [], more: false },
  ],
};

let folder: string;
let server: Server;
let asked: { readonly url: string | undefined; readonly token: string | undefined; readonly body: unknown }[] = [];
let answer: { readonly status: number; readonly body: unknown };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certkeep-whose-'));
  writeFileSync(join(folder, 'root.der'), der);
  writeFileSync(join(folder, 'serial.txt'), 'serial=0A1B\n');
  writeFileSync(join(folder, 'empty.txt'), ' \n');
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ url: request.url, token: request.headers.authorization, body: JSON.parse(body) as unknown });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function whose(args: readonly string[], next: typeof answer = { status: 200, body: FOUND }) {
  [asked, answer] = [[], next];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const named = args.map((arg) => (arg === 'URL' ? url : arg.replace('FOLDER', folder)));
  const program = BuiltProgram.start('commands/whose.js', { CERTKEEP_TOKEN: 'a.b.c' }, named);
  return { code: await program.exit(), output: program.output };
}

const AT = ['--server', 'URL', '--client', '100'];

it('--help explains each option', async () => {
  const { code, output } = await whose(['--help']);
  expect(code).toBe(0);
  for (const option of ['server', 'client']) expect(output).toContain(`--${option} `);
});

it('16.3 prints what was found and what it was taken for, and nothing that moves the cursor', async () => {
  const { code, output } = await whose(['Jane', 'Doe', ...AT]);
  expect(code).toBe(0);
  expect(asked).toEqual([
    { url: '/nevisidm/api/core/v1/100/certificates/lookup', token: 'Bearer a.b.c', body: { text: 'Jane Doe' } },
  ]);
  expect(output.trim()).toBe(
    [
      'As a serial number  A1B',
      String.raw`  user jane  CN=Jane\1B Doe`,
      '    credential cert-1, active, valid until 2027-01-01T00:00:00Z',
      '  There are more, or the search took too long.',
      '',
      'Nothing was found as the extId of a credential.',
    ].join('\n'),
  );
});

it('16.3 a file with a text, or with DER, is what is asked', async () => {
  await whose(['FOLDER/serial.txt', ...AT]);
  expect(asked[0]?.body).toEqual({ text: 'serial=0A1B\n' });
  await whose(['FOLDER/root.der', ...AT]);
  expect(asked[0]?.body).toEqual({ text: der.toString('base64') });
});

it('16.3 nothing found is exit code 1', async () => {
  const { code, output } = await whose(['jane', ...AT], { status: 200, body: { readings: [] } });
  expect([code, output.trim()]).toEqual([1, 'This cannot be looked up.']);
});

it.each<[readonly string[], number, string]>([
  [[], 2, 'Name a file or a text'],
  [['jane'], 2, '--server is required'],
  [['jane', '--server', 'http://certkeep.example', '--client', '100'], 2, '--server must be a URL with https'],
  [['jane', '--server', 'URL'], 2, '--client must be the extId of a client'],
  [['jane', '--sever', 'URL'], 2, "Unknown option '--sever'"],
  [['FOLDER/empty.txt', ...AT], 2, 'The text is empty'],
])('wrong arguments are one message: %j', async (args, expected, message) => {
  const { code, output } = await whose(args);
  expect([code, output]).toEqual([expected, expect.stringContaining(message)]);
  expect(asked).toEqual([]);
});

it('an error of the server is told', async () => {
  const body = { errors: [{ code: 'errors.permissionDenied', message: 'No permission.' }] };
  const { code, output } = await whose(['jane', ...AT], { status: 403, body });
  expect(code).toBe(1);
  expect(output).toContain('403). No permission.');
  expect(output).not.toContain('a.b.c');
});
