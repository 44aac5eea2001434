import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE, codesOf, fieldsOf } from '../support/http.js';
import { USERS, UsersFixture } from '../support/users-fixture.js';

let fixture: UsersFixture;

beforeAll(async () => {
  fixture = await UsersFixture.start();
});

afterAll(async () => await fixture.app.close());

test('2.4 a login id is unique in its client, whatever its case and Unicode form', async () => {
  await fixture.user('login-1', { loginId: 'Straße' });
  for (const loginId of ['Straße', 'STRASSE', 'strasse', 'ｓtrasse']) {
    const answer = await fixture.create({ loginId });
    expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['errors.duplicateValue'], ['loginId']]);
  }
  const path = await fixture.user('login-2', { loginId: 'other' });
  expect(codesOf(await fixture.patch(path, { loginId: 'STRASSE' }))).toEqual(['errors.duplicateValue']);
  expect((await fixture.patch(path, { loginId: 'OTHER' })).body).toMatchObject({ loginId: 'OTHER', version: 2 });

  const elsewhere = await fixture.app.token({ data_room: { clients: ['200'] } });
  const other = await fixture.send('POST', `${CORE}/200/users`, { token: elsewhere, body: { loginId: 'strasse' } });
  expect(other.status).toBe(201);
});

test('2.2 an extId is unique, and compared byte by byte', async () => {
  await fixture.user('Case');
  expect((await fixture.create({ extId: 'case' })).status).toBe(201);
  const again = await fixture.create({ extId: 'Case' });
  expect([again.status, codesOf(again), fieldsOf(again)]).toEqual([422, ['errors.duplicateValue'], ['extId']]);
  expect((await fixture.read(`${USERS}/CASE`)).status).toBe(404);
  const slash = await fixture.create({ extId: 'a/b' });
  expect(slash.headers.get('location')).toBe(`${USERS}/a%2Fb`);
  expect((await fixture.read(`${USERS}/a%2Fb`)).body).toMatchObject({ extId: 'a/b' });
});

test('3.8 of 50 creations of one login id exactly one succeeds, and the others are duplicates', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => await fixture.create({ loginId: 'wanted' })),
  );
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(49);
  const plain = await fixture.create({ loginId: 'WANTED' });
  const { code, message, field } = (plain.body as { errors: [Record<string, string>] }).errors[0];
  expect([plain.status, code]).toEqual([422, 'errors.duplicateValue']);
  for (const answer of refused) {
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ code, message, field }] }]);
  }
});
