/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { formatInstant } from '../../src/common/instant.js';
import { DAY_MS, remediesOf, RenewalFixture } from '../support/renewal-fixture.js';
import { statementsOf } from '../support/statements.js';

let fixture: RenewalFixture;

beforeAll(async () => {
  fixture = await RenewalFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

const ended = async (extId = 'cert') => {
  const { stateName, stateChangeReason, replacedBy, version } = await fixture.credential(extId);
  return [stateName, stateChangeReason, replacedBy, version];
};

describe('15.6 rollover', () => {
  beforeEach(async () => {
    await fixture.setParameters({ rolloverGraceDays: '30' });
    await fixture.register(fixture.second, 'newer');
  });

  test('15.6 the first login of a newer credential says beforehand when the older one ends, in one write', async () => {
    await fixture.logIn(fixture.first);
    const now = fixture.app.clock.now();
    const statements = await statementsOf(fixture.app.dataSource, async () => await fixture.logIn(fixture.second));
    expect(statements.filter((text) => /\b(?:insert|update|delete)\b/i.test(text))).toHaveLength(1);
    expect(await ended()).toEqual(['active', 'initialized', 'newer', 2]);
    const disabledOn = formatInstant(new Date(now.getTime() + 30 * DAY_MS));
    expect((await fixture.credential('cert')).disabledOn).toBe(disabledOn);
    expect((await fixture.logIn(fixture.first)).usableUntil).toBe(disabledOn);
    expect(await fixture.denied()).toContain(`certificate ${String((await fixture.credential('cert')).fingerprint)}`);
    const [event] = (await fixture.history('cert')).filter(({ version }) => version === 2);
    expect(event).toMatchObject({
      reason: 'renewal',
      changes: { replacedBy: { to: 'newer' }, disabledOn: { to: disabledOn } },
    });
  });

  test('15.6 after that time the older one is disabled, without a write, and found as such', async () => {
    await fixture.logIn(fixture.second);
    fixture.app.clock.advance(30 * DAY_MS);
    expect(await ended()).toEqual(['disabled', 'renewal', 'newer', 2]);
    const body = await fixture.logIn(fixture.first);
    expect([body.outcome, remediesOf(body)]).toEqual(['disabled', expect.stringContaining('credential newer')]);
    for (const query of ['?stateName=disabled', '?reason=renewal']) {
      const { items } = (await fixture.request('GET', `/certificates${query}`)).body as { items: { extId: string }[] };
      expect(items.map(({ extId }) => extId)).toEqual(['cert']);
    }
    expect((await fixture.logIn(fixture.second)).outcome).toBe('ok');
    fixture.app.clock.advance(-30 * DAY_MS);
  });

  test('15.6 an administrator who activates it again ends the rollover, and later logins do not begin another one', async () => {
    await fixture.logIn(fixture.second);
    fixture.app.clock.advance(31 * DAY_MS);
    expect(
      (await fixture.request('PATCH', `/users/u-1/certificates/cert`, { body: { stateName: 'active' } })).status,
    ).toBe(200);
    await fixture.logIn(fixture.second);
    expect((await fixture.logIn(fixture.first)).outcome).toBe('ok');
    expect((await ended()).slice(0, 3)).toEqual(['active', 'changed-by-admin', undefined]);
    fixture.app.clock.advance(-31 * DAY_MS);
  });

  test('15.6 an older credential that logs in ends no newer one', async () => {
    await fixture.logIn(fixture.first);
    expect((await fixture.credential('newer')).replacedBy).toBeUndefined();
  });

  test('15.6 neither another user, nor another policy, nor another subject is ended', async () => {
    await fixture.register(await fixture.leaf('2026-01-02T00:00:00Z'), 'other', 'u-2');
    await fixture.register(await fixture.leaf('2026-01-02T00:00:00Z'), 'default', 'u-1', 'default');
    await fixture.register(
      await fixture.leaf('2026-01-02T00:00:00Z', { subject: [{ CN: ['Jane 2'] }] }),
      'second-name',
    );
    await fixture.logIn(fixture.second);
    const others = [await fixture.credential('default'), await fixture.credential('second-name')];
    others.push((await fixture.request('GET', '/users/u-2/certificates/other')).body);
    expect(others.map(({ replacedBy }) => replacedBy as unknown)).toEqual([undefined, undefined, undefined]);
    expect((await fixture.credential('cert')).replacedBy).toBe('newer');
  });

  test('15.6 first logins at once end the older one once', async () => {
    await Promise.all(Array.from({ length: 20 }, async () => await fixture.logIn(fixture.second)));
    expect((await ended())[3]).toBe(2);
    expect((await fixture.credential('newer')).successfulLoginCount).toBe(20);
  });

  test('15.6 first logins of two newer credentials at once end each older one, and deadlock never', async () => {
    const third = await fixture.leaf('2026-03-01T00:00:00Z');
    await fixture.register(third, 'newest');
    await Promise.all([
      fixture.logIn(fixture.second),
      fixture.logIn(third),
      fixture.logIn(fixture.first),
      fixture.logIn(fixture.second),
      fixture.logIn(third),
    ]);
    const [cert, newer, newest] = [
      await fixture.credential('cert'),
      await fixture.credential('newer'),
      await fixture.credential('newest'),
    ];
    expect(['newer', 'newest']).toContain(cert.replacedBy);
    expect([newer.replacedBy, newest.replacedBy]).toEqual(['newest', undefined]);
  });
});
