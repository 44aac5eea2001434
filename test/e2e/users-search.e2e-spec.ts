import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { codesOf, CORE, fieldsOf } from '../support/http.js';
import { UsersFixture } from '../support/users-fixture.js';

const LIST = `${CORE}/clients/100/users`;

let fixture: UsersFixture;

beforeAll(async () => {
  fixture = await UsersFixture.start();
  const users: readonly [extId: string, loginId: string, firstName: string, familyName: string, email: string][] = [
    ['u-1', 'jane', 'Jane', 'Doe', 'Jane.Doe@acme.test'],
    ['u-2', 'JDoering', 'John', 'Doering', 'john@acme.test'],
    ['u-3', 'straße', 'René', 'Große', 'rene@ACME.test'],
    ['u-4', 'percent', '100%', 'Do_e', 'a*b@acme.test'],
    ['u-5', 'asterisk', 'Star', 'Doe*', 'star@acme.test'],
    ['u-6', 'cyrillic', 'Иван', 'Иванов', 'ivanov@acme.test'],
    ['u-7', String.raw`dom\user`, 'Domain', 'User', 'user@acme.test'],
  ];
  for (const [extId, loginId, firstName, familyName, email] of users) {
    await fixture.user(extId, { loginId, name: { firstName, familyName }, contacts: { email } });
    fixture.app.clock.advance(1_000);
  }
  const token = await fixture.app.token({ data_room: { clients: ['200'] } });
  const body = { extId: 'u-1', loginId: 'jane', name: { firstName: 'Jane', familyName: 'Doe' } };
  expect((await fixture.send('POST', `${CORE}/200/users`, { token, body })).status).toBe(201);
});

afterAll(async () => await fixture.app.close());

type Query = Readonly<Record<string, string>>;

async function ask(query: Query) {
  return await fixture.send('GET', `${LIST}?${new URLSearchParams(query).toString()}`);
}

async function found(query: Query): Promise<string[]> {
  const answer = await ask(query);
  expect([answer.status, answer.body]).toEqual([200, answer.body]);
  return (answer.body['items'] as { extId: string }[]).map(({ extId }) => extId);
}

describe('8.3 a filter that ends with an asterisk finds a beginning, regardless of case', () => {
  test.each<[Query, string[]]>([
    [{ 'name.familyName': 'doe*' }, ['u-1', 'u-2', 'u-5']],
    [{ 'name.familyName': 'DOER*' }, ['u-2']],
    [{ 'name.familyName': 'GROSS*' }, ['u-3']],
    [{ 'name.familyName': 'großE*' }, ['u-3']],
    [{ 'name.familyName': 'иВ*' }, ['u-6']],
    [{ 'name.familyName': 'oe*' }, []],
    [{ 'name.familyName': 'do_*' }, ['u-4']],
    [{ 'name.familyName': 'd%*' }, []],
    [{ 'name.familyName': String.raw`Doe\*` }, ['u-5']],
    [{ 'name.familyName': String.raw`doe\**` }, ['u-5']],
    [{ 'contacts.email': 'JANE.*' }, ['u-1']],
    [{ 'contacts.email': String.raw`A\*B*` }, ['u-4']],
    [{ loginId: 'J*' }, ['u-1', 'u-2']],
    [{ loginId: 'STRASSE*' }, ['u-3']],
    [{ loginId: String.raw`DOM\u*` }, ['u-7']],
    [{ loginId: 'j*', 'name.familyName': 'doe*', userState: 'active' }, ['u-1', 'u-2']],
    [{ loginId: 'j*', 'name.firstName': 'John' }, ['u-2']],
    [{ 'name.familyName': 'doe*', sortBy: '-loginId' }, ['u-2', 'u-1', 'u-5']],
  ])('8.3 %j', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test('8.3 a filter without one still tests for equality, byte by byte', async () => {
    expect(await found({ 'name.familyName': 'Doe' })).toEqual(['u-1']);
    expect(await found({ 'name.familyName': 'doe' })).toEqual([]);
    expect(await found({ 'contacts.email': 'a*b@acme.test' })).toEqual(['u-4']);
    expect(await found({ 'contacts.email': 'jane.doe@acme.test' })).toEqual([]);
    // Not a member with beginnings.
    expect(await found({ 'name.firstName': 'J*' })).toEqual([]);
  });

  test.each([
    ['name.familyName', '*'],
    ['name.familyName', '*oe*'],
    ['contacts.email', 'a*b*'],
    ['loginId', '**'],
    ['extId', 'u-*'],
  ])('8.3 %s=%s is 422', async (name, value) => {
    const answer = await ask({ [name]: value });
    expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['errors.invalidData'], [name]]);
  });
});

