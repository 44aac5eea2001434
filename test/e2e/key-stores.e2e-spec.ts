import { afterAll, beforeAll, expect, test } from 'vitest';

import { codesOf, fieldsOf } from '../support/http.js';
import { KeyStoreFixture, makeFile, type MadeFile, ACCOUNT, itemOf } from '../support/key-store-fixture.js';

let fixture: KeyStoreFixture;
let file: MadeFile;
let other: MadeFile;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
  file = await makeFile('first', 'paw1');
  other = await makeFile('second', 'paw2', '2028-02-29T00:00:00Z');
});

afterAll(async () => await fixture.app.close());

const item = (name: string, made = file) => itemOf(name, made);

test('L3 key stores are created in an array, and answered with 201 and the misspelt member names of the contract', async () => {
  const answer = await fixture.send('POST', fixture.path(), [item('L3-a'), { ...item('L3-b'), displayName: 'Second' }]);
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    successfulySavedCertificates: ['L3-a', 'L3-b'].map((name) => ({
      id: expect.any(Number) as number,
      deleted: false,
      name,
      displayName: name === 'L3-b' ? 'Second' : name,
      siteId: ACCOUNT,
      status: 'Available',
      expirationDate: '2027-01-01T00:00:00Z',
    })),
    failedSaveToVaultCertificates: [],
  });
  for (const { id } of answer.body.successfulySavedCertificates) {
    expect(id).toBeGreaterThan(2 ** 31);
    expect(Number.isSafeInteger(id)).toBe(true);
  }
});

test('L3 a p12 may be sent in base64', async () => {
  const answer = await fixture.send('POST', fixture.path(), [{ ...item('base64'), p12: file.p12.toString('base64') }]);
  expect([answer.status, answer.body.successfulySavedCertificates.length]).toEqual([201, 1]);
});

test('L3 the bytes of the documented sample, the word "bytes", are refused as not a p12', async () => {
  const sample = [{ name: 'myCert1', p12: [98, 121, 116, 101, 115], password: 'paw1' }];
  const answer = await fixture.send('POST', fixture.path(), sample);
  expect([answer.status, answer.body.errors[0]]).toMatchObject([422, { field: 'p12', index: 0 }]);
  expect(answer.body.errors[0].message).toContain('corrupt');
});

test('L1, L2 the list is an array and a key store an object, without a wrapper', async () => {
  const { id } = await fixture.create('L1');
  const list = await fixture.send('GET', fixture.path());
  expect(list.status).toBe(200);
  expect(Array.isArray(list.body)).toBe(true);
  const one = await fixture.send('GET', fixture.path(id));
  expect(one.status).toBe(200);
  expect(list.body).toContainEqual(one.body);
  expect(Object.keys(one.body as object).toSorted()).toEqual([
    'deleted',
    'displayName',
    'expirationDate',
    'id',
    'name',
    'siteId',
    'status',
  ]);
});

test('L5 key stores are replaced in an array of whole Certificates, with ids as numbers or texts', async () => {
  const { id } = await fixture.create('L5-a');
  const second = await fixture.create('L5-b');
  const echo = (await fixture.send('GET', fixture.path(id))).body as object;
  const { displayName: _, ...rest } = echo as { displayName: string };
  const answer = await fixture.send('PUT', fixture.path(), [
    { ...rest, ...item('L5-renamed', other) },
    { ...item('L5-b', other), id: String(second.id) },
  ]);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    successfulySavedCertificates: [
      {
        id,
        name: 'L5-renamed',
        displayName: 'L5-renamed',
        status: 'Available',
        expirationDate: '2028-02-29T00:00:00Z',
      },
      { id: second.id, name: 'L5-b' },
    ],
    failedSaveToVaultCertificates: [],
  });
});

