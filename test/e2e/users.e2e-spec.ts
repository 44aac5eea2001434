import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Answer, CORE, codesOf, fieldsOf, send } from '../support/http.js';
import { statementsOf } from '../support/statements.js';

let app: TestApp;
let token: string;

const USERS = `${CORE}/100/users`;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.client('200');
  token = await app.token();
});

afterAll(async () => await app.close());

const create = async (body: object) => await send(app, 'POST', USERS, { token, body });

async function existing(extId: string, body: object = {}): Promise<string> {
  expect((await create({ ...body, extId })).status).toBe(201);
  return `${USERS}/${extId}`;
}

async function anybody(): Promise<string> {
  const created = await create({});
  return `${USERS}/${(created.body as { extId: string }).extId}`;
}

const patch = async (path: string, body: object, headers: Record<string, string> = {}) =>
  await send(app, 'PATCH', path, { token, body, headers });

async function trailOf(extId: string): Promise<Record<string, unknown>[]> {
  return await app.dataSource.query(
    `select action, version, changed, after, actor, comment from trail
      where client_ext_id = '100' and kind = 'user' and ext_id = $1 order by version nulls last`,
    [extId],
  );
}

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
  const created = await create(EVERYTHING);
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

  app.clock.advance(60_000);
  const changed = await patch(`${USERS}/jane`, { name: { familyName: 'Roe' }, version: 1 });
  expect(changed.body).toEqual({
    ...created.body,
    name: { title: 'Dr.', firstName: 'Jane', familyName: 'Roe' },
    lastModified: '2026-06-01T12:01:00Z',
    version: 2,
  });
  expect(changed.headers.get('etag')).toBe('"2"');

  const read = await send(app, 'GET', `${USERS}/jane`, { token });
  expect([read.status, read.body, read.headers.get('etag')]).toEqual([200, changed.body, '"2"']);

  expect((await send(app, 'DELETE', `${USERS}/jane`, { token, body: 'ignored' })).status).toBe(204);
  expect((await send(app, 'GET', `${USERS}/jane`, { token })).status).toBe(404);
  expect(await trailOf('jane')).toMatchObject([
    { action: 'created', version: 1, actor: 'admin-1', comment: 'hired', after: { loginId: 'Jane.Doe' } },
    { action: 'changed', version: 2, changed: ['name'], after: { name: { familyName: 'Roe' } } },
    { action: 'deleted', version: null, after: null },
  ]);
});

