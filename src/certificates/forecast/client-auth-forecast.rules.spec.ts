import { describe, expect, it } from 'vitest';

import { cpuMilliseconds } from '../../../test/support/cpu-time.js';
import {
  type ForecastCertificate,
  type ForecastRow,
  ForecastGroups,
  forecastRow,
  type Intermediate,
  issuersBySubject,
} from './client-auth-forecast.rules.js';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY = '2.5.29.37.0';

const NOW = new Date('2026-11-27T12:00:00Z');
const KEY = Buffer.from('a1', 'hex');
const OTHER_KEY = Buffer.from('b2', 'hex');

const CERTIFICATE: ForecastCertificate = {
  extId: 'laptop',
  userExtId: 'jane',
  subjectDN: 'CN=Jane',
  issuerDN: 'CN=Issuing CA',
  serial: '01',
  authorityKeyIdentifier: KEY,
  extendedKeyUsage: [CLIENT_AUTH],
  notAfter: new Date('2027-11-27T12:00:00Z'),
};

const SERVERS_ONLY: Intermediate = {
  subjectDN: 'CN=Issuing CA',
  subjectKeyIdentifier: KEY,
  extendedKeyUsage: [SERVER_AUTH],
};

function reasonsOf(
  certificate: Partial<ForecastCertificate>,
  intermediates: readonly Intermediate[] = [],
): ForecastRow['reasons'] {
  return (
    forecastRow({ ...CERTIFICATE, ...certificate }, { now: NOW, days: 30, issuers: issuersBySubject(intermediates) })
      ?.reasons ?? []
  );
}

describe('the certificates that will no longer do for client authentication', () => {
  it.each([
    ['ok/clientAuth', [CLIENT_AUTH], []],
    ['ok/clientAuth among others', [SERVER_AUTH, CLIENT_AUTH], []],
    ['ok/any purpose', [ANY], []],
    ['ok/no extension, which allows every purpose', null, []],
    ['fail/serverAuth only', [SERVER_AUTH], ['lacksClientAuth']],
    ['fail/no purpose', [], ['lacksClientAuth']],
  ] as const)('%s', (_title, extendedKeyUsage, reasons) => {
    expect(reasonsOf({ extendedKeyUsage })).toEqual(reasons);
  });

  const allowing = { ...SERVERS_ONLY, extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH] };
  it.each<[string, Partial<ForecastCertificate>, readonly Intermediate[], boolean]>([
    ['ok/an unknown issuer', {}, [], false],
    ['ok/an issuer that allows it', {}, [allowing], false],
    ['ok/an issuer without the extension', {}, [{ ...SERVERS_ONLY, extendedKeyUsage: null }], false],
    ['ok/an issuer that allows any purpose', {}, [{ ...SERVERS_ONLY, extendedKeyUsage: [ANY] }], false],
    ['ok/one of two certificates of the issuer allows it', {}, [SERVERS_ONLY, allowing], false],
    ['ok/another name', {}, [{ ...SERVERS_ONLY, subjectDN: 'CN=Another CA' }], false],
    ['ok/another key', {}, [{ ...SERVERS_ONLY, subjectKeyIdentifier: OTHER_KEY }], false],
    ['ok/an issuer that cannot be read', { issuerDN: null }, [SERVERS_ONLY], false],
    ['fail/an issuer for servers only', {}, [SERVERS_ONLY], true],
    ['fail/each of two certificates', {}, [SERVERS_ONLY, { ...SERVERS_ONLY, extendedKeyUsage: [] }], true],
    [
      'fail/beside one with another key that allows it',
      {},
      [SERVERS_ONLY, { ...allowing, subjectKeyIdentifier: OTHER_KEY }],
      true,
    ],
    ['fail/an intermediate without a key identifier', {}, [{ ...SERVERS_ONLY, subjectKeyIdentifier: null }], true],
    ['fail/a certificate without one', { authorityKeyIdentifier: null }, [SERVERS_ONLY], true],
  ])('%s', (_title, certificate, intermediates, forbids) => {
    expect(reasonsOf(certificate, intermediates)).toEqual(forbids ? ['issuerForbidsClientAuth'] : []);
  });

  it.each([
    ['ok/a day after the period', '2026-12-28T12:00:00Z', []],
    ['ok/a second after the period', '2026-12-27T12:00:01Z', []],
    ['fail/the end of the period', '2026-12-27T12:00:00Z', ['ends']],
    ['fail/now', '2026-11-27T12:00:00Z', ['ends']],
    ['ok/it has ended already', '2026-11-27T11:59:59Z', []],
  ])('%s', (_title, notAfter, reasons) => {
    expect(reasonsOf({ notAfter: new Date(notAfter) })).toEqual(reasons);
  });

  it('all reasons are named together, except for a certificate that has ended', () => {
    const certificate = { extendedKeyUsage: [SERVER_AUTH], notAfter: NOW };
    expect(reasonsOf(certificate, [SERVERS_ONLY])).toEqual(['lacksClientAuth', 'issuerForbidsClientAuth', 'ends']);
    expect(reasonsOf({ ...certificate, notAfter: new Date(NOW.getTime() - 1) }, [SERVERS_ONLY])).toEqual([]);
  });
});

