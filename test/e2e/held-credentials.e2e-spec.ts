import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, send } from '../support/http.js';

let fixture: Fixture;
let token: string;
let xToken: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  token = await fixture.app.token({ sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] });
  xToken = await fixture.app.xToken('helper-7');
});

afterAll(async () => await fixture.app.close());

const self = async (method: string, path: string, body?: object): Promise<Answer> =>
  await send(fixture.app, method, path, { token, xToken, ...(body === undefined ? {} : { body }) });

/** How an administrator takes a credential away: one that its owner or the policy had disabled, or an active one. */
const TAKEN: readonly [string, (path: string) => Promise<unknown>][] = [
  ...(['disabled', 'reset-code', 'fail-locked', 'tmp-locked'] as const).map(
    (stateName): [string, (path: string) => Promise<unknown>] => [
      stateName,
      async (path) => await fixture.patch(path, { stateName }),
    ],
  ),
  [
    'disabled after its owner',
    async (path) => {
      await self('PATCH', path, { stateName: 'disabled' });
      const answer = await fixture.patch(path, { stateName: 'disabled' });
      expect(answer.body).toMatchObject({ version: 3, stateName: 'disabled', stateChangeReason: 'changed-by-admin' });
      expect((await fixture.patch(path, { stateName: 'disabled' })).body.version).toBe(3);
    },
  ],
  [
    'disabled after the policy',
    async (path) => {
      await self('PATCH', path, { certificate: await fixture.pem('bad', { notAfter: '2036-01-01T00:00:00Z' }) });
      const answer = await fixture.patch(path, { stateName: 'disabled' });
      expect(answer.body).toMatchObject({ version: 3, stateName: 'disabled', stateChangeReason: 'changed-by-admin' });
      expect(answer.body.stateChangeDetail).toBeUndefined();
    },
  ],
];

test.each(TAKEN)(
  '5.1 a credential %s by an administrator: no two requests of its owner make it active again',
  async (how, take) => {
    const id = how.replaceAll(' ', '-');
    const path = await fixture.register(id, { policyExtId: 'tolerant' });
    await take(path);
    const { certificate } = (await fixture.read(path)).body as { certificate: string };
    const other = await fixture.pem(`other ${id}`);
    const requests: (() => Promise<Answer>)[] = [
      async () => await self('DELETE', path),
      async () => await self('POST', fixture.path(), { certificate }),
      async () => await self('PATCH', path, { stateName: 'active' }),
      async () => await self('PATCH', path, { certificate: other }),
      async () => await self('PATCH', path, { certificate: other, stateName: 'active' }),
      async () => await self('PATCH', path, { stateName: 'disabled' }),
    ];
    for (const first of requests) {
      for (const second of requests) {
        await first();
        await second();
        const answer = await fixture.read(path);
        const body = answer.body as { certificate: string; stateName: string };
        expect([answer.status, body.certificate]).toEqual([200, certificate]);
        expect(['disabled', 'reset-code', 'fail-locked', 'tmp-locked']).toContain(body.stateName);
      }
    }
  },
);

