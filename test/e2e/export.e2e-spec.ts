import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { LongRequestTurns } from '../../src/common/long-request-turns.js';
import { CORE, fieldsOf, send } from '../support/http.js';
import { ImportFixture, linesOf, resultsOf } from '../support/import-fixture.js';

let app: ImportFixture;

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';

/** Members that only the server sets: they are not the same in another client. */
const OF_SERVER = /"(?:created|lastModified|version)":(?:"[^"]*"|\d+),?/g;

beforeAll(async () => {
  app = await ImportFixture.start();
  await app.fixture.builders.client('200');
  for (const policy of ['default', 'tolerant', 'strict']) await app.fixture.builders.policy('200', policy);
  const awkward = ['=cmd|x', `'=x`, 'a,b;"c"', 'two\r\nlines', '\ttab', ' -1', 'Zoë 😀', '+41 31 555 01 01'];
  const users = awkward.map((text, index) => ({
    userExtId: `user-${index}`,
    loginId: `login ${text}`,
    userState: index === 2 ? 'disabled' : 'active',
    languageCode: 'DE',
    isTechnicalUser: index === 3,
    name: { title: text, firstName: text, familyName: text },
    sex: 'other',
    gender: 'female',
    birthDate: '1984-07-19',
    address: { street: text, countryCode: 'CH', addressline1: text },
    contacts: { telephone: text, email: text },
    validity: { from: '2020-01-01T00:00:00Z', to: '2040-01-01T00:00:00Z' },
    properties: { [text]: text, costCentre: '4711' },
    remarks: text,
    modificationComment: text,
  }));
  const certificates = await Promise.all(
    ['active', 'disabled', 'initial', 'archived', 'reset-code'].map(async (stateName, index) => ({
      userExtId: `user-${index}`,
      certificateExtId: `cert=${index}`,
      certificate: await app.fixture.pem(`Certificate ${index}`),
      policyExtId: index % 2 === 0 ? 'default' : 'tolerant',
      stateName,
    })),
  );
  const { job } = await app.importLines([...users, ...certificates]);
  expect(job).toMatchObject({ changed: users.length + certificates.length, refused: 0 });
});

afterAll(async () => await app.close());

/** Of CSV, without the columns that only the server sets, which come last. */
function comparable(type: string, text: string): string {
  if (type === NDJSON) return text.replaceAll(OF_SERVER, '');
  return text.replaceAll(/,"[^"]*","[^"]*",(?:\d+|"version")\r\n/g, '\r\n');
}

describe('exports are imported as they are', () => {
  test.each([CSV, NDJSON])('17.4 %s into an empty client, and exported again, is the same', async (type) => {
    const client = type === CSV ? '201' : '202';
    await app.fixture.builders.client(client);
    for (const policy of ['default', 'tolerant', 'strict']) await app.fixture.builders.policy(client, policy);
    const token = await app.token({ data_room: { clients: ['*'] } });
    const read = async (what: 'users' | 'certificates', from: string) => {
      const path = what === 'users' ? `/clients/${from}/users` : `/${from}/certificates`;
      return await app.text(CORE + path, type, { token });
    };
    // The fixture's own user belongs to the file.
    for (const what of ['users', 'certificates'] as const) {
      const file = await read(what, '100');
      const dry = await app.dryRun(file, { type, client, token });
      const first = await app.import(file, { type, client, token });
      expect(resultsOf(first).filter((result) => !result.endsWith(' changed'))).toEqual([]);
      expect(resultsOf(dry)).toEqual(resultsOf(first));
      expect(comparable(type, await read(what, client))).toBe(comparable(type, file));
      const second = await app.import(file, { type, client, token });
      expect(resultsOf(second).filter((result) => !result.endsWith(' unchanged'))).toEqual([]);
      const again = await app.import(file, { type, token });
      expect(resultsOf(again).filter((result) => !result.endsWith(' unchanged'))).toEqual([]);
    }
  });
});

