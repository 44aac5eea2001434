import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { PERMISSIONS, permissionToWire } from '../../src/common/permission.js';
import type { TestApp } from '../support/app.js';
import { Fixture } from '../support/fixture.js';
import { codesOf, send, type Sending } from '../support/http.js';
import { itemOf, makeFile } from '../support/key-store-fixture.js';
import { EVERY_OPERATION as OPERATIONS, type Operation, pathOf as pathWith } from '../support/operations.js';
import { statementsOf } from '../support/statements.js';

// Every route of the OpenAPI document, with callers who may not call it. Client 100 has helper-7 and helper-8, client 200 has
// helper-7, each with the credential cert-1, and each client a key store; there is no client 300, and no user, credential
// or key store `nothing`.

const ALL = PERMISSIONS.map(permissionToWire);
const EVERY_CLIENT = { data_room: { clients: ['*'] } };

let app: TestApp;
let before: string;
/** By client. */
const keyStores = new Map<string, string>();

beforeAll(async () => {
  const fixture = await Fixture.start();
  ({ app } = fixture);
  await fixture.builders.user('100', 'helper-8');
  await fixture.register('cert-1', {}, 'helper-8');
  await fixture.builders.client('200');
  await fixture.builders.policy('200', 'default');
  await fixture.builders.policy('200', 'cert-1');
  await fixture.builders.user('200', 'helper-7');
  const token = await app.token({ client_ext_id: '200' });
  const body = { extId: 'cert-1', certificate: await fixture.pem('in 200') };
  expect((await send(app, 'POST', fixture.path('helper-7', '200'), { token, body })).status).toBe(201);
  for (const client of ['100', '200']) keyStores.set(client, await createKeyStore(client));
  before = await everything();
});

/** Returns the id of the new key store. */
async function createKeyStore(client: string): Promise<string> {
  const token = await app.token({ client_ext_id: client });
  const body = [itemOf(`of ${client}`, await makeFile(`of ${client}`))];
  const answer = await send(app, 'POST', `/mtls/account/${client}/certificates`, { token, body });
  expect(answer.status).toBe(201);
  return String(answer.body.successfulySavedCertificates[0].id);
}

/** cert-1 stands for the records of its client; for client 300, and without a client, for those of client 100. */
function pathOf(operation: Operation, client: string, user: string, extId: string): string {
  const keyStore = extId === 'cert-1' ? (keyStores.get(client) ?? keyStores.get('100')) : '4000000000';
  return pathWith(operation, client, user, extId, keyStore);
}

afterAll(async () => await app.close());

async function everything(): Promise<string> {
  const rows: unknown = await app.dataSource.query(
    `select (select string_agg(c::text, ';' order by c.ext_id) from clients c) as clients,
      (select string_agg(u::text, ';' order by u.client_ext_id, u.ext_id) from users u) as users,
      (select string_agg(p::text, ';' order by p.client_ext_id, p.ext_id) from policies p) as policies,
      (select string_agg(c::text, ';' order by c.client_ext_id, c.ext_id) from credentials c) as credentials,
      (select string_agg(k::text, ';' order by k.id) from key_stores k) as key_stores,
      (select string_agg(s::text, ';' order by s::text) from sealed_secrets s) as secrets`,
  );
  return JSON.stringify(rows);
}

/** The request to a route, with an empty object where it takes a body. */
const ask = async (operation: Operation, path: string, sending: Sending) =>
  await send(app, operation.method, path, { ...(operation.takesBody ? { body: {} } : {}), ...sending });

/** All that a caller sees of an answer, with the request id replaced. */
async function seen(operation: Operation, path: string, sending: Sending): Promise<string> {
  const headers = { 'X-Request-Id': 'same-for-all' };
  const answer = await ask(operation, path, { ...sending, headers });
  const visible = [...answer.headers].filter(([name]) => name !== 'date');
  return JSON.stringify([answer.status, visible, answer.body]);
}

/** A path to records that do not exist: a caller who has the rights gets 404 or 422. */
const nowhere = (operation: Operation) => pathOf(operation, '300', 'nothing', 'nothing');

const titled = (operations: readonly Operation[]) =>
  operations.map((operation) => [operation.title, operation] as const);

const OF_ONE_CLIENT = OPERATIONS.filter(({ ofOneClient }) => ofOneClient);
const WITH_RIGHTS = OPERATIONS.filter(({ permissions }) => permissions.length > 0);

test('the OpenAPI document has every group of routes', () => {
  expect(OPERATIONS.length).toBeGreaterThanOrEqual(44);
  expect(OPERATIONS.filter(({ path }) => path.includes('{certificateId}')).length).toBeGreaterThanOrEqual(3);
  expect(WITH_RIGHTS.length).toBe(OPERATIONS.length - 2);
});

