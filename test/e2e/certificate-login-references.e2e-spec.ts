/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { LoginRefusalUpkeep, MAX_REFUSALS } from '../../src/certificates/logins/login-refusal-upkeep.js';
import type { Answer, Sending } from '../support/http.js';
import { RenewalFixture } from '../support/renewal-fixture.js';

const REFERENCE = /^[0-9A-HJKMNP-TV-Z]{8}$/;

let fixture: RenewalFixture;

beforeAll(async () => {
  fixture = await RenewalFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

const logIn = async ({ pem }: { readonly pem: string }, sending: Sending = {}): Promise<Answer> =>
  await fixture.request('POST', '/certificate-logins', { body: { certificate: pem }, ...sending });

const gateway = async () => ({
  token: await fixture.app.token({
    roles: ['nevisIdm.Gateway'],
    sub: 'gateway',
    client_ext_id: fixture.trust.policies.client,
    exp: Date.UTC(2100, 0) / 1000,
  }),
});

/** As if each waited in vain for a lock. */
const REFUSE_STORING = `create function refuse() returns trigger language plpgsql as
    $$ begin raise exception using errcode = 'lock_not_available'; end $$;
  create trigger refuse before insert on login_refusals execute function refuse()`;

const lookUp = async (text: string) => {
  const { body } = await fixture.request('POST', '/certificates/lookup', { body: { text } });
  return (body.readings as { kind: string; more: boolean; refusedLogin?: { explanation: { verdict: string } } }[]).find(
    ({ kind }) => kind === 'loginReference',
  );
};

describe('15.4 references', () => {
  test('15.4 every refusal has a reference to its explanation, which only CredentialView shows', async () => {
    await fixture.patch('cert', { stateName: 'disabled' });
    const { body } = await logIn(fixture.first, await gateway());
    expect(body).toEqual({ outcome: 'disabled', reference: expect.stringMatching(REFERENCE) });
    await fixture.patch('cert', { stateName: 'active' });
    const found = await lookUp(body.reference.toLowerCase());
    expect(found).toMatchObject({
      refusedLogin: {
        explanation: { verdict: 'disabled', userExtId: 'u-1', owner: { extId: 'cert', stateName: 'disabled' } },
      },
    });
    expect(
      (await fixture.request('POST', '/certificates/lookup', { body: { text: body.reference }, ...(await gateway()) }))
        .status,
    ).toBe(403);
    await fixture.trust.policies.nextClient();
    expect(await lookUp(body.reference)).not.toHaveProperty('refusedLogin');
  });

  test('15.4 one a minute is stored for a credential and a cause, and the explanation is answered all the same', async () => {
    await fixture.patch('cert', { stateName: 'disabled' });
    expect((await logIn(fixture.first)).body.reference).toMatch(REFERENCE);
    const second = (await logIn(fixture.first)).body;
    expect(second).not.toHaveProperty('reference');
    expect(second.explanation.verdict).toBe('disabled');
    await fixture.patch('cert', { stateName: 'fail-locked' });
    expect((await logIn(fixture.first)).body.reference).toMatch(REFERENCE);
    fixture.app.clock.advance(60_000);
    expect((await logIn(fixture.first)).body.reference).toMatch(REFERENCE);
  });

  test('15.4, 15.3 a login that was counted is answered while no reference can be stored, and the next one has one', async () => {
    await fixture.patch('cert', { stateName: 'disabled' });
    const { dataSource } = fixture.app;
    await dataSource.query(REFUSE_STORING);
    onTestFinished(async () => void (await dataSource.query('drop function if exists refuse() cascade')));
    const answer = await logIn(fixture.first);
    expect([answer.status, answer.body.outcome]).toEqual([200, 'disabled']);
    expect(answer.body).not.toHaveProperty('reference');
    const events = `select count(*)::integer as failures from audit_events where client_ext_id = $1 and action = 'loginFailed'`;
    const { client } = fixture.trust.policies;
    expect(await dataSource.query(events, [client])).toEqual([{ failures: 1 }]);
    await dataSource.query('drop function refuse() cascade');
    expect((await logIn(fixture.first)).body.reference).toMatch(REFERENCE);
  });

  test('15.4 of a client, ten a second are stored', async () => {
    const strangers = await Promise.all(
      Array.from({ length: 12 }, async () => await fixture.leaf('2026-01-01T00:00:00Z')),
    );
    const references: unknown[] = [];
    for (const stranger of strangers) references.push((await logIn(stranger)).body.reference);
    expect(references.filter((one) => one !== undefined)).toHaveLength(10);
  });

  test('15.4 references cannot be guessed: a caller may look up 30, and then one every two seconds', async () => {
    for (let time = 0; time < 30; time += 1) expect(await lookUp('0000000Z')).toMatchObject({ more: false });
    expect(await lookUp('0000000Z')).toMatchObject({ more: true });
    fixture.app.clock.advance(2_000);
    expect(await lookUp('0000000Z')).toMatchObject({ more: false });
  });

  test('15.4 they are kept for 90 days, 100,000 of a client, and end with the client', async () => {
    const { client } = fixture.trust.policies;
    const { dataSource, clock } = fixture.app;
    const stored = async () =>
      (
        (await dataSource.query('select count(*)::integer as count from login_refusals where client_ext_id = $1', [
          client,
        ])) as [{ count: number }]
      )[0].count;
    await dataSource.query(
      `insert into login_refusals (client_ext_id, reference, at, explanation)
        select $1, lpad(n::text, 8, '0'), $2::timestamptz + n * interval '1 ms', '{}' from generate_series(1, 103) n`,
      [client, clock.now()],
    );
    expect(MAX_REFUSALS).toBe(100_000);
    const upkeep = fixture.app.get(LoginRefusalUpkeep);
    await upkeep.run();
    expect(await stored()).toBe(103);
    await upkeep.run(undefined, 100);
    expect(await stored()).toBe(100);
    expect(await lookUp('00000003')).not.toHaveProperty('refusedLogin');
    expect(await lookUp('00000004')).toHaveProperty('refusedLogin');
    clock.advance(90 * 86_400_000 + 50);
    await upkeep.run();
    expect(await stored()).toBe(103 - 49);
    expect((await fixture.trust.policies.request('DELETE', `/clients/${client}`)).status).toBe(204);
    expect(await stored()).toBe(0);
  });
});
