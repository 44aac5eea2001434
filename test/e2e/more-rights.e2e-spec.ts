import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Permission } from '../../src/common/permission.js';
import { Fixture } from '../support/fixture.js';
import { CORE, send } from '../support/http.js';

let fixture: Fixture;
let xToken: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  await fixture.builders.user('100', 'robot', { isTechnicalUser: true });
  xToken = await fixture.app.xToken('helper-7');
});

afterAll(async () => await fixture.app.close());

const tokenOf = async (permissions: readonly Permission[], sub = 'helper-7'): Promise<string> =>
  await fixture.app.token({ sub, roles: [], permissions: permissions.map((name) => `AccessControl.${name}`) });

interface OwnRequest {
  readonly title: string;
  readonly user: string;
  readonly method: string;
  readonly path: string;
  readonly body?: (round: number) => Promise<object> | object;
  /** The rights that this request may need. */
  readonly rights: readonly Permission[];
}

const certificates = `${CORE}/100/users/helper-7/certificates`;
const CREATE = ['CredentialCreate', 'CredentialChangeState'] as const;
const CHANGE = ['CredentialModify', 'CredentialView', 'CredentialChangeState'] as const;
const USER = ['UserView', 'UserModify', 'UserModifyTechUser', 'LoginIdOverride'] as const;

const create = (members: object) => async (round: number) => ({
  certificate: await fixture.pem(`more rights ${round}`),
  ...members,
});

const REQUESTS: readonly OwnRequest[] = [
  ...[{}, { stateName: 'active' }, { stateName: 'fail-locked' }, { policyExtId: 'tolerant', stateName: 'active' }].map(
    (members) => ({
      title: `POST of a certificate with ${JSON.stringify(members)}`,
      user: 'helper-7',
      method: 'POST',
      path: `${certificates}?dryRun=true`,
      body: create(members),
      rights: CREATE,
    }),
  ),
  ...['disabled', 'active'].map((stateName) => ({
    title: `PATCH of a certificate to ${stateName}`,
    user: 'helper-7',
    method: 'PATCH',
    path: `${certificates}/own?dryRun=true`,
    body: () => ({ stateName }),
    rights: CHANGE,
  })),
  ...['helper-7', 'robot'].flatMap((user) => [
    {
      title: `PATCH of the name of ${user}`,
      user,
      method: 'PATCH',
      path: `${CORE}/100/users/${user}`,
      body: (round: number) => ({ name: { firstName: `Jane ${round}` } }),
      rights: USER,
    },
    {
      title: `PATCH of the login ID of ${user}`,
      user,
      method: 'PATCH',
      path: `${CORE}/100/users/${user}`,
      body: (round: number) => ({ loginId: `${user}-${round}` }),
      rights: USER,
    },
    {
      title: `PATCH of the remarks of ${user}`,
      user,
      method: 'PATCH',
      path: `${CORE}/100/users/${user}`,
      body: (round: number) => ({ remarks: `${round}` }),
      rights: USER,
    },
  ]),
  ...['helper-7', 'robot'].flatMap((user) =>
    ['', '/certificates', '/credentials'].map((inside) => ({
      title: `GET of ${user}${inside}`,
      user,
      method: 'GET',
      path: `${CORE}/100/users/${user}${inside}`,
      rights: ['UserView', 'CredentialView'] as const,
    })),
  ),
];

function subsets(rights: readonly Permission[]): readonly (readonly Permission[])[] {
  return rights.reduce<readonly (readonly Permission[])[]>(
    (all, right) => [...all, ...all.map((subset) => [...subset, right])],
    [[]],
  );
}

let round = 0;

test.each(REQUESTS)('4.4 additional rights never refuse what fewer rights allow: $title', async (request) => {
  if (request.path.includes('/own')) await fixture.register('own', { stateName: 'initial' }).catch(() => undefined);
  const own = request.user === 'helper-7' ? xToken : await fixture.app.xToken(request.user);
  const allowed = new Set<string>();
  // Subsets come before their supersets.
  for (const permissions of subsets([...request.rights, 'SelfAdmin'])) {
    for (const withXToken of [false, true]) {
      round += 1;
      const { status } = await send(fixture.app, request.method, request.path, {
        token: await tokenOf(permissions, request.user),
        ...(withXToken ? { xToken: own } : {}),
        ...(request.body === undefined ? {} : { body: await request.body(round) }),
      });
      const keyOf = (names: readonly Permission[]) => `${withXToken} ${names.toSorted().join()}`;
      const before = permissions.map((right) => permissions.filter((name) => name !== right));
      const wasAllowed = before.some((names) => allowed.has(keyOf(names)));
      if (wasAllowed) expect(status, `${permissions.join()} ${withXToken}`).toBeLessThan(300);
      if (status < 300) allowed.add(keyOf(permissions));
    }
  }
  expect(allowed.size).toBeGreaterThan(0);
});

test('4.4 4.5 without a right that the body requires, the request is one of a self-admin: it needs the X-Token and a state of 4.6', async () => {
  const token = await tokenOf(['SelfAdmin', 'CredentialCreate']);
  const post = async (members: object, token_: string, sent: object) =>
    await send(fixture.app, 'POST', certificates, {
      token: token_,
      ...sent,
      body: { certificate: await fixture.pem(`needed ${(round += 1)}`), ...members },
    });
  expect(await post({ stateName: 'active' }, token, {})).toMatchObject({
    status: 401,
    body: { errors: [{ field: 'X-Token' }] },
  });
  expect((await post({ stateName: 'active' }, token, { xToken: 'forged' })).status).toBe(401);
  expect((await post({}, token, { xToken: 'forged' })).status, 'none is needed with the right').toBe(201);
  const created = await post({ stateName: 'active' }, token, { xToken });
  expect(created).toMatchObject({ status: 201, body: { stateChangeReason: 'cert-uploaded' } });
  expect((await post({ stateName: 'fail-locked' }, token, { xToken })).status).toBe(422);
  expect((await post({ stateName: 'active', policyExtId: 'tolerant' }, token, { xToken })).status).toBe(403);
  const without = await tokenOf(['CredentialCreate']);
  expect((await post({ stateName: 'active' }, without, { xToken })).status).toBe(403);
  const other = await tokenOf(['SelfAdmin', 'CredentialCreate'], 'robot');
  expect((await post({ stateName: 'active' }, other, { xToken: await fixture.app.xToken('robot') })).status).toBe(403);
});

test('4.4 an inactive user is refused, whatever rights are missing', async () => {
  await fixture.builders.user('100', 'gone', { isTechnicalUser: true, state: 'disabled' });
  const token = await tokenOf(['SelfAdmin', 'UserView', 'UserModify'], 'gone');
  const answer = await send(fixture.app, 'PATCH', `${CORE}/100/users/gone`, {
    token,
    body: { name: { firstName: 'X' } },
  });
  expect(answer.status).toBe(403);
});
