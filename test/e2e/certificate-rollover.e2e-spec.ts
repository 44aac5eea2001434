/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { formatInstant } from '../../src/common/instant.js';
import type { Answer, Sending } from '../support/http.js';
import { type CertificateRequest, type IssuedCertificate, issueCertificate, testAuthority } from '../support/pki.js';
import { statementsOf } from '../support/statements.js';
import { TrustFixture } from '../support/trust-fixture.js';

const CERTIFICATES = '/users/u-1/certificates';
const DAY_MS = 86_400_000;

let fixture: TrustFixture;
let first: IssuedCertificate;
let second: IssuedCertificate;

const leaf = async (notBefore: string, request: Partial<CertificateRequest> = {}): Promise<IssuedCertificate> =>
  await issueCertificate({
    subject: [{ CN: ['Jane'] }],
    issuer: fixture.issuing,
    notBefore,
    extensions: { subjectKeyIdentifier: true },
    ...request,
  });

const request = async (method: string, path: string, sending: Sending = {}): Promise<Answer> =>
  await fixture.policies.request(method, `/${fixture.policies.client}${path}`, sending);

const logIn = async ({ pem }: { readonly pem: string }, members: object = {}): Promise<Answer['body']> => {
  const { status, body } = await request('POST', '/certificate-logins', { body: { certificate: pem, ...members } });
  expect(status).toBe(200);
  return body;
};

const register = async ({ pem }: IssuedCertificate, extId: string, userExtId = 'u-1', policyExtId = 'p-1') => {
  const body = { certificate: pem, extId, policyExtId };
  expect((await request('POST', `/users/${userExtId}/certificates`, { body })).status).toBe(201);
};

const credential = async (extId: string) => (await request('GET', `${CERTIFICATES}/${extId}`)).body;

const history = async (extId: string) =>
  (await request('GET', `${CERTIFICATES}/${extId}/history`)).body.items as {
    version: number;
    reason?: string;
    changes: Record<string, { from?: unknown; to?: unknown }>;
  }[];

const ended = async (extId = 'cert') => {
  const { stateName, stateChangeReason, replacedBy, version } = await credential(extId);
  return [stateName, stateChangeReason, replacedBy, version];
};

const setParameters = async (parameters: object): Promise<void> => {
  const { body } = await request('GET', '/policies/p-1');
  const changed = { version: body.version as number, parameters: { trustAnchors: 'set-1', ...parameters } };
  expect((await fixture.policies.patch('p-1', changed)).status).toBe(200);
};

/** What gateways have to ask again. */
const denied = async (): Promise<readonly unknown[]> => {
  const select = `select kind || ' ' || value as denial from certificate_denials where client_ext_id = $1 order by at`;
  const rows = await fixture.app.dataSource.query<{ denial: string }[]>(select, [fixture.policies.client]);
  return rows.map(({ denial }) => denial);
};

const remediesOf = (body: Answer['body']) => (body.explanation as { remedies: string[] }).remedies.join(' ');

beforeAll(async () => {
  fixture = await TrustFixture.start();
  first = await leaf('2026-01-01T00:00:00Z');
  second = await leaf('2026-02-01T00:00:00Z');
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  fixture.app.clock.advance(60_000);
  const { policies } = fixture;
  await policies.nextClient();
  await policies.builders.policy(policies.client, 'default');
  await policies.builders.user(policies.client, 'u-1');
  await policies.builders.user(policies.client, 'u-2');
  await fixture.create({ intermediates: fixture.issuing.pem });
  await fixture.createPolicy();
  await register(first, 'cert');
});

