import { afterAll, beforeAll, expect, test } from 'vitest';

import { fieldsOf } from '../support/http.js';
import { KeyStoreFixture, makeFile, ACCOUNT } from '../support/key-store-fixture.js';

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

afterAll(async () => await fixture.app.close());

test('L3 key stores are created in an array, and answered with 201 and the misspelt member names of the contract', async () => {
  const answer = await fixture.send('POST', fixture.path(), [
    fixture.item('L3-a'),
    { ...fixture.item('L3-b'), displayName: 'Second' },
  ]);
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
  const answer = await fixture.send('POST', fixture.path(), [
    { ...fixture.item('base64'), p12: fixture.file.p12.toString('base64') },
  ]);
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
    { ...rest, ...fixture.item('L5-renamed', fixture.other) },
    { ...fixture.item('L5-b', fixture.other), id: String(second.id) },
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
  expect(await put(fixture.item('follows-2'))).toMatchObject({
    successfulySavedCertificates: [{ displayName: 'follows-2' }],
  });
  // The whole Certificate with another name.
  expect(await put({ ...fixture.item('follows-3'), displayName: 'follows-2' })).toMatchObject({
    successfulySavedCertificates: [{ displayName: 'follows-3' }],
  });
  await put({ ...fixture.item('follows-2'), displayName: 'Set' });
  expect(await put(fixture.item('follows-3'))).toMatchObject({
    successfulySavedCertificates: [{ displayName: 'Set' }],
  });
});

test('L5 an absent, null or empty password means a file without one, and is 422 for a file with one', async () => {
  const name = 'L5-password';
  const { id } = await fixture.create(name);
  const { p12 } = await makeFile('without', '');
  for (const password of [{}, { password: null }, { password: '' }]) {
    const put = async (bytes: Buffer) =>
      await fixture.send('PUT', fixture.path(), [{ id, name, p12: bytes.toString('base64'), ...password }]);
    expect((await put(p12)).status).toBe(200);
    const refused = await put(fixture.file.p12);
    expect([refused.status, fieldsOf(refused)]).toEqual([422, ['password']]);
  }
});

test('L7 a key store is replaced under its path by an object or an array of one, with or without the id', async () => {
  const { id } = await fixture.create('L7');
  for (const body of [
    fixture.item('L7'),
    [fixture.item('L7')],
    { ...fixture.item('L7'), id },
    [{ ...fixture.item('L7'), id: `${id}` }],
  ]) {
    const answer = await fixture.send('PUT', fixture.path(id), body);
    expect([answer.status, answer.body]).toMatchObject([200, { successfulySavedCertificates: [{ id }] }]);
  }
  const another = await fixture.send('PUT', fixture.path(id), { ...fixture.item('L7'), id: id + 1 });
  expect([another.status, fieldsOf(another)]).toEqual([422, ['id']]);
  expect(another.body.errors[0]).not.toHaveProperty('index');
  for (const body of [[], [fixture.item('L7'), fixture.item('L7-b')]]) {
    const refused = await fixture.send('PUT', fixture.path(id), body);
    expect([refused.status, refused.body.errors[0].message]).toMatchObject([422, expect.stringContaining('one item')]);
  }
});

test('L7 an unknown id is 404 in a path, 422 with its index in an array of any length', async () => {
  for (const path of [4_000_000_000_000, 'abc', '0', '9007199254740992']) {
    expect((await fixture.send('PUT', fixture.path(path), fixture.item('unknown'))).status).toBe(404);
    expect((await fixture.send('GET', fixture.path(path))).status).toBe(404);
    expect((await fixture.send('DELETE', fixture.path(path))).status).toBe(404);
  }
  const answer = await fixture.send('PUT', fixture.path(), [{ ...fixture.item('unknown'), id: 4_000_000_000_000 }]);
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
  expect((await fixture.send('PUT', fixture.path(id), fixture.item('L8-again'))).status).toBe(404);
  const lines: unknown = await fixture.app.dataSource.query(
    `select action from audit_events where ext_id = $1 order by id`,
    [`${id}`],
  );
  expect(lines).toEqual([{ action: 'created' }, { action: 'deleted' }]);
});
