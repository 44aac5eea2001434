import { afterAll, beforeAll, expect, test } from 'vitest';

import { codesOf, fieldsOf } from '../support/http.js';
import { KeyStoreFixture, makeFile, ACCOUNT, OTHER_ACCOUNT } from '../support/key-store-fixture.js';
import { statementsOf } from '../support/statements.js';

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

afterAll(async () => await fixture.app.close());

test('L3 every item is validated, each error has its index, and nothing is stored', async () => {
  await fixture.create('taken');
  const before: unknown = (await fixture.send('GET', fixture.path())).body;
  const answer = await fixture.send('POST', fixture.path(), [
    fixture.item('batch-1'),
    fixture.item('taken'),
    { ...fixture.item('batch-2'), password: 'guess' },
    fixture.item('batch-1'),
    { ...fixture.item('batch-3'), p12: [1] },
  ]);
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toMatchObject([
    { code: 'errors.duplicateName', field: 'name', index: 1 },
    { code: 'errors.invalidData', field: 'password', index: 2 },
    { code: 'errors.duplicateName', field: 'name', index: 3 },
    { code: 'errors.invalidData', field: 'p12', index: 4 },
  ]);
  expect((await fixture.send('GET', fixture.path())).body).toEqual(before);
});

test.each<[string, unknown, number, (string | undefined)[]]>([
  ['an empty array', [], 422, ['body']],
  ['an object', {}, 422, ['body']],
  ['more than 50 items', Array.from({ length: 51 }, () => ({})), 422, ['body']],
  ['a number as item', [7], 422, ['body']],
  ['an item without a name', [{ p12: [1] }], 422, ['name']],
  ['an item without a p12', [{ name: 'x' }], 422, ['p12']],
  ['a byte value over 255', [{ name: 'x', p12: [256] }], 422, ['p12']],
  ['an unknown member', [{ name: 'x', p12: [1], alias: 'x' }], 422, ['alias']],
  ['several faults at once', [{ p12: 'x', alias: 'x' }], 422, ['p12', 'alias', 'name']],
  ['a p12 over 256 KiB', [{ name: 'x', p12: Buffer.alloc(256 * 1024 + 1).toString('base64') }], 413, ['p12']],
  ['a p12 over 256 KiB as byte values', [{ name: 'x', p12: [...Buffer.alloc(256 * 1024 + 1)] }], 413, ['p12']],
  ['byte values in the place of a text', [{ name: [...Buffer.alloc(64 * 1024)], p12: [1] }], 422, ['name']],
  ['byte values in the place of an item', [[...Buffer.alloc(5_000)], 'x'.repeat(65_536)], 422, ['body', 'body']],
  ['many bytes under an unknown name', [{ name: 'x', p12: [1], alias: [...Buffer.alloc(65_536)] }], 422, ['alias']],
  ['more than 10,000 values in over 64 KiB', Array.from({ length: 30_000 }, () => ({})), 422, ['body']],
])('L3 a body with %s is refused', async (_, body, status, fields) => {
  const answer = await fixture.send('POST', fixture.path(), body);
  expect([answer.status, fieldsOf(answer)]).toEqual([status, fields]);
});

test('L3 the other members of a Certificate may be sent and are ignored', async () => {
  const ignored = { siteId: 'x', status: 'Expired', deleted: true, expirationDate: null };
  const answer = await fixture.send('POST', fixture.path(), [{ ...fixture.item('ignored'), ...ignored }]);
  expect(answer.body).toMatchObject({ successfulySavedCertificates: [{ siteId: ACCOUNT, status: 'Available' }] });
});

test('L3 bodies over 64 KiB are stored like small ones, with byte values and with base64', async () => {
  const p12 = Buffer.from(fixture.file.p12).toString('base64');
  const bytes = [...Buffer.from(fixture.file.p12)];
  const items = Array.from({ length: 45 }, (_, number) => ({
    ...fixture.item(`large ${number}`),
    p12: number < 40 ? bytes : p12,
  }));
  expect(JSON.stringify(items).length).toBeGreaterThan(65_536);
  const answer = await fixture.send('POST', fixture.path(), items);
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    successfulySavedCertificates: items.map(({ name }) => ({ name, status: 'Available' })),
  });
});