describe('15.5 a renewal at a login', () => {
  test('15.5 a later certificate of the same issuer and subject replaces the stored one, in one write', async () => {
    await logIn(first);
    let body: Answer['body'] = {};
    const statements = await statementsOf(fixture.app.dataSource, async () => {
      body = await logIn(second);
    });
    expect(statements.filter((text) => /\b(?:insert|update|delete)\b/i.test(text))).toHaveLength(1);
    expect(body).toMatchObject({ outcome: 'ok', userExtId: 'u-1', extId: 'cert', stateName: 'active' });
    expect(body.validity).toEqual({ from: '2026-02-01T00:00:00Z', to: body.usableUntil });
    const now = await credential('cert');
    expect(now).toMatchObject({
      version: 2,
      stateChangeReason: 'renewal',
      successfulLoginCount: 1,
      lastSuccessfulLoginDate: formatInstant(fixture.app.clock.now()),
    });
    expect(now.certificate).toBe(second.pem);
  });

  test('15.5 the history keeps the old certificate, and says from which to which', async () => {
    const { fingerprint: from } = await credential('cert');
    await logIn(second);
    const { fingerprint: to } = await credential('cert');
    expect(await denied()).toContain(`certificate ${String(from)}`);
    const [renewal] = (await history('cert')).filter(({ version }) => version === 2);
    expect(renewal?.changes).toMatchObject({ certificate: { from, to }, stateChangeReason: { to: 'renewal' } });
  });

  test('15.5 the old certificate no longer logs in, and does not come back', async () => {
    await logIn(second);
    const again = await logIn(first);
    expect(again.outcome).toBe('failed');
    expect(remediesOf(again)).toContain('begins later');
    expect((await logIn(second)).outcome).toBe('ok');
    expect((await credential('cert')).version).toBe(2);
  });

  test.each([
    ['the same serial number', async () => ({ serial: first.certificate.serialNumber, subject: [{ CN: ['Eve'] }] })],
    ['the same key', async () => ({ keys: first.keys, subject: [{ CN: ['Eve'] }] })],
    [
      'the same subject of an issuer outside the set',
      async () => ({ issuer: await testAuthority({ name: 'Issuing', keyType: 'EC-P384' }) }),
    ],
    [
      'the same subject of another issuer',
      async () => ({ issuer: await testAuthority({ name: 'Other', issuer: fixture.root }) }),
    ],
    ['no subject', async () => ({ subject: [] })],
  ] as const)('15.5 %s renews nothing', async (_, members) => {
    const other = await leaf('2026-02-01T00:00:00Z', (await members()) as Partial<CertificateRequest>);
    expect((await logIn(other, { chain: first.pem })).outcome).toBe('failed');
    const { version, failedLoginCount } = await credential('cert');
    expect([version, failedLoginCount]).toEqual([1, 0]);
  });

  test.each([
    ['autoUpdate is false', { autoUpdate: 'false' }, 'autoUpdate'],
    ['its issuer is not listed', { issuerDNUpdateList: 'CN=Other' }, 'issuerDNUpdateList'],
  ])('15.5 nothing is renewed if %s', async (_, parameters, remedy) => {
    await setParameters(parameters);
    const body = await logIn(second);
    expect(body.outcome).toBe('failed');
    expect(remediesOf(body)).toContain(remedy);
  });

  test('15.5 a listed issuer renews, whatever the case of its name', async () => {
    const issuer = (await credential('cert')).issuerDN as string;
    await setParameters({ issuerDNUpdateList: `CN=Other|${issuer.replace('Issuing', 'ISSUING')}` });
    expect((await logIn(second)).outcome).toBe('ok');
  });

  test('15.5 a policy without trustAnchors renews nothing', async () => {
    const { body } = await request('GET', '/policies/p-1');
    await fixture.policies.patch('p-1', { version: body.version as number, parameters: {} });
    const answer = await logIn(second);
    expect([answer.outcome, remediesOf(answer)]).toEqual(['failed', expect.stringContaining('trustAnchors')]);
  });

  test('15.5 two active credentials with its names, also of two users, are renewed by none', async () => {
    await register(second, 'other', 'u-2');
    const third = await leaf('2026-03-01T00:00:00Z');
    const body = await logIn(third);
    expect([body.outcome, remediesOf(body)]).toEqual(['failed', expect.stringContaining('Several')]);
  });

  test('15.5 neither a locked nor a disabled credential, nor that of a suspended user, is renewed', async () => {
    for (const stateName of ['fail-locked', 'disabled']) {
      await request('PATCH', `${CERTIFICATES}/cert`, { body: { stateName } });
      expect((await logIn(second)).outcome).toBe('failed');
    }
    await request('PATCH', `${CERTIFICATES}/cert`, { body: { stateName: 'active' } });
    await request('PATCH', '/users/u-1', { body: { userState: 'disabled' } });
    expect((await logIn(second)).outcome).toBe('failed');
    expect((await credential('cert')).certificate).toBe(first.pem);
  });

  test('15.5 twenty logins at once renew once, and each is counted', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await logIn(second)));
    expect(new Set(answers.map(({ outcome }) => outcome as string))).toEqual(new Set(['ok']));
    const { version, successfulLoginCount } = await credential('cert');
    expect([version, successfulLoginCount]).toEqual([2, 20]);
  });

  test('15.5 two different renewals at once: the later one stays', async () => {
    const third = await leaf('2026-03-01T00:00:00Z');
    await Promise.all([logIn(second), logIn(third)]);
    await logIn(third);
    expect((await credential('cert')).certificate).toBe(third.pem);
    expect((await logIn(second)).outcome).toBe('failed');
  });

  test('15.5 a renewal while an administrator patches loses neither change', async () => {
    const patches = Array.from({ length: 10 }, async (_, index) => {
      const body = { modificationComment: `comment ${index}` };
      return (await request('PATCH', `${CERTIFICATES}/cert`, { body })).status;
    });
    const [{ outcome }, ...statuses] = await Promise.all([logIn(second), ...patches]);
    expect([outcome, new Set(statuses)]).toEqual(['ok', new Set([200])]);
    const { version, certificate } = await credential('cert');
    expect([version, certificate]).toEqual([12, second.pem]);
  });
});

