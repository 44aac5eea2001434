import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { codesOf, CORE, fieldsOf, send } from '../support/http.js';
import { EVERY_OPERATION, pathOf } from '../support/operations.js';
import { testAuthority } from '../support/pki.js';

// Every query parameter of every list and read. They are taken from docs/openapi.json: after a new one, run
// `npm run openapi` first. A value that the member cannot have is refused: an empty list would suggest that it is valid.

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start();
  await fixture.register('cert-1');
  const { app, token } = fixture;
  const user = await send(app, 'POST', `${CORE}/100/users`, { token, body: { extId: 'with-history' } });
  const body = { extId: 'with-history', policyType: 'CertificatePolicy', parameters: {} };
  const policy = await send(app, 'POST', `${CORE}/100/policies`, { token, body });
  const { pem: anchors } = await testAuthority();
  const set = { extId: 'with-history', name: 'Issuers', anchors };
  const trustSet = await send(app, 'POST', `${CORE}/100/trust-anchor-sets`, { token, body: set });
  expect([user.status, policy.status, trustSet.status]).toEqual([201, 201, 201]);
});

afterAll(async () => await fixture.app.close());

const NO_TIMES = ['', 'x', '2026-01-31', '2026-02-31T00:00:00Z', '1769817600'];
const TIME = ['2026-01-31T00:00:00Z', NO_TIMES] as const;
const SEX = ['male', ['', 'x', 'Male', 'male ']] as const;
const FLAG = ['true', ['', 'yes', '1', 'TRUE']] as const;
const EXTERNAL_ID = ['no-such-id', ['', ' ', 'a b', 'a$b', '..', 'x'.repeat(51)]] as const;

/** One valid value, and invalid ones. */
const FORMS: Readonly<Record<string, readonly [valid: string, invalid: readonly string[]]>> = {
  limit: ['1', ['', 'x', '-1', '1001', '1.5']],
  continuationToken: ['1_00000000-0000-4000-8000-000000000000', ['', 'x', '1', '1_', '_a']],
  returnTotalResultCount: FLAG,
  includeDeleted: FLAG,
  isTechnicalUser: FLAG,
  sortBy: ['-name.familyName', ['', 'x', '--extId', 'password']],
  q: ['no such user', ['', 'ab', '  a ', 'x'.repeat(502)]],
  offset: ['1', ['', 'x', '-1', '10001', '1.5']],
  version: ['1', ['', 'x', '-1', '1.5', '2147483648']],
  extId: EXTERNAL_ID,
  userExtId: EXTERNAL_ID,
  userState: ['active', ['', 'x', 'Active', 'locked']],
  languageCode: ['en', ['', 'XX', 'ENG', 'e']],
  sex: SEX,
  gender: SEX,
  birthDate: ['1984-07-19', ['', 'x', '1984-02-30', '19.07.1984', '1984-07-19T00:00:00Z']],
  'address.countryCode': ['CH', ['', 'XX', 'ch', 'CHE']],
  'validity.from': TIME,
  'validity.to': TIME,
  created: TIME,
  lastModified: TIME,
  stateName: ['active', ['', 'x', 'Active']],
  fingerprint: ['ab'.repeat(20), ['', 'xyz', 'AB:CD', 'ab'.repeat(21)]],
  expiresBefore: TIME,
  expiresAfter: TIME,
  unusedSince: TIME,
  policyExtId: EXTERNAL_ID,
  issuerDN: ['CN=Jane Doe,O=Acme AG', []],
  subjectDN: ['CN=Jane Doe,O=Acme AG', ['', 'Jane Doe', 'nothing=Jane']],
  serial: ['dec:255', ['', 'xyz', 'dec:', 'dec:ff', '0a:']],
  subjectKeyIdentifier: ['AB:CD', ['', 'xyz', 'abc']],
  authorityKeyIdentifier: ['abcd', ['', 'xyz', 'abc']],
  publicKeySha256: ['ab'.repeat(32), ['', 'xyz', 'ab'.repeat(20)]],
  san: ['email:jane@acme.test', ['']],
  keyType: ['RSA:2048', ['']],
  signatureAlgorithm: ['ED25519', ['']],
  extendedKeyUsage: ['clientAuth', ['', 'x', 'ClientAuth']],
  reason: ['unlock', ['', 'x', 'Unlock']],
  at: ['2026-06-01T12:00:00Z', NO_TIMES],
  waitSeconds: ['0', ['', 'x', '-1', '26', '1.5']],
  days: ['90', ['', '-1', '1.5', 'x', '3651']],
  action: ['created', ['', 'painted', 'Created']],
  kind: ['certificate', ['', 'x', 'Certificate']],
  order: ['desc', ['', 'x', 'DESC']],
  from: TIME,
  to: TIME,
};

/** Parameters that accept any text. */
const isText = (name: string): boolean =>
  /^(?:address|contacts|name|properties)\./.test(name) ||
  ['actor', 'after', 'loginId', 'modificationComment', 'remarks'].includes(name);

/** Where a token names something else than the id of a row: a version, or a reason. */
function tokenOf(path: string): string | undefined {
  if (path.endsWith('/history')) return '1_1';
  return path.endsWith('/credential-state-change-reasons') ? '0_reset' : undefined;
}

/** Of the records that `beforeAll` creates. */
function addressOf(operation: (typeof EVERY_OPERATION)[number]): string {
  const user = operation.path.endsWith('/users/{userExtId}/history') ? 'with-history' : 'helper-7';
  const hasHistory = /\/(?:policies|trust-anchor-sets)\//.test(operation.path);
  return pathOf(operation, '100', user, hasHistory ? 'with-history' : 'cert-1');
}

const QUERIES = EVERY_OPERATION.filter(({ method }) => method === 'GET').flatMap((operation) =>
  operation.query.map((name) => ({
    name,
    path: operation.path,
    address: addressOf(operation),
  })),
);

const ask = async (address: string, name: string, value: string) =>
  await send(fixture.app, 'GET', `${address}?${name}=${encodeURIComponent(value)}`, { token: fixture.token });

test('8.3 every query parameter is tested here', () => {
  const unknown = QUERIES.filter(({ name }) => FORMS[name] === undefined && !isText(name));
  expect(unknown, 'Add a valid value and invalid ones to FORMS, or the name to isText.').toEqual([]);
  expect(QUERIES.length).toBeGreaterThan(50);
});

describe.each(QUERIES.filter(({ name }) => FORMS[name] !== undefined))('$path, $name', ({ path, address, name }) => {
  const [anywhere, invalid] = FORMS[name] ?? ['', []];
  const valid = name === 'continuationToken' ? (tokenOf(path) ?? anywhere) : anywhere;

  test(`8.3 ${valid} is accepted`, async () => {
    expect((await ask(address, name, valid)).status).toBe(200);
  });

  test.each(invalid)('8.3 %j is 422 and names the parameter', async (value) => {
    const answer = await ask(address, name, value);
    expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['errors.invalidData'], [name]]);
  });
});

describe.each(QUERIES.filter(({ name }) => FORMS[name] === undefined && isText(name)))(
  '$path, $name',
  ({ address, name }) => {
    test.each(['', 'x', ' ', "' or 1=1 --", 'é%'])('8.3 %j is accepted as a text', async (value) => {
      const answer = await ask(address, name, value);
      expect([answer.status, answer.body['items']]).toEqual([200, []]);
    });
  },
);
