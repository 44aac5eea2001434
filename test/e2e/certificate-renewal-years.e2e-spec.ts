/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { formatInstant } from '../../src/common/instant.js';
import type { Answer } from '../support/http.js';
import type { IssuedCertificate } from '../support/pki.js';
import { DAY_MS, RenewalFixture } from '../support/renewal-fixture.js';

let fixture: RenewalFixture;

beforeAll(async () => {
  fixture = await RenewalFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

const STEP = 5;
const VALID = 90;
/** A certificate is issued 15 days before the former one of the device ends. */
const RENEWED = 75;
const TIMEOUT = { timeout: 900_000 };

const start = Date.UTC(2026, 5, 1);
const at = (day: number): string => formatInstant(new Date(start + day * DAY_MS));

/** Of one subject, whatever the device. */
const issue = async (day: number): Promise<IssuedCertificate> =>
  await fixture.leaf(at(day), { notAfter: at(day + VALID), subject: [{ CN: ['Device'] }] });

/** Something every five days, just after midnight. */
async function forAYear(step: (day: number) => Promise<void>): Promise<void> {
  const { clock } = fixture.app;
  const before = clock.now();
  clock.advance(start - before.getTime() + 1000);
  for (let day = 0; day < 365; day += STEP) {
    await step(day);
    clock.advance(STEP * DAY_MS);
  }
  clock.advance(before.getTime() - clock.now().getTime());
}

let succeeded = 0;

const logIn = async (certificate: IssuedCertificate): Promise<Answer['body']> => {
  const body = await fixture.logIn(certificate);
  if (body.outcome === 'ok') succeeded += 1;
  return body;
};

const loginEvents = async (): Promise<number> => {
  const select = `select count(*)::integer as count from audit_events where client_ext_id = $1 and action = 'loggedIn'`;
  const [row] = await fixture.app.dataSource.query<{ count: number }[]>(select, [fixture.trust.policies.client]);
  return row?.count ?? 0;
};

/** Whether the former and the current certificate log in, at each step. */
const yearOfOne = async (renew: (certificate: IssuedCertificate, number: number) => Promise<void>) => {
  const issued: IssuedCertificate[] = [];
  const seen: boolean[][] = [];
  await forAYear(async (day) => {
    if (day % RENEWED === 0) {
      const certificate = await issue(day);
      issued.push(certificate);
      await renew(certificate, day / RENEWED);
    }
    const answers = [];
    // The device still has the former certificate for ten days after it was renewed.
    for (const each of issued.slice(-2)) answers.push(await logIn(each));
    const users = answers.flatMap(({ userExtId }) => (userExtId === undefined ? [] : [userExtId as string]));
    expect(new Set(users)).toEqual(new Set(['u-1']));
    seen.push(answers.map(({ outcome }) => outcome === 'ok'));
  });
  return seen;
};

describe('15.5, 15.6 a year of one device', () => {
  test(
    '15.6 with rollover there is no gap, and the former certificate works for the days of grace',
    TIMEOUT,
    async () => {
      await fixture.setParameters({ rolloverGraceDays: '10' });
      const seen = await yearOfOne(
        async (certificate, number) => await fixture.register(certificate, `device-${number}`),
      );
      expect(seen.every((outcomes) => outcomes.at(-1))).toBe(true);
      const former = seen.filter((outcomes) => outcomes.length === 2).map(([works]) => works);
      // Of 15 steps under one certificate, the former one works at the first two.
      const expected = former.map((_, index) => index % 15 < 2);
      expect(former).toEqual(expected);
    },
  );

  test(
    '15.5 without rollover a renewal needs nobody, and the former certificate never comes back',
    TIMEOUT,
    async () => {
      const seen = await yearOfOne(async (certificate, number) => {
        if (number === 0) await fixture.register(certificate, 'device');
      });
      expect(seen.every((outcomes) => outcomes.at(-1))).toBe(true);
      const former = seen.filter((outcomes) => outcomes.length === 2).map(([works]) => works);
      // It logs in once more, just before the new one does.
      expect(former).toEqual(former.map((_, index) => index % 15 === 0));
      const { version } = await fixture.credential('device');
      expect(version).toBe(5);
      expect(await fixture.history('device')).toHaveLength(5);
    },
  );
});

interface Device {
  readonly name: 'a' | 'b';
  /** The day of its first certificate. */
  readonly from: number;
  readonly certificates: IssuedCertificate[];
}

interface DeviceLogin {
  readonly day: number;
  readonly name: string;
  /** Of its certificates, the number of the one that it uses. */
  readonly number: number;
  readonly outcome: string;
  readonly extId: string | undefined;
}

/** Both are used all year, and renewed at different times. `renew` is called before the first login with a certificate. A device then no longer uses its former one. */
const yearOfTwo = async (renew: (device: Device, certificate: IssuedCertificate, day: number) => Promise<void>) => {
  const devices: readonly Device[] = [
    { name: 'a', from: 0, certificates: [] },
    { name: 'b', from: 40, certificates: [] },
  ];
  const logins: DeviceLogin[] = [];
  succeeded = 0;
  await forAYear(async (day) => {
    for (const device of devices) {
      const { name, from, certificates } = device;
      if (day < from) continue;
      if ((day - from) % RENEWED === 0) {
        const certificate = await issue(day);
        certificates.push(certificate);
        await renew(device, certificate, day);
      }
      const number = certificates.length - 1;
      const body = await logIn(certificates[number] as IssuedCertificate);
      if (body.outcome === 'ok') expect(body.userExtId).toBe('u-1');
      logins.push({ day, name, number, outcome: body.outcome as string, extId: body.extId as string | undefined });
    }
  });
  expect(await loginEvents()).toBe(succeeded);
  return { devices, logins };
};

/** At each step one of the devices logs in, and a certificate that was refused once never logs in again. */
const expectNoWayBack = (logins: readonly DeviceLogin[]): void => {
  const days = new Set(logins.map(({ day }) => day));
  expect(new Set(logins.flatMap(({ day, outcome }) => (outcome === 'ok' ? [day] : [])))).toEqual(days);
  const refused = new Set<string>();
  for (const { name, number, outcome } of logins) {
    if (outcome !== 'ok') refused.add(`${name} ${number}`);
    else expect(refused).not.toContain(`${name} ${number}`);
  }
};

describe('15.5, 15.6 a year of two devices with one subject', () => {
  test(
    '15.6 each in a credential of its own, renewed in place: both log in all year, and neither ends the other',
    TIMEOUT,
    async () => {
      await fixture.setParameters({ rolloverGraceDays: '10' });
      const { devices, logins } = await yearOfTwo(async ({ name, from }, certificate, day) => {
        if (day !== from) return await fixture.patch(name, { certificate: certificate.pem });
        await fixture.register(certificate, name);
        if (name === 'a') return;
        // The second device ends the first one, unless an administrator keeps it.
        await logIn(certificate);
        expect((await fixture.credential('a')).replacedBy).toBe('b');
        for (const stateName of ['disabled', 'active']) await fixture.patch('a', { stateName });
      });
      expect(new Set(logins.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
      for (const { name, extId } of logins) expect(extId).toBe(name);
      for (const { name, certificates } of devices) {
        const { replacedBy, disabledOn } = await fixture.credential(name);
        expect([replacedBy, disabledOn]).toEqual([undefined, undefined]);
        const replaced = (await fixture.history(name)).filter(
          ({ changes, version }) => version > 1 && 'certificate' in changes,
        );
        expect(replaced).toHaveLength(certificates.length - 1);
        for (const former of certificates.slice(0, -1)) expect((await logIn(former)).outcome).toBe('failed');
      }
    },
  );

  test(
    '15.6 each certificate in a new credential: the newest logs in all year, and no end is taken back',
    TIMEOUT,
    async () => {
      await fixture.setParameters({ rolloverGraceDays: '10' });
      const { logins } = await yearOfTwo(
        async ({ name }, certificate, day) => await fixture.register(certificate, `${name}-${day}`),
      );
      expectNoWayBack(logins);
      // From ten days after the other device was renewed until its own renewal, a device is out: the subject is one device's.
      const refused = logins
        .filter(({ outcome }) => outcome !== 'ok')
        .map(({ day, name, outcome }) => `${day} ${name} ${outcome}`);
      const expected = logins.filter(({ day, name, number }) => {
        const own = (name === 'a' ? 0 : 40) + number * RENEWED;
        const other = name === 'a' ? own + 40 : own + 35;
        return day >= other + 10;
      });
      expect(refused).toEqual(expected.map(({ day, name }) => `${day} ${name} disabled`));
    },
  );

  test(
    '15.5 both in one credential: the newest certificate keeps it, and no former one comes back',
    TIMEOUT,
    async () => {
      const { devices, logins } = await yearOfTwo(async ({ name }, certificate, day) => {
        if (name === 'a' && day === 0) await fixture.register(certificate, 'device');
      });
      expectNoWayBack(logins);
      expect(new Set(logins.map(({ extId }) => extId))).toEqual(new Set(['device', undefined]));
      const [a, b] = devices.map(({ certificates }) => certificates.length);
      expect((await fixture.credential('device')).version).toBe((a ?? 0) + (b ?? 0));
      expect(await fixture.history('device')).toHaveLength((a ?? 0) + (b ?? 0));
    },
  );

  test('15.5 each in a credential of its own: no device takes over that of the other', TIMEOUT, async () => {
    const { devices } = await yearOfTwo(async ({ name, from }, certificate, day) => {
      if (day === from) return await fixture.register(certificate, name);
      expect((await logIn(certificate)).outcome).toBe('failed');
      await fixture.patch(name, { certificate: certificate.pem });
    });
    for (const { name, certificates } of devices) {
      expect((await fixture.credential(name)).certificate).toBe(certificates.at(-1)?.pem);
    }
  });
});
