import { afterAll, beforeAll, expect, test } from 'vitest';

import { codesOf, fieldsOf } from '../support/http.js';
import { KeyStoreFixture, ACCOUNT } from '../support/key-store-fixture.js';

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

afterAll(async () => await fixture.app.close());

test.each(['by-file', 'byFile'])('L4, L6 key stores are created and replaced by file under %s', async (path) => {
  const certificate = JSON.stringify({ name: path, password: fixture.file.password });
  const created = await fixture.sendForm('POST', fixture.path(path), { file: fixture.file.p12, certificate });
  expect([created.status, created.body]).toMatchObject([201, { successfulySavedCertificates: [{ name: path }] }]);

  const { id } = created.body.successfulySavedCertificates[0] as { id: number };
  const changed = JSON.stringify({ name: path, password: fixture.other.password, id });
  const replaced = await fixture.sendForm('PUT', fixture.path(path), { file: fixture.other.p12, certificate: changed });
  expect(replaced.status).toBe(200);
  expect(replaced.body).toMatchObject({
    successfulySavedCertificates: [{ id, expirationDate: '2028-02-29T00:00:00Z' }],
    failedSaveToVaultCertificates: [],
  });
});

test('L4 the part certificate may be a file, and a third part is refused', async () => {
  const certificate = Buffer.from(JSON.stringify({ name: 'blob', password: fixture.file.password }));
  const asFile = await fixture.sendForm('POST', fixture.path('by-file'), { file: fixture.file.p12, certificate });
  expect(asFile.status).toBe(201);
  const third = await fixture.sendForm('POST', fixture.path('by-file'), {
    file: fixture.file.p12,
    certificate,
    extra: 'x',
  });
  expect([third.status, codesOf(third)]).toEqual([422, ['errors.invalidData']]);
});

test.each<[string, Record<string, Buffer | string>, string]>([
  ['no file', { certificate: '{"name":"x"}' }, 'file'],
  ['no part certificate', { file: Buffer.from('x') }, 'certificate'],
  ['a certificate that is not JSON', { file: Buffer.from('x'), certificate: '{' }, 'certificate'],
  ['an array as certificate', { file: Buffer.from('x'), certificate: '[]' }, 'certificate'],
  ['no name', { file: Buffer.from('x'), certificate: '{}' }, 'name'],
  ['an unknown member', { file: Buffer.from('x'), certificate: '{"name":"x","p12":"x"}' }, 'p12'],
  ['a file that is no p12', { file: Buffer.from('x'), certificate: '{"name":"x"}' }, 'file'],
  ['a file sent as text', { file: 'x', certificate: '{"name":"x"}' }, 'file'],
  ['members sent as parts', { file: Buffer.from('x'), 'certificate[name]': 'x' }, 'body'],
])('L4 a form with %s is 422', async (_, parts, field) => {
  const answer = await fixture.sendForm('POST', fixture.path('by-file'), parts);
  expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
  expect(answer.body.errors[0]).not.toHaveProperty('index');
});

test('L4 a body that is not multipart is 415, an unreadable one 400, and one over the limit 413', async () => {
  const path = fixture.path('by-file');
  expect((await fixture.send('POST', path, [])).status).toBe(415);
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
  expect((await fixture.sendRaw('POST', path, '--x\r\nnonsense', headers)).status).toBe(400);
  const certificate = '{"name":"large"}';
  expect((await fixture.sendForm('POST', path, { file: Buffer.alloc(256 * 1024), certificate })).status).toBe(422);
  const tooLarge = await fixture.sendForm('POST', path, { file: Buffer.alloc(256 * 1024 + 1), certificate });
  expect([tooLarge.status, tooLarge.body.errors[0].message]).toMatchObject([413, expect.stringContaining('256 KiB')]);
  const tooLong = await fixture.sendForm('POST', path, {
    file: fixture.file.p12,
    certificate: certificate.padEnd(16 * 1024 + 1),
  });
  expect([tooLong.status, tooLong.body.errors[0].message]).toMatchObject([413, expect.stringContaining('16 KiB')]);
});

/** A form as bytes, for forms that no client library sends. */
function formOf(...parts: readonly (readonly [head: string, content: Buffer | string])[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(([head, content]) => [
      Buffer.from(`--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n`, 'latin1'),
      Buffer.from(content as string),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--x--\r\n'),
  ]);
}

const FORM_TYPE = { 'Content-Type': 'multipart/form-data; boundary=x' };
const BYTES = '\r\nContent-Type: application/octet-stream';

test('L4 a part of type application/octet-stream is a file, also without a file name', async () => {
  const certificate = JSON.stringify({ name: 'no-file-name', password: fixture.file.password });
  for (const [name, status] of [
    [`name="file"${BYTES}`, 201],
    [`name="file"; filename=""${BYTES}`, 422],
  ] as const) {
    const form = formOf([name, fixture.file.p12], ['name="certificate"', certificate]);
    const answer = await fixture.sendRaw('POST', fixture.path('by-file'), form, FORM_TYPE);
    expect([name, answer.status]).toEqual([name, status]);
    // The second one is read too, and its name is taken by then.
    if (status === 422) expect(fieldsOf(answer)).toEqual(['name']);
  }
});

test.each<[string, readonly (readonly [string, Buffer | string])[], string]>([
  ['the part certificate', [['name="certificate"', Buffer.from('{"name":"Zürich"}', 'latin1')]], 'certificate'],
  [
    'the part certificate as a file',
    [['name="certificate"; filename="blob"', Buffer.from('{"name":"Zürich"}', 'latin1')]],
    'certificate',
  ],
  ['a file name', [['name="file"; filename="Zürich.p12"', 'x']], 'body'],
  ['the name of a part', [['name="zürich"', 'x']], 'body'],
])('L4 a form that is not UTF-8 in %s is 422', async (_, parts, field) => {
  const answer = await fixture.sendRaw('POST', fixture.path('by-file'), formOf(...parts), FORM_TYPE);
  expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
  expect(answer.body.errors[0].message).toMatch('UTF-8');
});

test('L4 L9 a part with another charset than UTF-8 is refused', async () => {
  const type = '\r\nContent-Type: text/plain; charset=utf-16';
  const p12Test = `/mtls/account/${ACCOUNT}/p12-test/multipart`;
  for (const [path, part] of [
    [fixture.path('by-file'), 'certificate'],
    [p12Test, 'password'],
  ] as const) {
    const form = formOf(
      ['name="file"; filename="a.p12"', fixture.file.p12],
      [`name="${part}"${type}`, Buffer.from('{}', 'utf16le')],
    );
    const answer = await fixture.sendRaw('POST', path, form, FORM_TYPE);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [part]]);
    expect(answer.body.errors[0].message).toMatch('UTF-8');
  }
});

