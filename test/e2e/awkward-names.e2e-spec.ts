import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { type Answer, CORE, fieldsOf, send } from '../support/http.js';
import { type Operation, OPERATIONS, pathOf } from '../support/operations.js';
import { issueCertificate } from '../support/pki.js';

// Names that mean something to JavaScript or to the router, wherever a caller can put one.

const OF_PROTOTYPES = ['__proto__', 'constructor', 'toString'];
const ROUTE_WORDS = [
  'certificates',
  'history',
  'properties',
  'archive',
  'password',
  'credentials',
  'users',
  'policies',
  'audit_events',
  'me',
  'permissions',
  'token',
];

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startApp();
  token = await app.token({ data_room: { clients: ['*'] } });
  await send(app, 'POST', `${CORE}/clients`, { token, body: { extId: '100', name: '100' } });
  await send(app, 'POST', `${CORE}/100/users`, { token, body: { extId: 'jane' } });
});

afterAll(async () => {
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  await app.close();
});

async function ask(status: number, method: string, path: string, body?: object): Promise<Answer> {
  const answer = await send(app, method, path, { token, ...(body === undefined ? {} : { body }) });
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBe(status);
  return answer;
}

const titled = (operations: readonly Operation[]) =>
  operations.map((operation) => [operation.title, operation] as const);

/** Of what is there, but for what would be changed or removed. */
const path = (operation: Operation) => pathOf(operation, '100', 'jane', 'nothing');

/** JSON with these members: an object literal could not have the first. */
const text = (names: readonly string[]) => `{${names.map((name) => `"${name}":{"polluted":true}`).join(',')}}`;

describe.each([...OF_PROTOTYPES, ...ROUTE_WORDS])('2.2 the extId %s', (word) => {
  test(`2.2 ${word} names a client, a policy, a user and a certificate like any other`, async () => {
    const { pem } = await issueCertificate({ subject: `CN=${word}` });
    const made: string[] = [];
    for (const [where, body] of [
      ['clients', { name: word }],
      [`${word}/policies`, { policyType: 'CertificatePolicy', name: word }],
      [`${word}/users`, { loginId: word }],
      [`${word}/users/${word}/certificates`, { certificate: pem, policyExtId: word }],
    ] as const) {
      const created = await ask(201, 'POST', `${CORE}/${where}`, { extId: word, ...body });
      const location = created.headers.get('location') ?? '';
      const read = await ask(200, 'GET', location);
      expect([read.body, read.body.extId]).toEqual([created.body, word]);
      made.unshift(location);
    }
    const user = `${CORE}/${word}/users/${word}`;
    await ask(404, 'GET', `${user}/password`);
    expect((await ask(200, 'GET', `${user}/certificates`)).body.items).toHaveLength(1);
    expect((await ask(200, 'GET', `${user}/credentials`)).body.items).toHaveLength(1);
    const certificate = `${user}/certificates/${word}`;
    expect((await ask(200, 'PATCH', certificate, { modificationComment: word })).body).toMatchObject({ version: 2 });
    expect((await ask(200, 'PATCH', `${certificate}/properties`, { [`a ${word}`]: word })).body).toEqual({
      [`a ${word}`]: word,
    });
    expect((await ask(200, 'GET', `${certificate}/history`)).body.items).toHaveLength(3);
    expect((await ask(200, 'GET', `${CORE}/clients/${word}/users?extId=${word}`)).body.items).toHaveLength(1);
    expect((await ask(200, 'GET', `${CORE}/clients/${word}/policies`)).body.items).toHaveLength(3);
    const events = await ask(200, 'GET', `${CORE}/${word}/audit-events?extId=${word}&userExtId=${word}&actor=admin-1`);
    expect(events.body.items).toHaveLength(4);
    for (const location of made) await ask(204, 'DELETE', location);
    for (const location of made) await ask(404, 'GET', location);
  });

  test(`2.2 ${word} is archived as a user, and reached as a client of a token`, async () => {
    const user = `${CORE}/100/users/${word}`;
    await ask(201, 'POST', `${CORE}/100/users`, { extId: word });
    await ask(200, 'POST', `${user}/archive`);
    expect((await ask(200, 'GET', user)).body).toMatchObject({ extId: word, userState: 'archived' });
    const elsewhere = await app.token({ sub: word, client_ext_id: word, data_room: { clients: [word] } });
    expect((await send(app, 'GET', user, { token: elsewhere })).status).toBe(403);
  });
});

describe('3.7 as members of a body', () => {
  test.each(titled(OPERATIONS.filter(({ takesBody }) => takesBody)))('3.7 %s names them all', async (_, operation) => {
    // Any name but these two may be a property's.
    const refused = operation.path.endsWith('/properties') ? ['__proto__', 'constructor'] : OF_PROTOTYPES;
    const answer = await send(app, operation.method, path(operation), { token, body: text(refused) });
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual(expect.arrayContaining(refused));
  });

  test.each([
    ['POST', `${CORE}/100/users`, 'name'],
    ['POST', `${CORE}/100/users`, 'address'],
    ['POST', `${CORE}/100/users`, 'contacts'],
    ['PATCH', `${CORE}/100/users/jane`, 'validity'],
    ['PATCH', `${CORE}/clients/100`, 'displayName'],
  ])('3.7 %s %s names them in %s', async (method, where, member) => {
    const answer = await send(app, method, where, { token, body: `{"${member}":${text(OF_PROTOTYPES)}}` });
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual(expect.arrayContaining(OF_PROTOTYPES.map((name) => `${member}.${name}`)));
  });

  test('2.12 parameters of a CertificatePolicy and of a PwdPolicy', async () => {
    for (const policyType of ['CertificatePolicy', 'PwdPolicy']) {
      const body = `{"policyType":"${policyType}","parameters":{"__proto__":"1","constructor":"1"}}`;
      const answer = await send(app, 'POST', `${CORE}/100/policies`, { token, body });
      expect([answer.status, fieldsOf(answer)]).toEqual([422, ['parameters']]);
      expect(answer.body.errors[0].message).toContain('__proto__');
    }
  });
});

describe('8.3 in a query', () => {
  const lists = OPERATIONS.filter(({ query }) => query.length > 0);

  test.each(titled(lists))('8.3 %s knows no such parameter', async (_, operation) => {
    for (const name of OF_PROTOTYPES) {
      const body = operation.takesBody ? { body: {} } : {};
      const answer = await send(app, operation.method, `${path(operation)}?${name}=1`, { token, ...body });
      expect(answer.status, name).toBe(422);
      expect(fieldsOf(answer)).toContain('query');
    }
  });

  test.each([
    ...['sortBy', 'userState', 'isTechnicalUser', 'version'].map((name) => [`clients/100/users`, name]),
    ...['stateName', 'expiresBefore', 'fingerprint'].map((name) => [`100/users/jane/certificates`, name]),
    ...['action', 'from', 'to'].map((name) => [`100/audit-events`, name]),
  ])('8.3 %s?%s= cannot have this value', async (where, name) => {
    for (const value of OF_PROTOTYPES) {
      const answer = await ask(422, 'GET', `${CORE}/${where}?${name}=${value}`);
      expect(fieldsOf(answer)).toEqual([name]);
    }
  });

  test('8.3 what equals such a text is searched for, and is nobody', async () => {
    for (const value of OF_PROTOTYPES) {
      for (const name of ['extId', 'loginId', 'contacts.email', 'name.familyName', 'name.firstName']) {
        const found = await ask(200, 'GET', `${CORE}/clients/100/users?${name}=${value}-x`);
        expect(found.body).toMatchObject({ items: [] });
      }
    }
  });
});