test('2.1, 2.4 of a user out of nothing only what the server gives him is there', async () => {
  const created = await create({});
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

describe('2.4 members', () => {
  test.each<[string, object, string[]]>([
    ['a day that there is not', { birthDate: '2025-02-29' }, ['birthDate']],
    ['a day without zeros', { birthDate: '1984-7-9' }, ['birthDate']],
    ['a moment as the day', { birthDate: '1984-07-09T00:00:00Z' }, ['birthDate']],
    ['an unknown country', { address: { countryCode: 'XX' } }, ['address.countryCode']],
    ['a country in lower case', { address: { countryCode: 'ch' } }, ['address.countryCode']],
    ['a language that is none of four', { languageCode: 'ES' }, ['languageCode']],
    ['an unknown state', { userState: 'locked' }, ['userState']],
    ['no state', { userState: null }, ['userState']],
    ['no login id', { loginId: null }, ['loginId']],
    ['an empty login id', { loginId: '' }, ['loginId']],
    ['a login id of 101 characters', { loginId: 'x'.repeat(101) }, ['loginId']],
    ['an unknown sex', { sex: 'x', gender: 'y' }, ['sex', 'gender']],
    ['a text of 251 characters', { name: { title: 'x'.repeat(251) } }, ['name.title']],
    ['a number', { contacts: { telephone: 41 } }, ['contacts.telephone']],
    ['an unknown member of a sub-object', { contacts: { fax: '1' } }, ['contacts.fax']],
    ['a text for a sub-object', { address: 'Bern' }, ['address']],
    ['a day for a moment', { validity: { from: '2026-01-01' } }, ['validity.from']],
    ['a moment before the year 0000 in UTC', { validity: { from: '0000-01-01T00:00:00+14:00' } }, ['validity.from']],
    ['a moment after the year 9999 in UTC', { validity: { to: '9999-12-31T23:59:59-14:00' } }, ['validity.to']],
    ['a moment that there is not', { validity: { to: '2026-02-30T00:00:00Z' } }, ['validity.to']],
    [
      'an end before the start',
      { validity: { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } },
      ['validity.to'],
    ],
    ['a number as property', { properties: { floor: 3 } }, ['properties']],
    ['a property without a name', { properties: { '': 'x' } }, ['properties']],
    ['a property of 1001 characters', { properties: { a: 'x'.repeat(1001) } }, ['properties']],
    ['a list of properties', { properties: [] }, ['properties']],
    ['remarks of 1001 characters', { remarks: 'x'.repeat(1001) }, ['remarks']],
    ['a comment of 1001 characters', { modificationComment: 'x'.repeat(1001) }, ['modificationComment']],
    ['U+0000', { name: { firstName: 'a\0b' } }, ['name.firstName']],
    ['half of a surrogate pair', { properties: { a: '\udc00' } }, ['properties.a']],
    ['unknown members, all at once', { password: 'x', id: 1 }, ['password', 'id']],
  ])('fail/%s', async (_title, members, fields) => {
    const path = await anybody();
    for (const answer of [await create(members), await patch(path, members)]) {
      expect([answer.status, fieldsOf(answer)]).toEqual([422, fields]);
    }
  });

  test.each<[string, string]>([
    ['__proto__', '{"properties":{"__proto__":"x"}}'],
    ['constructor', '{"properties":{"constructor":"x"}}'],
    ['prototype', '{"properties":{"prototype":"x"}}'],
  ])('3.7 fail/a property called %s', async (_name, body) => {
    const answer = await send(app, 'POST', USERS, { token, body });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['properties']]);
    const asMember = await send(app, 'POST', USERS, { token, body: body.replace('{"properties":', '').slice(0, -1) });
    expect([asMember.status, fieldsOf(asMember)]).toEqual([422, [_name]]);
  });

  test('fail/what a change cannot set', async () => {
    const path = await existing('fixed');
    const answer = await patch(path, {
      extId: 'x',
      isTechnicalUser: true,
      created: 'x',
      clientExtId: '200',
      version: '1',
    });
    expect([answer.status, fieldsOf(answer)]).toEqual([
      422,
      ['extId', 'isTechnicalUser', 'created', 'clientExtId', 'version'],
    ]);
  });

  test('ok/the longest of everything, and null where nothing is', async () => {
    const texts = { name: { title: 'x'.repeat(250) }, remarks: 'x'.repeat(1000), loginId: 'ﷺ'.repeat(100) };
    const properties = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${index}`, 'x'.repeat(500)]));
    const longest = await create({ ...texts, properties, address: null, contacts: { email: null }, sex: null });
    expect(longest.status).toBe(201);
    expect(longest.body).toMatchObject({ ...texts, properties });
    const path = `${USERS}/${(longest.body as { extId: string }).extId}`;
    const tooMany = await patch(path, { properties: { p0: null, one: '1', two: '2' } });
    expect([tooMany.status, fieldsOf(tooMany)]).toEqual([422, ['properties']]);
    expect((await patch(path, { properties: { p0: '', one: '1' } })).status).toBe(200);
  });
});

test('2.4 a login id is taken in any case and form, in its own client only', async () => {
  await existing('login-1', { loginId: 'Straße' });
  for (const loginId of ['Straße', 'STRASSE', 'strasse', 'ｓtrasse']) {
    const answer = await create({ loginId });
    expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['errors.duplicateValue'], ['loginId']]);
  }
  const path = await existing('login-2', { loginId: 'other' });
  expect(codesOf(await patch(path, { loginId: 'STRASSE' }))).toEqual(['errors.duplicateValue']);
  expect((await patch(path, { loginId: 'OTHER' })).body).toMatchObject({ loginId: 'OTHER', version: 2 });

  const elsewhere = await app.token({ data_room: { clients: ['200'] } });
  const other = await send(app, 'POST', `${CORE}/200/users`, { token: elsewhere, body: { loginId: 'strasse' } });
  expect(other.status).toBe(201);
});

test('2.2 an extId is taken once, and byte by byte', async () => {
  await existing('Case');
  expect((await create({ extId: 'case' })).status).toBe(201);
  const again = await create({ extId: 'Case' });
  expect([again.status, codesOf(again), fieldsOf(again)]).toEqual([422, ['errors.duplicateValue'], ['extId']]);
  expect((await send(app, 'GET', `${USERS}/CASE`, { token })).status).toBe(404);
  const slash = await create({ extId: 'a/b' });
  expect(slash.headers.get('location')).toBe(`${USERS}/a%2Fb`);
  expect((await send(app, 'GET', `${USERS}/a%2Fb`, { token })).body).toMatchObject({ extId: 'a/b' });
});

test('3.1 what is so already changes nothing and writes no trail', async () => {
  const path = await existing('same', { ...EVERYTHING, loginId: 'same' });
  const stored = (await send(app, 'GET', path, { token })).body as Record<string, unknown>;
  const notSettable = ['created', 'lastModified', 'extId', 'clientExtId', 'isTechnicalUser'];
  const members = Object.fromEntries(Object.entries(stored).filter(([name]) => !notSettable.includes(name)));
  const sameAgain = [
    {},
    members,
    { validity: { from: '2026-01-01T01:00:00.999+01:00' } },
    { properties: { absent: '' } },
  ];
  for (const sent of sameAgain) {
    const answer = await patch(path, sent);
    expect([answer.status, answer.body]).toEqual([200, stored]);
  }
  expect(await trailOf('same')).toHaveLength(1);
});

test('2.5 sub-objects merge member by member, null clears, an empty property goes', async () => {
  const path = await existing('merged', { ...EVERYTHING, loginId: 'merged' });
  const answer = await patch(path, {
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

test('3.2, 3.5 stale: a version, an If-Match and their order', async () => {
  const path = await existing('stale');
  await patch(path, { remarks: 'second' });
  const conflict = await patch(path, { remarks: 'third', version: 1 });
  expect([conflict.status, codesOf(conflict)]).toEqual([409, ['errors.optimisticLockingFailure']]);
  expect(conflict.body).toMatchObject({ errors: [{ field: 'version', currentVersion: 2, changedBy: 'admin-1' }] });
  expect((await patch(path, { version: 1 })).status).toBe(409);

  const stale = { 'If-Match': '"1"' };
  const failed: Answer[] = [
    await patch(path, { version: 1 }, stale),
    await send(app, 'DELETE', path, { token, headers: stale }),
    await send(app, 'POST', `${path}/archive`, { token, headers: stale }),
  ];
  expect(failed.map(codesOf)).toEqual(failed.map(() => ['errors.preconditionFailed']));
  expect((await patch(path, {}, { 'If-Match': 'W/"2"' })).status).toBe(412);
  expect((await patch(path, {}, { 'If-Match': '2' })).status).toBe(400);
  expect((await send(app, 'GET', path, { token })).body).toMatchObject({ version: 2, remarks: 'second' });
});

test('3.6 where a version is required', async () => {
  const strict = await startApp({ requireVersion: true });
  try {
    await new Builders(strict.dataSource).client('100');
    await new Builders(strict.dataSource).user('100', 'jane');
    const admin = await strict.token();
    const without = [
      await send(strict, 'PATCH', `${USERS}/jane`, { token: admin, body: {} }),
      await send(strict, 'DELETE', `${USERS}/jane`, { token: admin }),
      await send(strict, 'PATCH', `${CORE}/clients/100`, { token: admin, body: {} }),
      await send(strict, 'DELETE', `${CORE}/clients/100`, { token: admin }),
    ];
    expect(without.map(({ status }) => status)).toEqual([428, 428, 428, 428]);
    const withOne = await send(strict, 'PATCH', `${USERS}/jane`, { token: admin, body: { version: 1, remarks: 'x' } });
    expect(withOne.status).toBe(200);
  } finally {
    await strict.close();
  }
});

test('3.4 twice at once: no change is lost, and none is refused', async () => {
  const path = await existing('raced');
  const members = ['telephone', 'telefax', 'mobile', 'email'];
  const answers = await Promise.all(members.map(async (member) => await patch(path, { contacts: { [member]: 'x' } })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const read = await send(app, 'GET', path, { token });
  expect(read.body).toMatchObject({ version: 5, contacts: { telephone: 'x', telefax: 'x', mobile: 'x', email: 'x' } });
  expect((await trailOf('raced')).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
});

test('3.2 twice at once with one version: one wins', async () => {
  const path = await existing('versioned');
  const answers = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => await patch(path, { remarks: `r${index}`, version: 1 })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
  expect((await send(app, 'GET', path, { token })).body).toMatchObject({ version: 2 });
});

test('3.8 of 50 creations of one login id exactly one wins, the others are plain duplicates', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await create({ loginId: 'wanted' })));
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(49);
  const plain = await create({ loginId: 'WANTED' });
  const { code, message, field } = (plain.body as { errors: [Record<string, string>] }).errors[0];
  expect([plain.status, code]).toEqual([422, 'errors.duplicateValue']);
  for (const answer of refused) {
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ code, message, field }] }]);
  }
});

test('2.1 a change by a clock that went back is dated no earlier than the one before', async () => {
  const path = await existing('clock');
  const first = await patch(path, { remarks: 'one' });
  app.clock.advance(-3_600_000);
  const second = await patch(path, { remarks: 'two' });
  app.clock.advance(3_600_000);
  const { lastModified } = first.body as { lastModified: string };
  expect([second.status, second.body]).toMatchObject([200, { lastModified, version: 3 }]);
});

async function statements(work: () => Promise<unknown>): Promise<number> {
  return (await statementsOf(app.dataSource, work)).length;
}

test('a read is one statement, a change two, a creation one', async () => {
  const path = await existing('counted');
  const client = `${CORE}/clients/100`;
  expect(await statements(async () => await send(app, 'GET', path, { token }))).toBe(1);
  expect(await statements(async () => await patch(path, { remarks: 'x' }))).toBe(2);
  expect(await statements(async () => await patch(path, { remarks: 'x' }))).toBe(1);
  expect(await statements(async () => await create({}))).toBe(1);
  expect(await statements(async () => await send(app, 'GET', client, { token }))).toBe(1);
  expect(await statements(async () => await patch(client, { remarks: 'x' }))).toBe(2);
});
