import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { send, type Sending } from '../support/http.js';
import { statementsOf } from '../support/statements.js';

let fixture: Fixture;
let credential: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1', { policyExtId: 'tolerant' });
  // The pool opens its connections, each with a statement of its own.
  await Promise.all(Array.from({ length: 20 }, async () => await fixture.read(credential)));
});

afterAll(async () => await fixture.app.close());

async function count(method: string, path: string, status: number, sending: Sending): Promise<number> {
  const statements = await statementsOf(fixture.app.dataSource, async () => {
    expect((await send(fixture.app, method, path, sending)).status).toBe(status);
  });
  return statements.length;
}

test('a GET needs one statement, a change two, for administrators and self-admins', async () => {
  const administrator = { token: fixture.token };
  const self = {
    token: await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] }),
    xToken: await fixture.app.xToken('helper-7'),
  };
  for (const [who, caller] of Object.entries({ administrator, self })) {
    const certificate = await fixture.pem(`replaced by ${who}`);
    const body = { extId: `of-${who}`, certificate: await fixture.pem(`new of ${who}`) };
    expect(await count('GET', credential, 200, caller)).toBe(1);
    expect(await count('PATCH', credential, 200, { ...caller, body: { modificationComment: who } })).toBe(2);
    expect(await count('PATCH', credential, 200, { ...caller, body: { certificate } })).toBe(2);
    expect(await count('POST', fixture.path(), 201, { ...caller, body })).toBe(2);
    expect(await count('DELETE', `${fixture.path()}/of-${who}`, 204, caller)).toBe(2);
  }
});

test('a PATCH without effect or refused by the row needs one statement, and one refused earlier none', async () => {
  const { token } = fixture;
  expect(await count('PATCH', credential, 200, { token, body: {} })).toBe(1);
  expect(await count('PATCH', credential, 412, { token, body: {}, headers: { 'If-Match': '"0"' } })).toBe(1);
  expect(await count('PATCH', credential, 422, { token, body: { version: 'x' } })).toBe(0);
  expect(await count('PATCH', credential, 400, { token, body: '{' })).toBe(0);
  expect(await count('PATCH', credential, 401, { body: {} })).toBe(0);
});