test('L3 bodies of up to 2 MiB are read, larger ones are 413', async () => {
  const large = JSON.stringify([{ ...fixture.item('large'), displayName: 'x'.repeat(1_500_000) }]);
  expect((await fixture.send('POST', fixture.path(), large)).status).toBe(422);
  const tooLarge = await fixture.send('POST', fixture.path(), 'x'.repeat(2 * 1024 * 1024 + 1));
  expect([tooLarge.status, codesOf(tooLarge)]).toEqual([413, ['errors.payloadTooLarge']]);
  expect(tooLarge.body.errors[0]?.message).toContain('base64');
});

test('L1 the items of a batch are listed in the order in which they were sent', async () => {
  const names = Array.from({ length: 8 }, (_, number) => `in order ${number}`);
  await fixture.send(
    'POST',
    fixture.path(),
    names.map((name) => fixture.item(name)),
  );
  const listed = (await fixture.send('GET', fixture.path())).body as unknown as { name: string }[];
  expect(listed.map(({ name }) => name).filter((name) => name.startsWith('in order'))).toEqual(names);
});

test('L3 an expired p12 is stored with the status Expired', async () => {
  const expired = await makeFile('old', 'paw1', '2026-05-31T00:00:00Z');
  expect(await fixture.create('old', expired)).toMatchObject({ status: 'Expired' });
});

test('L3 of two creations with one name at once one succeeds', async () => {
  const body = [fixture.item('at once')];
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => await fixture.send('POST', fixture.path(), body)),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status === 422)) {
    expect(answer.body.errors).toMatchObject([{ code: 'errors.duplicateName', field: 'name', index: 0 }]);
  }
});

test('L5 of several replacements at once one is stored, and the vault has only its version', async () => {
  const { id } = await fixture.create('replaced at once');
  const answers = await Promise.all(
    Array.from(
      { length: 6 },
      async () => await fixture.send('PUT', fixture.path(id), fixture.item('replaced at once', fixture.other)),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await fixture.reconcile();
  const live = await fixture.app.dataSource.query<{ version: number }[]>(
    'select version from sealed_secrets where key_store_id = $1 and destroyed_at is null and deleted_at is null',
    [id],
  );
  const [row] = await fixture.app.dataSource.query<{ version: number; state: string }[]>(
    'select vault_version as version, state from key_stores where id = $1 and claim is null',
    [id],
  );
  expect(row?.state).toBe('available');
  expect(live).toEqual([{ version: row?.version }]);
});

test('L3 an account has at most 1,000 key stores, also with creations at once', async () => {
  await fixture.app.dataSource.query(
    `insert into key_stores (client_ext_id, id, generation, name, state, expires, p12_sha256, version, created,
       last_modified)
     select $1, n, gen_random_uuid(), 'filler ' || n, 'unavailable', '2027-01-01Z', '\\x00', 1, now(), now()
     from generate_series(1, 998) n`,
    [OTHER_ACCOUNT],
  );
  const path = fixture.path(undefined, OTHER_ACCOUNT);
  const answers = await Promise.all(
    Array.from({ length: 6 }, async (_, index) => await fixture.send('POST', path, [fixture.item(`n ${index}`)])),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(4);
  await fixture.app.dataSource.query('delete from key_stores where client_ext_id = $1', [OTHER_ACCOUNT]);
});

test('L3 a creation needs four statements, a GET one', async () => {
  await Promise.all(Array.from({ length: 20 }, async () => await fixture.send('GET', fixture.path())));
  const body = [fixture.item('counted')];
  const created = await statementsOf(fixture.app.dataSource, async () => {
    expect((await fixture.send('POST', fixture.path(), body)).status).toBe(201);
  });
  expect(created).toHaveLength(4);
  expect(
    await statementsOf(fixture.app.dataSource, async () => await fixture.send('GET', fixture.path())),
  ).toHaveLength(1);
  expect(fixture.vault.calls.length).toBeGreaterThan(0);
});
