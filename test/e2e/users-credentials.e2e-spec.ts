import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { CORE, codesOf, send } from '../support/http.js';
import { statementsOf } from '../support/statements.js';

let fixture: Fixture;

const CREDENTIALS = `${CORE}/100/users/helper-7/credentials`;

interface Listed {
  readonly items: readonly { readonly extId: string; readonly [member: string]: unknown }[];
  readonly _pagination: { readonly continuationToken?: string; readonly totalResult?: number };
}

beforeAll(async () => {
  fixture = await Fixture.start();
  await fixture.builders.user('100', 'bare');
  for (const number of [1, 2, 3]) {
    await fixture.register(`cert-${number}`);
    fixture.app.clock.advance(1000);
  }
  await fixture.app.dataSource.query(
    `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type, state, state_set_by,
        reason, successes, failures, failures_since_lock, version, created, last_modified)
      values ('100', 'password-1', $1, 'helper-7', 'default', 'Password', 'active', 'administrator',
        'initialized', 3, 1, 1, 4, $2, $2)`,
    [randomUUID(), fixture.app.clock.now()],
  );
});

afterAll(async () => await fixture.app.close());

async function list(query = '', token = fixture.token): Promise<Listed> {
  const answer = await send(fixture.app, 'GET', CREDENTIALS + query, { token });
  expect(answer.status).toBe(200);
  return answer.body as Listed;
}

test('2.7, 2.13 A1 lists credentials of every type completely, passwords with the common members only', async () => {
  const { items, _pagination } = await list('?returnTotalResultCount=true');
  expect(items.map(({ extId }) => extId)).toEqual(['cert-1', 'cert-2', 'cert-3', 'password-1']);
  expect(_pagination).toEqual({ limit: 100, totalResult: 4 });
  const certificate = await send(fixture.app, 'GET', `${fixture.path()}/cert-1`, { token: fixture.token });
  expect(items[0]).toEqual(certificate.body);
  expect(items[3]).toEqual({
    created: '2026-06-01T12:00:03Z',
    lastModified: '2026-06-01T12:00:03Z',
    version: 4,
    extId: 'password-1',
    userExtId: 'helper-7',
    policyExtId: 'default',
    stateName: 'active',
    stateChangeReason: 'initialized',
    successfulLoginCount: 3,
    failedLoginCount: 1,
    type: 'Password',
    validity: {},
  });
});

test('8.1, 8.2 A1 has pages', async () => {
  const { items, _pagination } = await list('?limit=3');
  expect(items.map(({ extId }) => extId)).toEqual(['cert-1', 'cert-2', 'cert-3']);
  const second = await list(`?limit=3&continuationToken=${_pagination.continuationToken}`);
  expect(second).toMatchObject({ items: [{ extId: 'password-1' }], _pagination: { limit: 3 } });
  expect(second).not.toHaveProperty('_pagination.continuationToken');
});

test('A1 a user without credentials has an empty list, an unknown one is 404', async () => {
  const bare = await send(fixture.app, 'GET', `${CORE}/100/users/bare/credentials`, { token: fixture.token });
  expect([bare.status, bare.body]).toEqual([200, { items: [], _pagination: { limit: 100 }, _classifications: {} }]);
  const nobody = await send(fixture.app, 'GET', `${CORE}/100/users/nobody/credentials`, { token: fixture.token });
  expect([nobody.status, codesOf(nobody)]).toEqual([404, ['errors.noRecord']]);
  const filtered = await send(fixture.app, 'GET', `${CREDENTIALS}?type=Password`, { token: fixture.token });
  expect(filtered.status).toBe(422);
});

test('4.3, 4.4 A1 needs CredentialView, or a self-admin as the user', async () => {
  const claims = { sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] };
  const own = await fixture.app.token(claims);
  expect((await list('', own)).items).toHaveLength(4);
  const others = [
    await send(fixture.app, 'GET', `${CORE}/100/users/bare/credentials`, { token: own }),
    await send(fixture.app, 'GET', CREDENTIALS, { token: await fixture.app.token({ client_ext_id: '200' }) }),
    await send(fixture.app, 'GET', CREDENTIALS, {
      token: await fixture.app.token({ roles: [], permissions: ['AccessControl.UserView'] }),
    }),
  ];
  expect(others.map(({ status }) => status)).toEqual([403, 403, 403]);
  await send(fixture.app, 'PATCH', `${CORE}/100/users/helper-7`, {
    token: fixture.token,
    body: { userState: 'disabled' },
  });
  expect((await send(fixture.app, 'GET', CREDENTIALS, { token: own })).status).toBe(403);
});

test('A1 needs one statement', async () => {
  expect(await statementsOf(fixture.app.dataSource, async () => await list())).toHaveLength(1);
});