describe('an export', () => {
  test('17.4 has the columns of an import, and what only the server knows', async () => {
    const [users = ''] = (await app.export('users', CSV)).split('\r\n');
    expect(users).toMatch(
      /^"userExtId","loginId","userState",.*,"properties","remarks","modificationComment","created"/,
    );
    const [certificates = ''] = (await app.export('certificates', CSV)).split('\r\n');
    expect(certificates).toMatch(
      /^"userExtId","certificateExtId","policyExtId","stateName","certificate",.*"subjectDN"/,
    );
    const [line = ''] = (await app.export('certificates', NDJSON)).split('\n');
    expect(JSON.parse(line)).toMatchObject({ certificateExtId: 'cert=0', certificateValidity: {}, version: 1 });
  });

  test('17.4 has what the filters select, and nothing is a header alone', async () => {
    expect((await app.export('users', NDJSON, '100', '?userState=disabled')).trimEnd().split('\n')).toHaveLength(1);
    expect((await app.export('certificates', NDJSON, '100', '?stateName=disabled')).trimEnd().split('\n')).toHaveLength(
      1,
    );
    expect(await app.export('certificates', CSV, '100', '?userExtId=nobody')).toMatch(/^"userExtId"[^\n]*\r\n$/);
    expect(await app.export('certificates', NDJSON, '100', '?userExtId=nobody')).toBe('');
  });

  test('17.4 has more than one page', async () => {
    const users = Array.from({ length: 1_200 }, (_, index) => ({ userExtId: `many-${index}`, remarks: 'x' }));
    expect((await app.importLines(users, { client: '200' })).job).toMatchObject({ changed: 1_200 });
    const lines = (await app.export('users', NDJSON, '200')).trimEnd().split('\n');
    const found = new Set(lines.map((line) => (JSON.parse(line) as { userExtId: string }).userExtId));
    expect([lines.length, found.size]).toEqual([1_200, 1_200]);
  });

  test('17.4 a page in JSON is what it was, also where anything is accepted', async () => {
    const path = `${CORE}/clients/100/users`;
    for (const accept of ['application/json', '*/*', 'application/json, text/csv;q=0.5']) {
      const answer = await send(app.fixture.app, 'GET', path, { token: await app.token(), headers: { accept } });
      expect(answer.body).toHaveProperty('_pagination');
    }
  });

  test('17.4 HEAD says the type, without reading the list', async () => {
    const headers = { Authorization: `Bearer ${await app.token()}`, Accept: CSV };
    const answer = await fetch(`${app.fixture.app.url}${CORE}/100/certificates`, { method: 'HEAD', headers });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
  });

  test('17.4 fail/what is for pages', async () => {
    for (const path of ['/clients/100/users', '/100/certificates']) {
      const headers = { accept: CSV };
      const query = '?limit=1&returnTotalResultCount=true';
      const answer = await send(app.fixture.app, 'GET', CORE + path + query, { token: await app.token(), headers });
      expect([answer.status, fieldsOf(answer)]).toEqual([422, ['limit', 'returnTotalResultCount']]);
    }
  });

  test('17.4 fail/another client, an unknown one, and without the right', async () => {
    for (const path of [
      (client: string) => `/clients/${client}/users`,
      (client: string) => `/${client}/certificates`,
    ]) {
      const ask = async (client: string, claims: object) => {
        const token = await app.token(claims);
        return (await send(app.fixture.app, 'GET', CORE + path(client), { token, headers: { accept: CSV } })).status;
      };
      expect(await ask('200', { data_room: { clients: ['100'] } })).toBe(403);
      expect(await ask('999', { data_room: { clients: ['*'] } })).toBe(404);
      expect(await ask('100', { roles: undefined, permissions: ['AccessControl.PolicyView'] })).toBe(403);
    }
  });

  test('17.4 gives its slot back when the caller hangs up', async () => {
    const hangUp = new AbortController();
    const headers = { Authorization: `Bearer ${await app.token()}`, Accept: CSV };
    const answer = await fetch(`${app.fixture.app.url}${CORE}/clients/200/users`, { headers, signal: hangUp.signal });
    hangUp.abort();
    await answer.text().catch(() => undefined);
    const queue = app.fixture.app.get(LongRequestTurns).userExports;
    while (queue.heldCount > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await app.export('users', NDJSON, '200')).not.toBe('');
  });
});

test('17.4 an import whose lines are in another order is refused where a user is missing', async () => {
  const certificate = await app.fixture.pem('Too early');
  const results = await app.importLines([
    { userExtId: 'late', certificate },
    { userExtId: 'late', remarks: 'x' },
  ]);
  expect(resultsOf(results)).toEqual(['1 refused, errors.noRecord userExtId', '2 changed']);
  expect(linesOf([])).toBe('');
});
