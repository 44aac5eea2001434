import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE, codesOf, fieldsOf } from '../support/http.js';
import { USERS, UsersWorld } from '../support/users-world.js';

let world: UsersWorld;

beforeAll(async () => {
  world = await UsersWorld.start();
});

afterAll(async () => await world.app.close());

test('2.4 a login id is taken in any case and form, in its own client only', async () => {
  await world.user('login-1', { loginId: 'Straße' });
  for (const loginId of ['Straße', 'STRASSE', 'strasse', 'ｓtrasse']) {
    const answer = await world.create({ loginId });
    expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['errors.duplicateValue'], ['loginId']]);
  }
  const path = await world.user('login-2', { loginId: 'other' });
  expect(codesOf(await world.patch(path, { loginId: 'STRASSE' }))).toEqual(['errors.duplicateValue']);
  expect((await world.patch(path, { loginId: 'OTHER' })).body).toMatchObject({ loginId: 'OTHER', version: 2 });

  const elsewhere = await world.app.token({ data_room: { clients: ['200'] } });
  const other = await world.send('POST', `${CORE}/200/users`, { token: elsewhere, body: { loginId: 'strasse' } });
  expect(other.status).toBe(201);
});

test('2.2 an extId is taken once, and byte by byte', async () => {
  await world.user('Case');
  expect((await world.create({ extId: 'case' })).status).toBe(201);
  const again = await world.create({ extId: 'Case' });
  expect([again.status, codesOf(again), fieldsOf(again)]).toEqual([422, ['errors.duplicateValue'], ['extId']]);
  expect((await world.read(`${USERS}/CASE`)).status).toBe(404);
  const slash = await world.create({ extId: 'a/b' });
  expect(slash.headers.get('location')).toBe(`${USERS}/a%2Fb`);
  expect((await world.read(`${USERS}/a%2Fb`)).body).toMatchObject({ extId: 'a/b' });
});

test('3.8 of 50 creations of one login id exactly one wins, the others are plain duplicates', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await world.create({ loginId: 'wanted' })));
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(49);
  const plain = await world.create({ loginId: 'WANTED' });
  const { code, message, field } = (plain.body as { errors: [Record<string, string>] }).errors[0];
  expect([plain.status, code]).toEqual([422, 'errors.duplicateValue']);
  for (const answer of refused) {
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ code, message, field }] }]);
  }
});
