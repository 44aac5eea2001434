import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, send } from '../support/http.js';

// What a public front end of nevisIDM does with users; users-self-admin.e2e-spec.ts tests more of it.

const PERSON = {
  loginId: 'Jane.Doe',
  name: { firstName: 'Jane', familyName: 'Doe' },
  contacts: { email: 'jane@example.com', telephone: '+41 31 555 01 01' },
  address: { addressline1: 'Tower A' },
};

/** The members that the front end reads. */
const MEMBERS = [
  'extId',
  'loginId',
  'userState',
  'name.firstName',
  'name.familyName',
  'contacts.email',
  'contacts.telephone',
  'address.addressline1',
  'version',
  'isTechnicalUser',
];

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
  await new Builders(app.dataSource).client('100');
  const token = await app.token();
  for (const body of [{ extId: 'jane', ...PERSON }, { extId: 'nobody-yet' }]) {
    expect((await send(app, 'POST', `${CORE}/100/users`, { token, body })).status).toBe(201);
  }
});

afterAll(async () => await app.close());

/** Reads a path; undefined where a nested object is missing. */
function read(resource: unknown, member: string): unknown {
  return member
    .split('.')
    .reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name], resource);
}

describe.each(['administrator', 'self-admin'])('9 as %s', (who) => {
  const request = async (method: string, extId: string, body?: object) => {
    const token = await app.token(who === 'self-admin' ? { sub: extId, roles: ['nevisIdm.SelfAdmin'] } : {});
    const headers = { 'Content-Type': 'application/json' };
    return await send(app, method, `${CORE}/100/users/${extId}`, { token, headers, ...(body && { body }) });
  };

  test('9 every member is read, nested ones included', async () => {
    const { body } = (await request('GET', 'jane')) as { body: unknown };
    expect(MEMBERS.map((member) => read(body, member))).toEqual([
      'jane',
      'Jane.Doe',
      'active',
      'Jane',
      'Doe',
      'jane@example.com',
      '+41 31 555 01 01',
      'Tower A',
      expect.any(Number),
      false,
    ]);
  });

  test('9 nested objects without a value are absent', async () => {
    const { body } = (await request('GET', 'nobody-yet')) as { body: object };
    for (const name of ['name', 'contacts', 'address']) expect(body).not.toHaveProperty(name);
    const absent = MEMBERS.filter((member) => read(body, member) === undefined);
    expect(absent).toEqual(MEMBERS.filter((member) => member.includes('.')));
  });

  test('9 successive PATCHes without a version are all applied', async () => {
    const { version } = (await request('GET', 'jane')).body as { version: number };
    await request('PATCH', 'jane', { name: { title: who } });
    const answer = await request('PATCH', 'jane', { contacts: { email: PERSON.contacts.email, mobile: who } });
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { version: version + 2, name: { ...PERSON.name, title: who }, contacts: { ...PERSON.contacts, mobile: who } },
    ]);
  });

  test('9 101 GETs in parallel are all answered', async () => {
    const answers = await Promise.all(Array.from({ length: 101 }, async () => await request('GET', 'jane')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(101);
  });

  test.each([
    ['a stale version', 409, { version: 2_000_000_000 }],
    ['an unknown member', 422, { nickname: 'JD' }],
    ['an unreadable version', 422, { version: '1' }],
  ])('9 the error body can be shown as text: %s', async (_, status, body) => {
    const answer = await request('PATCH', 'jane', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const { errors } = answer.body as { errors: { code: string; message: string }[] };
    for (const { code, message } of errors) {
      expect(code).toMatch(/^errors\.[a-zA-Z]+$/);
      expect(message).toMatch(/^\S.*\.$/);
    }
  });
});