test('L5 displayName follows name until it is set', async () => {
  const { id } = await fixture.create('follows');
  const put = async (body: object) => (await fixture.send('PUT', fixture.path(), [{ id, ...body }])).body;
  expect(await put(item('follows-2'))).toMatchObject({ successfulySavedCertificates: [{ displayName: 'follows-2' }] });
  // The whole Certificate with another name.
  expect(await put({ ...item('follows-3'), displayName: 'follows-2' })).toMatchObject({
    successfulySavedCertificates: [{ displayName: 'follows-3' }],
  });
  await put({ ...item('follows-2'), displayName: 'Set' });
  expect(await put(item('follows-3'))).toMatchObject({ successfulySavedCertificates: [{ displayName: 'Set' }] });
});

test.each(['by-file', 'byFile'])('L4, L6 key stores are created and replaced by file under %s', async (path) => {
  const certificate = JSON.stringify({ name: path, password: file.password });
  const created = await fixture.sendForm('POST', fixture.path(path), { file: file.p12, certificate });
  expect([created.status, created.body]).toMatchObject([201, { successfulySavedCertificates: [{ name: path }] }]);

  const { id } = created.body.successfulySavedCertificates[0] as { id: number };
  const changed = JSON.stringify({ name: path, password: other.password, id });
  const replaced = await fixture.sendForm('PUT', fixture.path(path), { file: other.p12, certificate: changed });
  expect(replaced.status).toBe(200);
  expect(replaced.body).toMatchObject({
    successfulySavedCertificates: [{ id, expirationDate: '2028-02-29T00:00:00Z' }],
    failedSaveToVaultCertificates: [],
  });
});

test('L4 the part certificate may be a file, and a third part is refused', async () => {
  const certificate = Buffer.from(JSON.stringify({ name: 'blob', password: file.password }));
  const asFile = await fixture.sendForm('POST', fixture.path('by-file'), { file: file.p12, certificate });
  expect(asFile.status).toBe(201);
  const third = await fixture.sendForm('POST', fixture.path('by-file'), { file: file.p12, certificate, extra: 'x' });
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
    file: file.p12,
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
  const certificate = JSON.stringify({ name: 'no-file-name', password: file.password });
  for (const [name, status] of [
    [`name="file"${BYTES}`, 201],
    [`name="file"; filename=""${BYTES}`, 422],
  ] as const) {
    const form = formOf([name, file.p12], ['name="certificate"', certificate]);
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
      ['name="file"; filename="a.p12"', file.p12],
      [`name="${part}"${type}`, Buffer.from('{}', 'utf16le')],
    );
    const answer = await fixture.sendRaw('POST', path, form, FORM_TYPE);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [part]]);
    expect(answer.body.errors[0].message).toMatch('UTF-8');
  }
});

test('L5 an absent, null or empty password means a file without one, and is 422 for a file with one', async () => {
  const name = 'L5-password';
  const { id } = await fixture.create(name);
  const { p12 } = await makeFile('without', '');
  for (const password of [{}, { password: null }, { password: '' }]) {
    const put = async (bytes: Buffer) =>
      await fixture.send('PUT', fixture.path(), [{ id, name, p12: bytes.toString('base64'), ...password }]);
    expect((await put(p12)).status).toBe(200);
    const refused = await put(file.p12);
    expect([refused.status, fieldsOf(refused)]).toEqual([422, ['password']]);
  }
});

test('L4 the error on malformed JSON has the position', async () => {
  const answer = await fixture.sendForm('POST', fixture.path('by-file'), { file: file.p12, certificate: '{"name":}' });
  expect(answer.body.errors[0].message).toMatch('line 1, column 9');
});

test('L9 a password has the same limits as at creation, and must be UTF-8', async () => {
  const path = `/mtls/account/${ACCOUNT}/p12-test/multipart`;
  for (const password of ['x'.repeat(1_001), 'nul\0', Buffer.from('Zürich', 'latin1')]) {
    const answer = await fixture.sendForm('POST', path, { file: file.p12, password });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['password']]);
    expect(answer.body.errors[0].message).toMatch(/1000 characters|U\+0000|UTF-8/);
  }
});

