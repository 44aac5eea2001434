import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Answer, codesOf } from '../support/http.js';
import { CERTIFICATE_POLICY, PolicyFixture } from '../support/policy-fixture.js';

let fixture: PolicyFixture;

beforeAll(async () => {
  fixture = await PolicyFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

const asked = async (method: string, path: string, claims: object): Promise<Answer> =>
  await fixture.request(method, path.replace('{client}', fixture.client), {
    token: await fixture.app.token({ roles: undefined, data_room: { clients: ['*'] }, ...claims }),
    ...(method === 'POST' || method === 'PATCH' ? { body: {} } : {}),
  });

describe('rights', () => {
  const routes: [string, string, string[]][] = [
    ['POST', '/{client}/policies', ['PolicyCreate']],
    ['GET', '/{client}/policies/p-1', ['PolicyView']],
    ['PATCH', '/{client}/policies/p-1', ['PolicyView', 'PolicyModify']],
    ['DELETE', '/{client}/policies/p-1', ['PolicyDelete']],
    ['GET', '/clients/{client}/policies', ['ClientView', 'PolicyConfigurationView']],
  ];
  test.each(routes)(
    '4.3 %s %s is 403 without each of its rights, and from another client',
    async (method, path, needed) => {
      await fixture.create(CERTIFICATE_POLICY);
      const permissions = needed.map((name) => `AccessControl.${name}`);
      for (const missing of permissions) {
        const answer = await asked(method, path, { permissions: permissions.filter((one) => one !== missing) });
        expect([missing, codesOf(answer)]).toEqual([missing, ['errors.permissionDenied']]);
      }
      const foreign = await asked(method, path, { permissions, data_room: { clients: ['elsewhere'] } });
      expect([foreign.status, codesOf(foreign)]).toEqual([403, ['errors.dataroomDenied']]);
      expect((await asked(method, path, { permissions })).status).not.toBe(403);
    },
  );

  test.each(routes)('4.4 %s %s is refused for self-admins', async (method, path) => {
    const answer = await asked(method, path, {
      roles: ['nevisIdm.SelfAdmin'],
      sub: 'u-1',
      client_ext_id: fixture.client,
    });
    expect(codesOf(answer)).toEqual(['errors.permissionDenied']);
  });
});