test('3.1 where administrator and owner disable it at once, it counts as disabled by the administrator', async () => {
  for (let round = 0; round < 10; round += 1) {
    const path = await fixture.register(`race-${round}`);
    const answers = await Promise.all([
      self('PATCH', path, { stateName: 'disabled' }),
      fixture.patch(path, { stateName: 'disabled' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await fixture.read(path)).body).toMatchObject({
      stateName: 'disabled',
      stateChangeReason: 'changed-by-admin',
    });
    expect((await self('DELETE', path)).status).toBe(422);
  }
});

test('3.1 where an administrator disables it while the owner deletes it, it is deleted or stays disabled', async () => {
  for (let round = 0; round < 10; round += 1) {
    const path = await fixture.register(`gone-${round}`);
    await self('PATCH', path, { stateName: 'disabled' });
    const [removed, disabled] = await Promise.all([
      self('DELETE', path),
      fixture.patch(path, { stateName: 'disabled' }),
    ]);
    expect([
      [204, 404],
      [422, 200],
    ]).toContainEqual([removed.status, disabled.status]);
  }
});

test('3.1 a stale version is 409 here too, and an administrator of another client changes nothing', async () => {
  const path = await fixture.register('stale');
  await self('PATCH', path, { stateName: 'disabled' });
  expect((await fixture.patch(path, { stateName: 'disabled', version: 1 })).status).toBe(409);
  const foreign = await fixture.app.token({ client_ext_id: '200' });
  expect((await send(fixture.app, 'PATCH', path, { token: foreign, body: { stateName: 'disabled' } })).status).toBe(
    403,
  );
  expect((await fixture.read(path)).body).toMatchObject({ version: 2, stateChangeReason: 'changed-by-user' });
  const dryRun = await fixture.patch(`${path}?dryRun=true`, { stateName: 'disabled', version: 2 });
  expect(dryRun.body).toMatchObject({ version: 3, stateChangeReason: 'changed-by-admin' });
  expect((await fixture.patch(path, { stateName: 'disabled', version: 2 })).body).toMatchObject({ version: 3 });
});

test('5.1 where an administrator locks or resets it together with a certificate that the policy disables, its owner cannot make it active', async () => {
  for (const stateName of ['fail-locked', 'tmp-locked', 'reset-code', 'disabled']) {
    const path = await fixture.register(`with-bad-${stateName}`, { policyExtId: 'tolerant' });
    const { certificate } = (await fixture.read(path)).body as { certificate: string };
    await self('PATCH', path, { stateName: 'disabled' });
    const bad = await fixture.pem(`bad ${stateName}`, { notAfter: '2036-01-01T00:00:00Z' });
    const answer = await fixture.patch(path, { stateName, certificate: bad });
    expect(answer.body).toMatchObject({ version: 3, stateName: 'disabled' });
    const good = await fixture.pem(`good ${stateName}`);
    const [removed, replaced, enabled] = await Promise.all([
      self('DELETE', path),
      self('PATCH', path, { certificate: good }),
      self('PATCH', path, { stateName: 'active' }),
    ]);
    expect([removed.status, replaced.status, enabled.status]).toEqual([422, 422, 422]);
    expect((await self('POST', fixture.path(), { certificate })).body).toMatchObject({ stateName: 'active' });
    expect((await fixture.read(path)).body).toMatchObject({ version: 3, stateName: 'disabled' });
  }
});

test('5.1 where an administrator locks it with such a certificate while its owner deletes it, it is deleted or stays locked', async () => {
  for (let round = 0; round < 10; round += 1) {
    const path = await fixture.register(`bad-race-${round}`, { policyExtId: 'tolerant' });
    await self('PATCH', path, { stateName: 'disabled' });
    const certificate = await fixture.pem(`bad race ${round}`, { notAfter: '2036-01-01T00:00:00Z' });
    const [removed, locked] = await Promise.all([
      self('DELETE', path),
      fixture.patch(path, { stateName: 'fail-locked', certificate }),
    ]);
    expect([
      [204, 404],
      [422, 200],
    ]).toContainEqual([removed.status, locked.status]);
  }
});

test.each(['reset-code', 'fail-locked', 'disabled'])(
  '6.4 %s becomes active with a certificate that the policy allows, with the right reason',
  async (stateName) => {
    const bad = await fixture.pem(`violates ${stateName}`, { notAfter: '2036-01-01T00:00:00Z' });
    const members = { policyExtId: 'tolerant', stateName };
    const paths = [
      await fixture.register(`comes-back-${stateName}`, members),
      await fixture.register(`created-${stateName}`, { ...members, certificate: bad }),
    ];
    const other = await fixture.pem(`violates too ${stateName}`, { notAfter: '2036-01-01T00:00:00Z' });
    if (stateName === 'reset-code') {
      const disabled = await fixture.patch(paths[0]!, { certificate: other });
      expect(disabled.body).toMatchObject({ stateName: 'disabled', stateChangeReason: 'policy-check-failed' });
    }
    for (const path of paths) {
      const answer = await fixture.patch(path, { certificate: await fixture.pem(`allowed ${path}`) });
      const body = answer.body as Record<string, unknown>;
      expect(body).toMatchObject({ stateName });
      expect(body['stateChangeReason']).not.toBe('policy-check-failed');
      expect(body['stateChangeDetail']).toBeUndefined();
      const list = await fixture.read(`${fixture.path()}?stateName=${stateName}&limit=1000`);
      const { items } = list.body as { items: { extId: string }[] };
      expect(items.map(({ extId }) => extId)).toContain(body['extId']);
    }
  },
);