describe('without a token', () => {
  test.each(titled(OPERATIONS))('4.1 7.1 %s is 401 with a challenge', async (_, operation) => {
    const answers: string[] = [];
    const statements = await statementsOf(app.dataSource, async () => {
      for (const [client, user, extId] of [
        ['100', 'helper-8', 'cert-1'],
        ['300', 'nothing', 'nothing'],
      ] as const) {
        answers.push(await seen(operation, pathOf(operation, client, user, extId), {}));
        const { status, headers } = await ask(operation, pathOf(operation, client, user, extId), { token: 'x' });
        expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="certkeep"']);
      }
    });
    expect(answers[0]).toMatch(/^\[401,.*"www-authenticate","Bearer realm=\\"certkeep\\"".*errors\.unauthenticated/);
    expect(new Set(answers).size).toBe(1);
    expect(statements).toEqual([]);
  });
});

describe('as an administrator of another client', () => {
  test.each(titled(OF_ONE_CLIENT))(
    '4.3 %s is the same 403 for every record, without a database statement',
    async (_, operation) => {
      const token = await app.token({ roles: undefined, permissions: ALL });
      const answers: string[] = [];
      const statements = await statementsOf(app.dataSource, async () => {
        answers.push(await seen(operation, pathOf(operation, '200', 'helper-7', 'cert-1'), { token }));
        answers.push(await seen(operation, pathOf(operation, '200', 'nothing', 'nothing'), { token }));
        answers.push(await seen(operation, pathOf(operation, '300', 'helper-7', 'cert-1'), { token }));
      });
      expect(answers[0]).toMatch(/^\[403,.*errors\.dataroomDenied/);
      expect(new Set(answers).size).toBe(1);
      expect(statements).toEqual([]);
    },
  );
});

/** The event of a refused write, and the id of the password that it names. */
const AUDIT_LOG_STATEMENT =
  /insert into audit_events|^select ext_id as "extId" from credentials\s+where .* and type = 'Password'$/s;

describe('as another user', () => {
  test.each(titled(OF_ONE_CLIENT))(
    '4.4 %s is the same 403 for every record, also with an X-Token',
    async (_, operation) => {
      const token = await app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
      const sending = { token, xToken: await app.xToken('helper-7') };
      const asked: { readonly answer: string; readonly statements: readonly string[] }[] = [];
      for (const path of [
        pathOf(operation, '100', 'helper-8', 'cert-1'),
        pathOf(operation, '100', 'nothing', 'nothing'),
        pathOf(operation, '200', 'helper-7', 'cert-1'),
        pathOf(operation, '300', 'helper-7', 'cert-1'),
      ]) {
        // A refused write in the caller's own client is an audit event, at most ten a second.
        app.clock.advance(1000);
        let answer = '';
        const statements = await statementsOf(app.dataSource, async () => {
          answer = await seen(operation, path, sending);
        });
        asked.push({ answer, statements });
      }
      const [known, unknown, ...foreign] = asked;
      expect(known?.answer).toMatch(/^\[403,.*errors\.permissionDenied/);
      expect(new Set(asked.map(({ answer }) => answer)).size).toBe(1);
      expect(unknown?.statements).toEqual(known?.statements);
      expect(known?.statements.filter((text) => !AUDIT_LOG_STATEMENT.test(text))).toEqual([]);
      for (const { statements } of foreign) expect(statements).toEqual([]);
    },
  );
});

describe('without the rights', () => {
  test.each(titled(WITH_RIGHTS))('4.3 %s with no right is 403', async (_, operation) => {
    const token = await app.token({ roles: undefined, ...EVERY_CLIENT });
    const answer = await ask(operation, nowhere(operation), { token });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
  });

  const eachRight = WITH_RIGHTS.flatMap((operation) =>
    operation.permissions.map((right) => [operation.title, right, operation] as const),
  );

  test.each(eachRight)('4.3 %s with every right but %s is 403 and names it', async (_, right, operation) => {
    const permissions = ALL.filter((one) => one !== right);
    const token = await app.token({ roles: undefined, permissions, ...EVERY_CLIENT });
    const answer = await ask(operation, nowhere(operation), { token });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
    expect(answer.body.errors[0].message).toContain(right);
  });

  test.each(titled(WITH_RIGHTS))('4.3 %s with exactly its rights is not 403', async (_, operation) => {
    const token = await app.token({ roles: undefined, permissions: operation.permissions, ...EVERY_CLIENT });
    const { status } = await ask(operation, nowhere(operation), { token });
    // A route that takes a file refuses the media type JSON.
    expect([200, 404, 415, 422]).toContain(status);
  });
});

test('none of these requests has changed anything', async () => {
  expect(await everything()).toBe(before);
});
