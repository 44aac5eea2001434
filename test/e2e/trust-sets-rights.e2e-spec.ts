import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { codesOf, refusalOf } from '../support/http.js';
import { TrustFixture } from '../support/trust-fixture.js';

let fixture: TrustFixture;

beforeAll(async () => {
  fixture = await TrustFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  await fixture.policies.nextClient();
  await fixture.create();
});

const asked = async (method: string, path: string, claims: object) =>
  await fixture.policies.request(method, path.replace('{client}', fixture.policies.client), {
    token: await fixture.app.token({ roles: undefined, data_room: { clients: ['*'] }, ...claims }),
    ...(method === 'POST' || method === 'PATCH' ? { body: {} } : {}),
  });

const ROUTES: [string, string, string[]][] = [
  ['GET', '/clients/{client}/trust-anchor-sets', ['ClientView', 'PolicyConfigurationView']],
  ['POST', '/{client}/trust-anchor-sets', ['PolicyCreate']],
  ['GET', '/{client}/trust-anchor-sets/set-1', ['PolicyView']],
  ['GET', '/{client}/trust-anchor-sets/set-1/history', ['PolicyView']],
  ['PATCH', '/{client}/trust-anchor-sets/set-1', ['PolicyView', 'PolicyModify']],
  ['DELETE', '/{client}/trust-anchor-sets/set-1', ['PolicyDelete']],
];

test.each(ROUTES)(
  '4.3 %s %s is 403 without each of its rights, and from another client',
  async (method, path, needed) => {
    const permissions = needed.map((name) => `AccessControl.${name}`);
    for (const missing of permissions) {
      const answer = await asked(method, path, { permissions: permissions.filter((one) => one !== missing) });
      expect([missing, codesOf(answer)]).toEqual([missing, ['errors.permissionDenied']]);
    }
    const foreign = await asked(method, path, { permissions, data_room: { clients: ['elsewhere'] } });
    expect(refusalOf(foreign)).toEqual([403, ['errors.dataroomDenied']]);
    expect((await fixture.read()).body).toMatchObject({ version: 1 });
    expect((await asked(method, path, { permissions })).status).not.toBe(403);
  },
);

test.each(ROUTES)('4.4 %s %s is refused for self-admins', async (method, path) => {
  const { client } = fixture.policies;
  const answer = await asked(method, path, { roles: ['nevisIdm.SelfAdmin'], sub: 'u-1', client_ext_id: client });
  expect(codesOf(answer)).toEqual(['errors.permissionDenied']);
});

test.each([
  ['PATCH', 'trustAnchorSet', 'set-1'],
  ['DELETE', 'trustAnchorSet', 'set-1'],
  ['POST', 'client', undefined],
])('10.1 a refused %s is an audit event of kind %s', async (method, kind, extId) => {
  const path = `/{client}/trust-anchor-sets${extId === undefined ? '' : `/${extId}`}`;
  await asked(method, path, { permissions: ['AccessControl.PolicyView'] });
  await expect
    .poll(async () => await fixture.policies.eventsOf(extId ?? fixture.policies.client))
    .toContainEqual({ action: 'refused', version: null, changes: null });
  const [event] = await fixture.app.dataSource.query<{ kind: string; code: string }[]>(
    `select kind, code from audit_events where client_ext_id = $1 and action = 'refused'`,
    [fixture.policies.client],
  );
  expect(event).toEqual({ kind, code: 'errors.permissionDenied' });
});

test('4.3 the set of another client is not read, changed or deleted through the own client', async () => {
  await fixture.policies.nextClient();
  const answers = [await fixture.read(), await fixture.patch({ description: 'x' }), await fixture.delete()];
  for (const answer of answers) expect(refusalOf(answer)).toEqual([404, ['errors.noRecord']]);
});
