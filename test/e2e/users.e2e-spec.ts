import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE } from '../support/http.js';
import { statementsOf } from '../support/statements.js';
import { USERS, UsersFixture } from '../support/users-fixture.js';

let fixture: UsersFixture;

beforeAll(async () => {
  fixture = await UsersFixture.start();
});

afterAll(async () => await fixture.app.close());

const ALL_MEMBERS = {
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
  const created = await fixture.create(ALL_MEMBERS);
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`${USERS}/jane`);
  expect(created.headers.get('etag')).toBe('"1"');
  expect(created.body).toEqual({
    ...ALL_MEMBERS,
    languageCode: 'DE',
    created: '2026-06-01T12:00:00Z',
    lastModified: '2026-06-01T12:00:00Z',
    version: 1,
    clientExtId: '100',
  });

  fixture.app.clock.advance(60_000);
  const changed = await fixture.patch(`${USERS}/jane`, { name: { familyName: 'Roe' }, version: 1 });
  expect(changed.body).toEqual({
    ...created.body,
    name: { title: 'Dr.', firstName: 'Jane', familyName: 'Roe' },
    lastModified: '2026-06-01T12:01:00Z',
    version: 2,
  });
  expect(changed.headers.get('etag')).toBe('"2"');

  const read = await fixture.read(`${USERS}/jane`);
  expect([read.status, read.body, read.headers.get('etag')]).toEqual([200, changed.body, '"2"']);

  expect((await fixture.send('DELETE', `${USERS}/jane`, { body: 'ignored' })).status).toBe(204);
  expect((await fixture.read(`${USERS}/jane`)).status).toBe(404);
  expect(await fixture.eventsOf('jane')).toMatchObject([
    { action: 'created', version: 1, actor: 'admin-1', comment: 'hired', after: { loginId: 'Jane.Doe' } },
    {
      action: 'changed',
      version: 2,
      changes: { name: { from: { familyName: 'Doe' }, to: { familyName: 'Roe' } } },
      after: { name: { familyName: 'Roe' } },
    },
    { action: 'deleted', version: null, after: null },
  ]);
});

test('2.1, 2.4 a user created with an empty body has only the members that the server sets', async () => {
  const created = await fixture.create({});
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
  const path = await fixture.user('same', { ...ALL_MEMBERS, loginId: 'same' });
  const stored = (await fixture.read(path)).body as Record<string, unknown>;
  const notSettable = ['created', 'lastModified', 'extId', 'clientExtId', 'isTechnicalUser'];
  const members = Object.fromEntries(Object.entries(stored).filter(([name]) => !notSettable.includes(name)));
  const unchanged = [
    {},
    members,
    { validity: { from: '2026-01-01T01:00:00.999+01:00' } },
    { properties: { absent: '' } },
  ];
  for (const sent of unchanged) {
    const answer = await fixture.patch(path, sent);
    expect([answer.status, answer.body]).toEqual([200, stored]);
  }
  expect(await fixture.eventsOf('same')).toHaveLength(1);
});

test('2.5 sub-objects are merged by member, null clears a member, and an empty property is removed', async () => {
  const path = await fixture.user('merged', { ...ALL_MEMBERS, loginId: 'merged' });
  const answer = await fixture.patch(path, {
    name: { title: null },
    contacts: null,
    address: { city: 'Basel', locality: null },
    validity: { to: null },
    properties: { costCentre: '', floor: '3' },
    birthDate: null,
    modificationComment: null,
  });
  const { locality: _cleared, ...address } = ALL_MEMBERS.address;
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
  return (await statementsOf(fixture.app.dataSource, work)).length;
}

test('a read needs one statement, a change two, a creation one', async () => {
  const path = await fixture.user('counted');
  const client = `${CORE}/clients/100`;
  expect(await statements(async () => await fixture.read(path))).toBe(1);
  expect(await statements(async () => await fixture.patch(path, { remarks: 'x' }))).toBe(2);
  expect(await statements(async () => await fixture.patch(path, { remarks: 'x' }))).toBe(1);
  expect(await statements(async () => await fixture.create({}))).toBe(1);
  expect(await statements(async () => await fixture.read(client))).toBe(1);
  expect(await statements(async () => await fixture.patch(client, { remarks: 'x' }))).toBe(2);
});