describe('15.6 rollover', () => {
  beforeEach(async () => {
    await setParameters({ rolloverGraceDays: '30' });
    await register(second, 'newer');
  });

  test('15.6 the first login of a newer credential says beforehand when the older one ends, in one write', async () => {
    await logIn(first);
    const now = fixture.app.clock.now();
    const statements = await statementsOf(fixture.app.dataSource, async () => await logIn(second));
    expect(statements.filter((text) => /\b(?:insert|update|delete)\b/i.test(text))).toHaveLength(1);
    expect(await ended()).toEqual(['active', 'initialized', 'newer', 2]);
    const disabledOn = formatInstant(new Date(now.getTime() + 30 * DAY_MS));
    expect((await credential('cert')).disabledOn).toBe(disabledOn);
    expect((await logIn(first)).usableUntil).toBe(disabledOn);
    expect(await denied()).toContain(`certificate ${String((await credential('cert')).fingerprint)}`);
    const [event] = (await history('cert')).filter(({ version }) => version === 2);
    expect(event).toMatchObject({
      reason: 'renewal',
      changes: { replacedBy: { to: 'newer' }, disabledOn: { to: disabledOn } },
    });
  });

  test('15.6 after that time the older one is disabled, without a write, and found as such', async () => {
    await logIn(second);
    fixture.app.clock.advance(30 * DAY_MS);
    expect(await ended()).toEqual(['disabled', 'renewal', 'newer', 2]);
    const body = await logIn(first);
    expect([body.outcome, remediesOf(body)]).toEqual(['disabled', expect.stringContaining('credential newer')]);
    for (const query of ['?stateName=disabled', '?reason=renewal']) {
      const { items } = (await request('GET', `/certificates${query}`)).body as { items: { extId: string }[] };
      expect(items.map(({ extId }) => extId)).toEqual(['cert']);
    }
    expect((await logIn(second)).outcome).toBe('ok');
    fixture.app.clock.advance(-30 * DAY_MS);
  });

  test('15.6 an administrator who activates it again ends the rollover, and later logins do not begin another one', async () => {
    await logIn(second);
    fixture.app.clock.advance(31 * DAY_MS);
    expect((await request('PATCH', `${CERTIFICATES}/cert`, { body: { stateName: 'active' } })).status).toBe(200);
    await logIn(second);
    expect((await logIn(first)).outcome).toBe('ok');
    expect((await ended()).slice(0, 3)).toEqual(['active', 'changed-by-admin', undefined]);
    fixture.app.clock.advance(-31 * DAY_MS);
  });

  test('15.6 an older credential that logs in ends no newer one', async () => {
    await logIn(first);
    expect((await credential('newer')).replacedBy).toBeUndefined();
  });

  test('15.6 neither another user, nor another policy, nor another subject is ended', async () => {
    await register(await leaf('2026-01-02T00:00:00Z'), 'other', 'u-2');
    await register(await leaf('2026-01-02T00:00:00Z'), 'default', 'u-1', 'default');
    await register(await leaf('2026-01-02T00:00:00Z', { subject: [{ CN: ['Jane 2'] }] }), 'second-name');
    await logIn(second);
    const others = [await credential('default'), await credential('second-name')];
    others.push((await request('GET', '/users/u-2/certificates/other')).body);
    expect(others.map(({ replacedBy }) => replacedBy as unknown)).toEqual([undefined, undefined, undefined]);
    expect((await credential('cert')).replacedBy).toBe('newer');
  });

  test('15.6 first logins at once end the older one once', async () => {
    await Promise.all(Array.from({ length: 20 }, async () => await logIn(second)));
    expect((await ended())[3]).toBe(2);
    expect((await credential('newer')).successfulLoginCount).toBe(20);
  });

  test('15.6 first logins of two newer credentials at once end each older one, and deadlock never', async () => {
    const third = await leaf('2026-03-01T00:00:00Z');
    await register(third, 'newest');
    await Promise.all([logIn(second), logIn(third), logIn(first), logIn(second), logIn(third)]);
    const [cert, newer, newest] = [await credential('cert'), await credential('newer'), await credential('newest')];
    expect(['newer', 'newest']).toContain(cert.replacedBy);
    expect([newer.replacedBy, newest.replacedBy]).toEqual(['newest', undefined]);
  });
});