test('L7 a key store is replaced under its path by an object or an array of one, with or without the id', async () => {
  const { id } = await fixture.create('L7');
  for (const body of [item('L7'), [item('L7')], { ...item('L7'), id }, [{ ...item('L7'), id: `${id}` }]]) {
    const answer = await fixture.send('PUT', fixture.path(id), body);
    expect([answer.status, answer.body]).toMatchObject([200, { successfulySavedCertificates: [{ id }] }]);
  }
  const another = await fixture.send('PUT', fixture.path(id), { ...item('L7'), id: id + 1 });
  expect([another.status, fieldsOf(another)]).toEqual([422, ['id']]);
  expect(another.body.errors[0]).not.toHaveProperty('index');
  for (const body of [[], [item('L7'), item('L7-b')]]) {
    const refused = await fixture.send('PUT', fixture.path(id), body);
    expect([refused.status, refused.body.errors[0].message]).toMatchObject([422, expect.stringContaining('one item')]);
  }
});

test('L7 an unknown id is 404 in a path, 422 with its index in an array of any length', async () => {
  for (const path of [4_000_000_000_000, 'abc', '0', '9007199254740992']) {
    expect((await fixture.send('PUT', fixture.path(path), item('unknown'))).status).toBe(404);
    expect((await fixture.send('GET', fixture.path(path))).status).toBe(404);
    expect((await fixture.send('DELETE', fixture.path(path))).status).toBe(404);
  }
  const answer = await fixture.send('PUT', fixture.path(), [{ ...item('unknown'), id: 4_000_000_000_000 }]);
  expect([answer.status, answer.body.errors]).toMatchObject([422, [{ field: 'id', index: 0 }]]);
});

test('L8 a deleted key store is answered as deleted, left out of L1, and its name is free; a second deletion changes nothing', async () => {
  const { id } = await fixture.create('L8');
  const deleted = await fixture.send('DELETE', fixture.path(id));
  expect([deleted.status, deleted.body]).toMatchObject([200, { id, deleted: true, status: 'UnAvailable' }]);
  expect(await fixture.send('DELETE', fixture.path(id))).toMatchObject({
    status: 200,
    body: deleted.body as object,
  });
  expect((await fixture.send('GET', fixture.path(id))).body).toEqual(deleted.body);
  const ids = async (query: string) =>
    ((await fixture.send('GET', `${fixture.path()}${query}`)).body as { id: number }[]).map((one) => one.id);
  expect(await ids('')).not.toContain(id);
  expect(await ids('?includeDeleted=true')).toContain(id);
  expect((await fixture.create('L8')).id).not.toBe(id);
  expect((await fixture.send('PUT', fixture.path(id), item('L8-again'))).status).toBe(404);
  const lines: unknown = await fixture.app.dataSource.query(
    `select action from audit_events where ext_id = $1 order by id`,
    [`${id}`],
  );
  expect(lines).toEqual([{ action: 'created' }, { action: 'deleted' }]);
});

test('L9 the test route says whether a file could be stored, and why not', async () => {
  const path = `/mtls/account/${ACCOUNT}/p12-test/multipart`;
  const usable = await fixture.sendForm('POST', path, { file: file.p12, password: file.password });
  expect([usable.status, usable.body]).toEqual([200, { subject: 'CN=first', expirationDate: '2027-01-01T00:00:00Z' }]);
  const wrong = await fixture.sendForm('POST', path, { file: file.p12, password: 'guess' });
  expect([wrong.status, fieldsOf(wrong)]).toEqual([422, ['password']]);
  const corrupt = await fixture.sendForm('POST', path, { file: Buffer.from('bytes') });
  expect([corrupt.status, fieldsOf(corrupt)]).toEqual([422, ['file']]);
  expect((await fixture.sendForm('POST', path, { password: 'x' })).status).toBe(422);
});