function row(certificate: Partial<ForecastCertificate>, ...reasons: ForecastRow['reasons']): ForecastRow {
  return { certificate: { ...CERTIFICATE, ...certificate }, reasons };
}

function groupsOf(rows: readonly ForecastRow[]) {
  const groups = new ForecastGroups();
  // In batches, as they are read.
  for (const each of rows) groups.add([each]);
  expect(groups.size).toBe(groups.sorted().length);
  return groups.sorted();
}

describe('the report', () => {
  it('counts certificates and reasons by issuer and owner', () => {
    const earlier = new Date('2027-01-01T00:00:00Z');
    const later = new Date('2027-06-01T00:00:00Z');
    const groups = groupsOf([
      row({ issuerDN: 'CN=b', userExtId: 'jane', notAfter: later }, 'ends'),
      row({ issuerDN: 'CN=a', userExtId: 'john' }, 'lacksClientAuth'),
      row({ issuerDN: 'CN=b', userExtId: 'jane', notAfter: earlier }, 'lacksClientAuth', 'ends'),
      row({ issuerDN: 'CN=b', userExtId: 'Zoë', notAfter: later }, 'issuerForbidsClientAuth'),
      row({ issuerDN: null, userExtId: 'john' }, 'ends'),
      row({ issuerDN: 'CN=b', userExtId: 'jane', notAfter: later }, 'ends'),
    ]);
    expect(groups.map(({ issuerDN, userExtId, certificates }) => [issuerDN, userExtId, certificates])).toEqual([
      [null, 'john', 1],
      ['CN=a', 'john', 1],
      ['CN=b', 'Zoë', 1],
      ['CN=b', 'jane', 3],
    ]);
    expect(groups.at(-1)).toEqual({
      issuerDN: 'CN=b',
      userExtId: 'jane',
      certificates: 3,
      reasons: { lacksClientAuth: 1, issuerForbidsClientAuth: 0, ends: 3 },
      firstEnd: earlier,
    });
  });

  it('has no groups without certificates', () => {
    expect(groupsOf([])).toEqual([]);
  });
});

/** Of names that V8 hashes by their length alone, and of shorter ones. */
function timeRatio(work: (names: readonly string[]) => void): number {
  const [short, long] = [16_000, 16_384].map((length) =>
    Array.from({ length: 1_500 }, (_, index) => `CN=${`${index}`.padStart(length - 3, 'a')}`),
  ) as [string[], string[]];
  work(short);
  return cpuMilliseconds(() => work(long)) / cpuMilliseconds(() => work(short));
}

function group(names: readonly string[]): void {
  new ForecastGroups().add(names.map((issuerDN) => row({ issuerDN }, 'ends')));
}

function lookUp(names: readonly string[]): void {
  const issuers = issuersBySubject(names.map((subjectDN) => ({ ...SERVERS_ONLY, subjectDN })));
  for (const issuerDN of names) forecastRow({ ...CERTIFICATE, issuerDN }, { now: NOW, days: 30, issuers });
}

// If all are compared with each other, it takes more than 40 times as long.
it.each([
  ['grouped', group],
  ['looked up', lookUp],
])('names of more than 16,383 characters are %s about as fast as shorter ones', (_, work) => {
  expect(timeRatio(work)).toBeLessThan(15);
});