describe('8.3 q finds a part, the newest user first', () => {
  test.each<[Query, string[]]>([
    [{ q: 'DOE' }, ['u-5', 'u-2', 'u-1']],
    [{ q: 'jane doe' }, ['u-1']],
    [{ q: '  Jane   DOE ' }, ['u-1']],
    [{ q: 'doe jane' }, []],
    [{ q: 'janeqdoe' }, []],
    [{ q: 'e d' }, ['u-1']],
    [{ q: 'erin' }, ['u-2']],
    [{ q: 'ROSSE' }, ['u-3']],
    [{ q: 'вано' }, ['u-6']],
    [{ q: '@Acme' }, ['u-7', 'u-6', 'u-5', 'u-4', 'u-3', 'u-2', 'u-1']],
    [{ q: 'u-4' }, ['u-4']],
    [{ q: '100%' }, ['u-4']],
    [{ q: '%%%' }, []],
    [{ q: 'do_e' }, ['u-4']],
    [{ q: 'oe*' }, ['u-5']],
    [{ q: String.raw`om\us` }, ['u-7']],
    [{ q: "' or 1=1 --" }, []],
    [{ q: 'acme', 'name.familyName': 'doe*' }, ['u-5', 'u-2', 'u-1']],
    [{ q: 'acme', 'name.familyName': 'Doe' }, ['u-1']],
    [{ q: 'doe', sortBy: 'extId' }, ['u-1', 'u-2', 'u-5']],
    [{ q: 'doe', offset: '1' }, ['u-2', 'u-1']],
  ])('8.3 %j', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test('8.2 its pages have each user once, newest first, and a total', async () => {
    const seen: string[] = [];
    let continuationToken: string | undefined;
    do {
      const answer = await ask({
        q: 'acme',
        limit: '2',
        returnTotalResultCount: 'true',
        ...(continuationToken === undefined ? {} : { continuationToken }),
      });
      const { items, _pagination } = answer.body as unknown as {
        items: { extId: string }[];
        _pagination: { continuationToken?: string; totalResult: number };
      };
      expect(_pagination.totalResult).toBe(7);
      seen.push(...items.map(({ extId }) => extId));
      continuationToken = _pagination.continuationToken;
    } while (continuationToken !== undefined);
    expect(seen).toEqual(['u-7', 'u-6', 'u-5', 'u-4', 'u-3', 'u-2', 'u-1']);
  });

  test('8.3 a change is found at once, and what a user was called before is not', async () => {
    const path = await fixture.user('changing', {
      name: { familyName: 'Before' },
      contacts: { email: 'b@acme.example' },
    });
    expect(await found({ q: 'before' })).toEqual(['changing']);
    await fixture.patch(path, { name: { familyName: 'Afterwards' }, contacts: { email: 'after@acme.example' } });
    expect(await found({ q: 'before' })).toEqual([]);
    expect(await found({ q: 'afterw' })).toEqual(['changing']);
    expect(await found({ 'contacts.email': 'AFTER@*' })).toEqual(['changing']);
    await fixture.send('DELETE', path);
    expect(await found({ q: 'afterw' })).toEqual([]);
  });
});

test.each(['q=jane', 'name.familyName=Doe*'])(
  '4.3 %s: each right is required, and the client must be in the data room',
  async (query) => {
    for (const right of ['ClientView', 'UserView']) {
      const token = await fixture.app.token({ roles: [], permissions: [`AccessControl.${right}`] });
      const answer = await fixture.send('GET', `${LIST}?${query}`, { token });
      expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
    }
    const permissions = ['AccessControl.ClientView', 'AccessControl.UserView'];
    const token = await fixture.app.token({ roles: [], permissions });
    expect((await fixture.send('GET', `${LIST}?${query}`, { token })).status).toBe(200);
    const other = await fixture.send('GET', `${CORE}/clients/200/users?${query}`, { token });
    expect([other.status, codesOf(other)]).toEqual([403, ['errors.dataroomDenied']]);
    const elsewhere = await fixture.app.token({ data_room: { clients: ['200'] } });
    const answer = await fixture.send('GET', `${CORE}/clients/200/users?${query}`, { token: elsewhere });
    expect(answer.body['items']).toMatchObject([{ clientExtId: '200', extId: 'u-1' }]);
  },
);
