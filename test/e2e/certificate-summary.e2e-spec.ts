/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, CORE, fieldsOf, refusalOf, send } from '../support/http.js';

const F3 = `${CORE}/100/certificates/summary`;

let fixture: Fixture;

const count = async (query = '', token = fixture.token, path = F3): Promise<Answer> =>
  await send(fixture.app, 'GET', path + query, { token });

beforeAll(async () => {
  fixture = await Fixture.start();
  await fixture.builders.user('100', 'u-2');
  await fixture.builders.client('200');
  await fixture.builders.policy('200', 'default');
  await fixture.builders.user('200', 'u-2');
  for (const extId of ['active', 'locked', 'replaced']) await fixture.register(extId);
  for (const extId of ['lock-ended', 'disabled']) await fixture.register(extId, { policyExtId: 'tolerant' }, 'u-2');
  await fixture.app.dataSource.query(`update credentials set
    state = case when ext_id = 'disabled' then 'disabled' else state end,
    lock = case when ext_id in ('locked', 'lock-ended') then 'tmp-locked' end,
    lock_reason = case when ext_id in ('locked', 'lock-ended') then 'failed-logins' end,
    locked_until = case ext_id when 'locked' then timestamptz '2099-01-01' when 'lock-ended' then '2020-01-01' end,
    disabled_on = case ext_id when 'replaced' then timestamptz '2020-01-01' end,
    replaced_by = case ext_id when 'replaced' then 'active' end,
    last_success = case ext_id when 'active' then timestamptz '2026-02-01' when 'locked' then '2026-01-01' end`);
});

afterAll(async () => await fixture.app.close());

describe('F3', () => {
  test('16.4 counts certificates and users, by their current state and by policy', async () => {
    const answer = await count();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      certificates: 5,
      users: 2,
      neverUsed: 3,
      lastUsed: '2026-02-01T00:00:00Z',
      byState: [
        { stateName: 'active', certificates: 2 },
        { stateName: 'disabled', certificates: 2 },
        { stateName: 'tmp-locked', certificates: 1 },
      ],
      byPolicy: [
        { policyExtId: 'default', certificates: 3 },
        { policyExtId: 'tolerant', certificates: 2 },
      ],
    });
  });

  test('16.4 with filters of F1, one of which may be a part', async () => {
    expect((await count('?userExtId=u-2&stateName=disabled')).body).toEqual({
      certificates: 1,
      users: 1,
      neverUsed: 1,
      byState: [{ stateName: 'disabled', certificates: 1 }],
      byPolicy: [{ policyExtId: 'tolerant', certificates: 1 }],
    });
    expect((await count('?q=lock&policyExtId=tolerant')).body).toMatchObject({ certificates: 1, users: 1 });
  });

  test('16.4 nothing that matches is a count of zero', async () => {
    expect((await count('?keyType=RSA:1024')).body).toEqual({
      certificates: 0,
      users: 0,
      neverUsed: 0,
      byState: [],
      byPolicy: [],
    });
  });

  test('16.4 policies beyond the first hundred are left out, states are not', async () => {
    const policies = Array.from({ length: 102 }, (_, index) => `p-${index}`);
    for (const policy of policies) await fixture.builders.policy('200', policy);
    await fixture.app.dataSource.query(
      `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type, state, state_set_by,
          reason, valid_from, valid_to, der, sha256, sha1, successes, failures, failures_since_lock, version, created,
          last_modified)
        select '200', 'of-' || p, gen_random_uuid(), 'u-2', p, type, state, state_set_by, reason, valid_from, valid_to,
          der, sha256(p::bytea), substring(sha256(p::bytea), 1, 20), 0, 0, 0, 1, created, last_modified
        from credentials, unnest($1::text[]) p where client_ext_id = '100' and ext_id = 'active'`,
      [policies],
    );
    const token = await fixture.app.token({ data_room: { clients: ['200'] } });
    const { body } = await count('', token, `${CORE}/200/certificates/summary`);
    expect(body).toMatchObject({ certificates: 102, byState: [{ stateName: 'active', certificates: 102 }] });
    expect(body.byPolicy).toHaveLength(100);
    // Another client's certificates are counted nowhere.
    expect((await count()).body.certificates).toBe(5);
  });

  test('16.4 invalid values are 422 all at once, and a page is none of its parameters', async () => {
    const answer = await count('?serial=x&limit=1&q=a');
    expect(answer.status).toBe(422);
    const wrong = await count('?serial=x&q=a');
    expect([wrong.status, fieldsOf(wrong)]).toEqual([422, ['serial', 'q']]);
  });

  test('16.4 not without CredentialView, not of another client, nor of one that does not exist', async () => {
    const blind = await fixture.app.token({ roles: [], permissions: ['AccessControl.UserView'] });
    expect(refusalOf(await count('', blind))).toEqual([403, ['errors.permissionDenied']]);
    const foreign = await fixture.app.token({ client_ext_id: '200', data_room: { clients: ['200'] } });
    expect((await count('', foreign)).status).toBe(403);
    const everywhere = await fixture.app.token({ data_room: { clients: ['*'] } });
    expect((await count('', everywhere, `${CORE}/404/certificates/summary`)).status).toBe(404);
  });
});