test.each([
  ['unquoted, with a slash', 'boundary=a/b', 'a/b'],
  ['unquoted, with a colon', 'boundary=a:b', 'a:b'],
  ['unquoted, with an equal sign', 'boundary==_Part_1.2', '=_Part_1.2'],
  ['before a semicolon', 'boundary=x;', 'x'],
  ['between blanks', 'boundary = x', 'x'],
  ['quoted, with a blank', 'boundary="a b"', 'a b'],
  ['quoted, with a quotation mark and a backslash', String.raw`boundary="a\"b\\c"`, String.raw`a"b\c`],
  ['before a charset', 'boundary=x;charset=UTF-8', 'x'],
])('L4 a boundary is taken as the client sends it: %s', async (name, parameter, boundary) => {
  const certificate = JSON.stringify({ name, password: fixture.file.password });
  const parts = formOf(['name="file"; filename="a.p12"', fixture.file.p12], ['name="certificate"', certificate]);
  const form = Buffer.from(
    parts.toString('latin1').replaceAll(/^--x(?=\r|--)/gm, () => `--${boundary}`),
    'latin1',
  );
  const headers = { 'Content-Type': `multipart/form-data; ${parameter}` };
  expect((await fixture.sendRaw('POST', fixture.path('by-file'), form, headers)).status).toBe(201);
});

test('L4 a form with a content coding is 415', async () => {
  const form = formOf(['name="file"; filename="a.p12"', fixture.file.p12], ['name="certificate"', '{"name":"coded"}']);
  for (const [coding, status] of [
    ['gzip', 415],
    ['identity', 422],
  ] as const) {
    const headers = { ...FORM_TYPE, 'Content-Encoding': coding };
    expect((await fixture.sendRaw('POST', fixture.path('by-file'), form, headers)).status).toBe(status);
  }
});

test.each([
  ['base64', 422],
  ['Quoted-Printable', 422],
  ['binary', 201],
  ['8BIT', 201],
])(
  'L4 a part with the Content-Transfer-Encoding %s is %d: it would be another name or password',
  async (encoding, status) => {
    const coded = `\r\nContent-Transfer-Encoding: ${encoding}`;
    const certificate = JSON.stringify({ name: `Z=C3=BCrich ${encoding}`, password: fixture.file.password });
    for (const [part, fileCoding, certificateCoding] of [
      ['file', coded, ''],
      ['certificate', '', coded],
    ] as const) {
      const form = formOf(
        [`name="file"; filename="a.p12"${fileCoding}`, fixture.file.p12],
        [`name="certificate"${certificateCoding}`, certificate.replace('rich', `rich ${part}`)],
      );
      const answer = await fixture.sendRaw('POST', fixture.path('by-file'), form, FORM_TYPE);
      expect(answer.status).toBe(status);
      if (status === 422) {
        expect(fieldsOf(answer)).toEqual([part]);
        expect(answer.body.errors[0].message).toContain('Content-Transfer-Encoding');
      }
    }
  },
);

test('L4 the error on malformed JSON has the position', async () => {
  const answer = await fixture.sendForm('POST', fixture.path('by-file'), {
    file: fixture.file.p12,
    certificate: '{"name":}',
  });
  expect(answer.body.errors[0].message).toMatch('line 1, column 9');
});

test('L9 a password has the same limits as at creation, and must be UTF-8', async () => {
  const path = `/mtls/account/${ACCOUNT}/p12-test/multipart`;
  for (const password of ['x'.repeat(1_001), 'nul\0', Buffer.from('Zürich', 'latin1')]) {
    const answer = await fixture.sendForm('POST', path, { file: fixture.file.p12, password });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['password']]);
    expect(answer.body.errors[0].message).toMatch(/1000 characters|U\+0000|UTF-8/);
  }
});

test('L9 the test route says whether a file could be stored, and why not', async () => {
  const path = `/mtls/account/${ACCOUNT}/p12-test/multipart`;
  const usable = await fixture.sendForm('POST', path, { file: fixture.file.p12, password: fixture.file.password });
  expect([usable.status, usable.body]).toEqual([200, { subject: 'CN=first', expirationDate: '2027-01-01T00:00:00Z' }]);
  const wrong = await fixture.sendForm('POST', path, { file: fixture.file.p12, password: 'guess' });
  expect([wrong.status, fieldsOf(wrong)]).toEqual([422, ['password']]);
  const corrupt = await fixture.sendForm('POST', path, { file: Buffer.from('bytes') });
  expect([corrupt.status, fieldsOf(corrupt)]).toEqual([422, ['file']]);
  expect((await fixture.sendForm('POST', path, { password: 'x' })).status).toBe(422);
});
