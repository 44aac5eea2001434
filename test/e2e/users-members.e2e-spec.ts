import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fieldsOf } from '../support/http.js';
import { USERS, UsersFixture } from '../support/users-fixture.js';

let fixture: UsersFixture;

beforeAll(async () => {
  fixture = await UsersFixture.start();
});

afterAll(async () => await fixture.app.close());

describe('2.4 members', () => {
  test.each<[string, object, string[]]>([
    ['a day that does not exist', { birthDate: '2025-02-29' }, ['birthDate']],
    ['a day without zeros', { birthDate: '1984-7-9' }, ['birthDate']],
    ['an instant as the day', { birthDate: '1984-07-09T00:00:00Z' }, ['birthDate']],
    ['an unknown country', { address: { countryCode: 'XX' } }, ['address.countryCode']],
    ['a country in lower case', { address: { countryCode: 'ch' } }, ['address.countryCode']],
    ['an unsupported language', { languageCode: 'ES' }, ['languageCode']],
    ['an unknown state', { userState: 'locked' }, ['userState']],
    ['null as the state', { userState: null }, ['userState']],
    ['null as the login id', { loginId: null }, ['loginId']],
    ['an empty login id', { loginId: '' }, ['loginId']],
    ['a login id of 101 characters', { loginId: 'x'.repeat(101) }, ['loginId']],
    ['an unknown sex', { sex: 'x', gender: 'y' }, ['sex', 'gender']],
    ['a text of 251 characters', { name: { title: 'x'.repeat(251) } }, ['name.title']],
    ['a number', { contacts: { telephone: 41 } }, ['contacts.telephone']],
    ['an unknown member of a sub-object', { contacts: { fax: '1' } }, ['contacts.fax']],
    ['a text for a sub-object', { address: 'Bern' }, ['address']],
    ['a day as the instant', { validity: { from: '2026-01-01' } }, ['validity.from']],
    ['an instant before the year 0000 in UTC', { validity: { from: '0000-01-01T00:00:00+14:00' } }, ['validity.from']],
    ['an instant after the year 9999 in UTC', { validity: { to: '9999-12-31T23:59:59-14:00' } }, ['validity.to']],
    ['an instant that does not exist', { validity: { to: '2026-02-30T00:00:00Z' } }, ['validity.to']],
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
  ])('2.4 %s is 422', async (_title, members, fields) => {
    const path = await fixture.user();
    for (const answer of [await fixture.create(members), await fixture.patch(path, members)]) {
      expect([answer.status, fieldsOf(answer)]).toEqual([422, fields]);
    }
  });

  test.each<[string, string]>([
    ['__proto__', '{"properties":{"__proto__":"x"}}'],
    ['constructor', '{"properties":{"constructor":"x"}}'],
    ['prototype', '{"properties":{"prototype":"x"}}'],
  ])('3.7 a property called %s is 422', async (_name, body) => {
    const answer = await fixture.send('POST', USERS, { body });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['properties']]);
    const asMember = await fixture.send('POST', USERS, { body: body.replace('{"properties":', '').slice(0, -1) });
    expect([asMember.status, fieldsOf(asMember)]).toEqual([422, [_name]]);
  });

  test('2.4 members that a change cannot set are 422', async () => {
    const path = await fixture.user('fixed');
    const answer = await fixture.patch(path, {
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

  test('2.4 every member can have its maximum length, and can be cleared with null', async () => {
    const texts = { name: { title: 'x'.repeat(250) }, remarks: 'x'.repeat(1000), loginId: 'ﷺ'.repeat(100) };
    const properties = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${index}`, 'x'.repeat(500)]));
    const longest = await fixture.create({ ...texts, properties, address: null, contacts: { email: null }, sex: null });
    expect(longest.status).toBe(201);
    expect(longest.body).toMatchObject({ ...texts, properties });
    const path = `${USERS}/${(longest.body as { extId: string }).extId}`;
    const tooMany = await fixture.patch(path, { properties: { p0: null, one: '1', two: '2' } });
    expect([tooMany.status, fieldsOf(tooMany)]).toEqual([422, ['properties']]);
    expect((await fixture.patch(path, { properties: { p0: '', one: '1' } })).status).toBe(200);
  });
});
