import { afterAll, beforeAll, expect, test } from 'vitest';

import { codesOf, fieldsOf, send } from '../support/http.js';
import { KeyStoreWorld, makeFile, type MadeFile, ACCOUNT, OTHER_ACCOUNT } from '../support/key-store-world.js';
import { statementsOf } from '../support/statements.js';

let world: KeyStoreWorld;
let file: MadeFile;
let other: MadeFile;

beforeAll(async () => {
  world = await KeyStoreWorld.start();
  file = await makeFile('first', 'paw1');
  other = await makeFile('second', 'paw2', '2028-02-29T00:00:00Z');
});

afterAll(async () => await world.app.close());

const item = (name: string, { p12, password }: MadeFile = file) => ({ name, p12: [...p12], password });

test('L3 000_995d2d5927953912: created in an array, answered under their misspelt names with 201', async () => {
  const answer = await world.send('POST', world.path(), [item('L3-a'), { ...item('L3-b'), displayName: 'Second' }]);
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

test('L3 a p12 in base64 is the same', async () => {
  const answer = await world.send('POST', world.path(), [{ ...item('base64'), p12: file.p12.toString('base64') }]);
  expect([answer.status, answer.body.successfulySavedCertificates.length]).toEqual([201, 1]);
});

test('L3 000_995d2d5927953912: the sample bytes are the word "bytes", which is no p12', async () => {
  const sample = [{ name: 'myCert1', p12: [98, 121, 116, 101, 115], password: 'paw1' }];
  const answer = await world.send('POST', world.path(), sample);
  expect([answer.status, answer.body.errors[0]]).toMatchObject([422, { field: 'p12', index: 0 }]);
  expect(answer.body.errors[0].message).toContain('corrupt');
});

test('L1, L2 002_6482c96e164837cc: a bare array and a bare object', async () => {
  const { id } = await world.create('L1');
  const list = await world.send('GET', world.path());
  expect(list.status).toBe(200);
  expect(Array.isArray(list.body)).toBe(true);
  const one = await world.send('GET', world.path(id));
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

test('L5 000_995d2d5927953912: replaced in an array, whole Certificates sent back, ids as numbers or texts', async () => {
  const { id } = await world.create('L5-a');
  const second = await world.create('L5-b');
  const echo = (await world.send('GET', world.path(id))).body as object;
  const { displayName: _, ...rest } = echo as { displayName: string };
  const answer = await world.send('PUT', world.path(), [
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
  const { id } = await world.create('follows');
  const put = async (body: object) => (await world.send('PUT', world.path(), [{ id, ...body }])).body;
  expect(await put(item('follows-2'))).toMatchObject({ successfulySavedCertificates: [{ displayName: 'follows-2' }] });
  // Sent back as it was read, with another name.
  expect(await put({ ...item('follows-3'), displayName: 'follows-2' })).toMatchObject({
    successfulySavedCertificates: [{ displayName: 'follows-3' }],
  });
  await put({ ...item('follows-2'), displayName: 'Set' });
  expect(await put(item('follows-3'))).toMatchObject({ successfulySavedCertificates: [{ displayName: 'Set' }] });
});

test.each(['by-file', 'byFile'])(
  'L4, L6 001_9edbf42383ffd08c, 002_6482c96e164837cc: by file under %s',
  async (path) => {
    const certificate = JSON.stringify({ name: path, password: file.password });
    const created = await world.sendForm('POST', world.path(path), { file: file.p12, certificate });
    expect([created.status, created.body]).toMatchObject([201, { successfulySavedCertificates: [{ name: path }] }]);

    const { id } = created.body.successfulySavedCertificates[0] as { id: number };
    const changed = JSON.stringify({ name: path, password: other.password, id });
    const replaced = await world.sendForm('PUT', world.path(path), { file: other.p12, certificate: changed });
    expect(replaced.status).toBe(200);
    expect(replaced.body).toMatchObject({
      successfulySavedCertificates: [{ id, expirationDate: '2028-02-29T00:00:00Z' }],
      failedSaveToVaultCertificates: [],
    });
  },
);

test('L4 the part certificate may come as a file, a third part may not come', async () => {
  const certificate = Buffer.from(JSON.stringify({ name: 'blob', password: file.password }));
  const asFile = await world.sendForm('POST', world.path('by-file'), { file: file.p12, certificate });
  expect(asFile.status).toBe(201);
  const third = await world.sendForm('POST', world.path('by-file'), { file: file.p12, certificate, extra: 'x' });
  expect([third.status, codesOf(third)]).toEqual([422, ['errors.invalidData']]);
});

test.each<[string, Record<string, Buffer | string>, string]>([
  ['without a file', { certificate: '{"name":"x"}' }, 'file'],
  ['without certificate', { file: Buffer.from('x') }, 'certificate'],
  ['no JSON', { file: Buffer.from('x'), certificate: '{' }, 'certificate'],
  ['an array', { file: Buffer.from('x'), certificate: '[]' }, 'certificate'],
  ['without a name', { file: Buffer.from('x'), certificate: '{}' }, 'name'],
  ['an unknown member', { file: Buffer.from('x'), certificate: '{"name":"x","p12":"x"}' }, 'p12'],
  ['a file that is no p12', { file: Buffer.from('x'), certificate: '{"name":"x"}' }, 'file'],
  ['a file sent as text', { file: 'x', certificate: '{"name":"x"}' }, 'file'],
  ['members as parts', { file: Buffer.from('x'), 'certificate[name]': 'x' }, 'body'],
])('L4 fail/%s', async (_, parts, field) => {
  const answer = await world.sendForm('POST', world.path('by-file'), parts);
  expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
  expect(answer.body.errors[0]).not.toHaveProperty('index');
});

test('L4 a body that is no multipart is 415, one that cannot be read is 400, and one over the limit 413', async () => {
  const path = world.path('by-file');
  expect((await world.send('POST', path, [])).status).toBe(415);
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
  expect((await world.sendRaw('POST', path, '--x\r\nnonsense', headers)).status).toBe(400);
  const certificate = '{"name":"large"}';
  expect((await world.sendForm('POST', path, { file: Buffer.alloc(256 * 1024), certificate })).status).toBe(422);
  const tooLarge = await world.sendForm('POST', path, { file: Buffer.alloc(256 * 1024 + 1), certificate });
  expect([tooLarge.status, tooLarge.body.errors[0].message]).toMatchObject([413, expect.stringContaining('256 KiB')]);
  const tooLong = await world.sendForm('POST', path, {
    file: file.p12,
    certificate: certificate.padEnd(16 * 1024 + 1),
  });
  expect([tooLong.status, tooLong.body.errors[0].message]).toMatchObject([413, expect.stringContaining('16 KiB')]);
});

test('L7 002_6482c96e164837cc: under its path as an object or an array of one, the id may be absent', async () => {
  const { id } = await world.create('L7');
  for (const body of [item('L7'), [item('L7')], { ...item('L7'), id }, [{ ...item('L7'), id: `${id}` }]]) {
    const answer = await world.send('PUT', world.path(id), body);
    expect([answer.status, answer.body]).toMatchObject([200, { successfulySavedCertificates: [{ id }] }]);
  }
  const another = await world.send('PUT', world.path(id), { ...item('L7'), id: id + 1 });
  expect([another.status, fieldsOf(another)]).toEqual([422, ['id']]);
  expect(another.body.errors[0]).not.toHaveProperty('index');
  for (const body of [[], [item('L7'), item('L7-b')]]) {
    const refused = await world.send('PUT', world.path(id), body);
    expect([refused.status, refused.body.errors[0].message]).toMatchObject([422, expect.stringContaining('one item')]);
  }
});

test('L7 an unknown id is 404 in a path, 422 with its index in an array of any length', async () => {
  for (const path of [4_000_000_000_000, 'abc', '0', '9007199254740992']) {
    expect((await world.send('PUT', world.path(path), item('unknown'))).status).toBe(404);
    expect((await world.send('GET', world.path(path))).status).toBe(404);
    expect((await world.send('DELETE', world.path(path))).status).toBe(404);
  }
  const answer = await world.send('PUT', world.path(), [{ ...item('unknown'), id: 4_000_000_000_000 }]);
  expect([answer.status, answer.body.errors]).toMatchObject([422, [{ field: 'id', index: 0 }]]);
});

test('L8 deleted: answered as such, left out of L1, its name free, and a second time changes nothing', async () => {
  const { id } = await world.create('L8');
  const deleted = await world.send('DELETE', world.path(id));
  expect([deleted.status, deleted.body]).toMatchObject([200, { id, deleted: true, status: 'UnAvailable' }]);
  expect(await world.send('DELETE', world.path(id))).toMatchObject({
    status: 200,
    body: deleted.body as object,
  });
  expect((await world.send('GET', world.path(id))).body).toEqual(deleted.body);
  const ids = async (query: string) =>
    ((await world.send('GET', `${world.path()}${query}`)).body as { id: number }[]).map((one) => one.id);
  expect(await ids('')).not.toContain(id);
  expect(await ids('?includeDeleted=true')).toContain(id);
  expect((await world.create('L8')).id).not.toBe(id);
  expect((await world.send('PUT', world.path(id), item('L8-again'))).status).toBe(404);
  const lines: unknown = await world.app.dataSource.query(`select action from trail where ext_id = $1 order by id`, [
    `${id}`,
  ]);
  expect(lines).toEqual([{ action: 'created' }, { action: 'deleted' }]);
});

test('L9 whether a file could be stored, and why not', async () => {
  const path = `/mtls/account/${ACCOUNT}/p12-test/multipart`;
  const usable = await world.sendForm('POST', path, { file: file.p12, password: file.password });
  expect([usable.status, usable.body]).toEqual([200, { subject: 'CN=first', expirationDate: '2027-01-01T00:00:00Z' }]);
  const wrong = await world.sendForm('POST', path, { file: file.p12, password: 'guess' });
  expect([wrong.status, fieldsOf(wrong)]).toEqual([422, ['password']]);
  const corrupt = await world.sendForm('POST', path, { file: Buffer.from('bytes') });
  expect([corrupt.status, fieldsOf(corrupt)]).toEqual([422, ['file']]);
  expect((await world.sendForm('POST', path, { password: 'x' })).status).toBe(422);
});

test('L3 every item is judged, each error names its index, and nothing is kept', async () => {
  await world.create('taken');
  const before: unknown = (await world.send('GET', world.path())).body;
  const answer = await world.send('POST', world.path(), [
    item('batch-1'),
    item('taken'),
    { ...item('batch-2'), password: 'guess' },
    item('batch-1'),
    { ...item('batch-3'), p12: [1] },
  ]);
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toMatchObject([
    { code: 'errors.duplicateName', field: 'name', index: 1 },
    { code: 'errors.invalidData', field: 'password', index: 2 },
    { code: 'errors.duplicateName', field: 'name', index: 3 },
    { code: 'errors.invalidData', field: 'p12', index: 4 },
  ]);
  expect((await world.send('GET', world.path())).body).toEqual(before);
});

test.each<[string, unknown, number, (string | undefined)[]]>([
  ['an empty array', [], 422, ['body']],
  ['no array', {}, 422, ['body']],
  ['more than 50 items', Array.from({ length: 51 }, () => ({})), 422, ['body']],
  ['an item that is no object', [7], 422, ['body']],
  ['without a name', [{ p12: [1] }], 422, ['name']],
  ['without a p12', [{ name: 'x' }], 422, ['p12']],
  ['a value that is no byte', [{ name: 'x', p12: [256] }], 422, ['p12']],
  ['an unknown member', [{ name: 'x', p12: [1], alias: 'x' }], 422, ['alias']],
  ['everything at once', [{ p12: 'x', alias: 'x' }], 422, ['p12', 'alias', 'name']],
  ['a p12 over 256 KiB', [{ name: 'x', p12: Buffer.alloc(256 * 1024 + 1).toString('base64') }], 413, ['p12']],
])('L3 fail/%s', async (_, body, status, fields) => {
  const answer = await world.send('POST', world.path(), body);
  expect([answer.status, fieldsOf(answer)]).toEqual([status, fields]);
});

test('L3 members of a Certificate that is sent back are taken and ignored', async () => {
  const echoed = { siteId: 'x', status: 'Expired', deleted: true, expirationDate: null };
  const answer = await world.send('POST', world.path(), [{ ...item('echoed'), ...echoed }]);
  expect(answer.body).toMatchObject({ successfulySavedCertificates: [{ siteId: ACCOUNT, status: 'Available' }] });
});

test('L3 bodies of up to 2 MiB are read, larger ones are 413', async () => {
  const large = JSON.stringify([{ ...item('large'), displayName: 'x'.repeat(1_500_000) }]);
  expect((await world.send('POST', world.path(), large)).status).toBe(422);
  const tooLarge = await world.send('POST', world.path(), 'x'.repeat(2 * 1024 * 1024 + 1));
  expect([tooLarge.status, codesOf(tooLarge)]).toEqual([413, ['errors.payloadTooLarge']]);
  expect(tooLarge.body.errors[0]?.message).toContain('base64');
});

test('L1 the items of a batch are listed in the order in which they were sent', async () => {
  const names = Array.from({ length: 8 }, (_, number) => `in order ${number}`);
  await world.send(
    'POST',
    world.path(),
    names.map((name) => item(name)),
  );
  const listed = (await world.send('GET', world.path())).body as unknown as { name: string }[];
  expect(listed.map(({ name }) => name).filter((name) => name.startsWith('in order'))).toEqual(names);
});

test('L3 an expired p12 is stored, Expired', async () => {
  const expired = await makeFile('old', 'paw1', '2026-05-31T00:00:00Z');
  expect(await world.create('old', expired)).toMatchObject({ status: 'Expired' });
});

test('L3 of two that take one name at once, one does', async () => {
  const body = [item('at once')];
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => await world.send('POST', world.path(), body)),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status === 422)) {
    expect(answer.body.errors).toMatchObject([{ code: 'errors.duplicateName', field: 'name', index: 0 }]);
  }
});

test('L5 of many that replace one at once, the last one stands, alone in the vault', async () => {
  const { id } = await world.create('replaced at once');
  const answers = await Promise.all(
    Array.from({ length: 6 }, async () => await world.send('PUT', world.path(id), item('replaced at once', other))),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await world.reconcile();
  const live = await world.app.dataSource.query<{ version: number }[]>(
    'select version from sealed_secrets where key_store_id = $1 and destroyed_at is null and deleted_at is null',
    [id],
  );
  const [row] = await world.app.dataSource.query<{ version: number; state: string }[]>(
    'select vault_version as version, state from key_stores where id = $1 and claim is null',
    [id],
  );
  expect(row?.state).toBe('available');
  expect(live).toEqual([{ version: row?.version }]);
});

test('L3 an account holds 1,000, and not one more at once', async () => {
  await world.app.dataSource.query(
    `insert into key_stores (client_ext_id, id, incarnation, name, state, expires, p12_sha256, version, created,
       last_modified)
     select $1, n, gen_random_uuid(), 'filler ' || n, 'unavailable', '2027-01-01Z', '\\x00', 1, now(), now()
     from generate_series(1, 998) n`,
    [OTHER_ACCOUNT],
  );
  const path = world.path(undefined, OTHER_ACCOUNT);
  const answers = await Promise.all(
    Array.from({ length: 6 }, async (_, index) => await world.send('POST', path, [item(`n ${index}`)])),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(4);
  await world.app.dataSource.query('delete from key_stores where client_ext_id = $1', [OTHER_ACCOUNT]);
});

test('L1 an account that does not exist is 404, whatever is asked of it', async () => {
  const everywhere = await world.app.token({ data_room: { clients: ['*'] } });
  const path = world.path(undefined, 'nobody');
  const ask = async (method: string, body?: unknown, id?: number) =>
    (await send(world.app, method, world.path(id, 'nobody'), { token: everywhere, body })).status;
  expect(path).toContain('nobody');
  expect(await ask('GET')).toBe(404);
  expect(await ask('GET', undefined, 3_000_000_000)).toBe(404);
  expect(await ask('POST', [item('x')])).toBe(404);
  expect(await ask('PUT', [{ ...item('x'), id: 3_000_000_000 }])).toBe(404);
  expect(await ask('DELETE', undefined, 3_000_000_000)).toBe(404);
});

test('L2, L7, L8 what is no id names nothing, whatever the body', async () => {
  for (const text of ['0', '01', '-1', '1.5', '9007199254740992', 'abc', '%20']) {
    const path = `${world.path()}/${text}`;
    expect((await world.send('GET', path)).status, text).toBe(404);
    expect((await world.send('PUT', path, item('x'))).status, text).toBe(404);
    expect((await world.send('DELETE', path)).status, text).toBe(404);
  }
});

test("L2 another account's key store is not there", async () => {
  const { id } = await world.create('mine');
  expect((await world.send('GET', world.path(id, OTHER_ACCOUNT))).status).toBe(404);
  expect((await world.send('PUT', world.path(id, OTHER_ACCOUNT), item('theirs'))).status).toBe(404);
  expect((await world.send('DELETE', world.path(id, OTHER_ACCOUNT))).status).toBe(404);
  expect((await world.send('PUT', world.path(undefined, OTHER_ACCOUNT), [{ ...item('x'), id }])).status).toBe(422);
});

test('L1 rights: View reads, Modify writes, inside the data room, before the body is read', async () => {
  const { id } = await world.create('rights');
  const tokens = {
    nobody: undefined,
    viewer: await world.app.token({
      roles: [],
      permissions: ['AccessControl.MtlsCertificateView'],
      data_room: undefined,
      client_ext_id: ACCOUNT,
    }),
    modifier: await world.app.token({
      roles: [],
      permissions: ['AccessControl.MtlsCertificateModify'],
      client_ext_id: ACCOUNT,
    }),
    elsewhere: await world.app.token({ roles: ['nevisIdm.MtlsAdmin'], client_ext_id: OTHER_ACCOUNT }),
  };
  const reads = [world.path(), world.path(id)].map((path) => ['GET', path] as const);
  const writes = [
    ['POST', world.path()],
    ['PUT', world.path()],
    ['POST', world.path('by-file')],
    ['POST', world.path('byFile')],
    ['PUT', world.path('by-file')],
    ['PUT', world.path('byFile')],
    ['PUT', world.path(id)],
    ['DELETE', world.path(4_000_000_000_000)],
    ['POST', `/mtls/account/${ACCOUNT}/p12-test/multipart`],
  ] as const;
  const statusOf = async (token: string | undefined, [method, path]: readonly [string, string]) =>
    (await send(world.app, method, path, { token, ...(method === 'GET' ? {} : { body: 'nonsense' }) })).status;
  for (const route of [...reads, ...writes]) {
    expect(await statusOf(tokens.nobody, route)).toBe(401);
    expect(await statusOf(tokens.elsewhere, route)).toBe(403);
  }
  for (const route of reads) expect(await statusOf(tokens.viewer, route)).toBe(200);
  for (const route of reads) expect(await statusOf(tokens.modifier, route)).toBe(403);
  for (const route of writes) expect(await statusOf(tokens.viewer, route)).toBe(403);
  for (const route of writes) expect([400, 404, 415]).toContain(await statusOf(tokens.modifier, route));
  const refused: unknown = await world.app.dataSource.query(
    `select distinct kind, ext_id as "extId" from trail where action = 'refused' and client_ext_id = $1 order by 1`,
    [ACCOUNT],
  );
  expect(refused).toContainEqual({ kind: 'keyStore', extId: String(id) });
});

test('L3 a creation costs four statements, a GET one', async () => {
  await Promise.all(Array.from({ length: 20 }, async () => await world.send('GET', world.path())));
  const body = [item('counted')];
  const created = await statementsOf(world.app.dataSource, async () => {
    expect((await world.send('POST', world.path(), body)).status).toBe(201);
  });
  expect(created).toHaveLength(4);
  expect(await statementsOf(world.app.dataSource, async () => await world.send('GET', world.path()))).toHaveLength(1);
  expect(world.vault.calls.length).toBeGreaterThan(0);
});