/** A year with certificates of 90 days, each issued 15 days before the former ends; somebody logs in every five days. */
describe('15.5, 15.6 a year of renewals', () => {
  const STEP = 5;
  const start = Date.UTC(2026, 5, 1);
  const at = (day: number) => formatInstant(new Date(start + day * DAY_MS));
  const certificateOf = async (number: number) =>
    await leaf(at(number * 75), { notAfter: at(number * 75 + 90), subject: [{ CN: ['Device'] }] });

  const year = async (renew: (certificate: IssuedCertificate, number: number) => Promise<void>) => {
    const { clock } = fixture.app;
    const before = clock.now();
    clock.advance(start - before.getTime() + 1000);
    const issued: IssuedCertificate[] = [];
    const seen: boolean[][] = [];
    for (let day = 0; day < 365; day += STEP) {
      if (day % 75 === 0) {
        issued.push(await certificateOf(day / 75));
        await renew(issued.at(-1) as IssuedCertificate, day / 75);
      }
      const answers = [];
      // The device still has the former certificate for ten days after it was renewed.
      for (const each of issued.slice(-2)) answers.push(await logIn(each));
      expect(
        new Set(answers.flatMap(({ userExtId }) => (userExtId === undefined ? [] : [userExtId as string]))),
      ).toEqual(new Set(['u-1']));
      seen.push(answers.map(({ outcome }) => outcome === 'ok'));
      clock.advance(STEP * DAY_MS);
    }
    clock.advance(before.getTime() - clock.now().getTime());
    return seen;
  };

  test('15.6 with rollover there is no gap, and the former certificate works for the days of grace', async () => {
    await setParameters({ rolloverGraceDays: '10' });
    const seen = await year(async (certificate, number) => await register(certificate, `device-${number}`));
    expect(seen.every((outcomes) => outcomes.at(-1))).toBe(true);
    const former = seen.filter((outcomes) => outcomes.length === 2).map(([works]) => works);
    // Of 15 steps under one certificate, the former one works at the first two.
    const expected = former.map((_, index) => index % 15 < 2);
    expect(former).toEqual(expected);
  }, 300_000);

  test('15.5 without rollover a renewal needs nobody, and the former certificate never comes back', async () => {
    const seen = await year(async (certificate, number) => {
      if (number === 0) await register(certificate, 'device');
    });
    expect(seen.every((outcomes) => outcomes.at(-1))).toBe(true);
    const former = seen.filter((outcomes) => outcomes.length === 2).map(([works]) => works);
    // It logs in once more, just before the new one does.
    expect(former).toEqual(former.map((_, index) => index % 15 === 0));
    const { version } = await credential('device');
    expect(version).toBe(5);
    expect(await history('device')).toHaveLength(5);
  }, 300_000);
});
