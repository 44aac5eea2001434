import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE } from '../support/http.js';
import { statementsOf } from '../support/statements.js';
import { USERS, UsersWorld } from '../support/users-world.js';

let world: UsersWorld;

beforeAll(async () => {
  world = await UsersWorld.start();
});

afterAll(async () => await world.app.close());

const EVERYTHING = {
  extId: 'jane',
  loginId: 'Jane.Doe',
  userState: 'active',
  languageCode: 'de',
  isTechnicalUser: false,
  name: { title: 'Dr.', firstName: 'Jane', familyName: 'Doe' },
  sex: 'female',
  gender: 'other',
  birthDate: '1984-02-29',
  address: {
    addressline1: 'Tower A',
    addressline2: 'Left',
    postalCode: '3011',
    city: 'Bern',
    street: 'Marktgasse',
    houseNumber: '1',
    countryCode: 'CH',
    postOfficeBoxText: 'Case postale',
    postOfficeBoxNumber: '7',
    dwellingNumber: '12',
    locality: 'Old town',
  },
  contacts: { telephone: '1', telefax: '2', mobile: '3', email: 'jane@example.com' },
  validity: { from: '2026-01-01T00:00:00Z', to: '2026-12-31T23:59:59Z' },
  properties: { costCentre: '4711' },
  remarks: 'pilot',
  modificationComment: 'hired',
};

test('1.2, 2.1, 2.4 U1 to U4: a user is created, read, changed and deleted', async () => {
  const created = await world.create(EVERYTHING);
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`${USERS}/jane`);
  expect(created.headers.get('etag')).toBe('"1"');
  expect(created.body).toEqual({
    ...EVERYTHING,
    languageCode: 'DE',
    created: '2026-06-01T12:00:00Z',
    lastModified: '2026-06-01T12:00:00Z',
    version: 1,
    clientExtId: '100',
  });

  world.app.clock.advance(60_000);
  const changed = await world.patch(`${USERS}/jane`, { name: { familyName: 'Roe' }, version: 1 });
  expect(changed.body).toEqual({
    ...created.body,
    name: { title: 'Dr.', firstName: 'Jane', familyName: 'Roe' },
    lastModified: '2026-06-01T12:01:00Z',
    version: 2,
  });
  expect(changed.headers.get('etag')).toBe('"2"');

  const read = await world.read(`${USERS}/jane`);
  expect([read.status, read.body, read.headers.get('etag')]).toEqual([200, changed.body, '"2"']);

  expect((await world.send('DELETE', `${USERS}/jane`, { body: 'ignored' })).status).toBe(204);
  expect((await world.read(`${USERS}/jane`)).status).toBe(404);
  expect(await world.trailOf('jane')).toMatchObject([
    { action: 'created', version: 1, actor: 'admin-1', comment: 'hired', after: { loginId: 'Jane.Doe' } },
    { action: 'changed', version: 2, changed: ['name'], after: { name: { familyName: 'Roe' } } },
    { action: 'deleted', version: null, after: null },
  ]);
});

test('2.1, 2.4 a user created with an empty body has only the members that the server sets', async () => {
  const created = await world.create({});
  const { extId, loginId, ...others } = created.body as Record<string, string>;
  expect(others).toEqual({
    created: '2026-06-01T12:01:00Z',
    lastModified: '2026-06-01T12:01:00Z',
    version: 1,
    clientExtId: '100',
    userState: 'active',
    isTechnicalUser: false,
  });
  for (const generated of [extId, loginId]) expect(generated).toMatch(/^[0-9a-f-]{36}$/);
});

test('3.1 sending what is stored already changes nothing and writes no audit event', async () => {
  const path = await world.user('same', { ...EVERYTHING, loginId: 'same' });
  const stored = (await world.read(path)).body as Record<string, unknown>;
  const notSettable = ['created', 'lastModified', 'extId', 'clientExtId', 'isTechnicalUser'];
  const members = Object.fromEntries(Object.entries(stored).filter(([name]) => !notSettable.includes(name)));
  const sameAgain = [
    {},
    members,
    { validity: { from: '2026-01-01T01:00:00.999+01:00' } },
    { properties: { absent: '' } },
  ];
  for (const sent of sameAgain) {
    const answer = await world.patch(path, sent);
    expect([answer.status, answer.body]).toEqual([200, stored]);
  }
  expect(await world.trailOf('same')).toHaveLength(1);
});

test('2.5 sub-objects merge member by member, null clears, an empty property goes', async () => {
  const path = await world.user('merged', { ...EVERYTHING, loginId: 'merged' });
  const answer = await world.patch(path, {
    name: { title: null },
    contacts: null,
    address: { city: 'Basel', locality: null },
    validity: { to: null },
    properties: { costCentre: '', floor: '3' },
    birthDate: null,
    modificationComment: null,
  });
  const { locality: _cleared, ...address } = EVERYTHING.address;
  expect(answer.body).toMatchObject({
    version: 2,
    name: { firstName: 'Jane', familyName: 'Doe' },
    address: { ...address, city: 'Basel' },
    validity: { from: '2026-01-01T00:00:00Z' },
    properties: { floor: '3' },
  });
  expect(answer.body).not.toHaveProperty('address.locality');
  for (const gone of ['contacts', 'birthDate', 'modificationComment']) expect(answer.body).not.toHaveProperty(gone);
});

async function statements(work: () => Promise<unknown>): Promise<number> {
  return (await statementsOf(world.app.dataSource, work)).length;
}

test('a read is one statement, a change two, a creation one', async () => {
  const path = await world.user('counted');
  const client = `${CORE}/clients/100`;
  expect(await statements(async () => await world.read(path))).toBe(1);
  expect(await statements(async () => await world.patch(path, { remarks: 'x' }))).toBe(2);
  expect(await statements(async () => await world.patch(path, { remarks: 'x' }))).toBe(1);
  expect(await statements(async () => await world.create({}))).toBe(1);
  expect(await statements(async () => await world.read(client))).toBe(1);
  expect(await statements(async () => await world.patch(client, { remarks: 'x' }))).toBe(2);
});
