/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { X509Certificate } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, CORE, fieldsOf, send } from '../support/http.js';
import { issueCertificate, testAuthority } from '../support/pki.js';

let fixture: Fixture;
let jane: { readonly pem: string; readonly shown: X509Certificate };
let clientToken: string;

const F1 = `${CORE}/100/certificates`;
const F2 = `${F1}/lookup`;

const ids = ({ body }: Answer) => (body.items as { extId: string }[]).map(({ extId }) => extId);

const find = async (query = '', token = fixture.token): Promise<Answer> =>
  await send(fixture.app, 'GET', F1 + query, { token });

const found = async (filters: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const answer = await find(`?${new URLSearchParams(filters).toString()}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return ids(answer);
};

const lookUp = async (text: unknown, token = fixture.token): Promise<Answer> =>
  await send(fixture.app, 'POST', F2, { token, body: { text } });

beforeAll(async () => {
  fixture = await Fixture.start();
  const { app, builders } = fixture;
  await builders.user('100', 'u-max', { email: 'max.muster@Acme.test' });
  const issuer = await testAuthority({ name: 'Issuing' });
  const issued = await issueCertificate({
    subject: [{ C: ['CH'] }, { O: ['Acme, AG'] }, { CN: ['Jane Doe'] }],
    issuer,
    serial: '00ab12',
    notAfter: '2026-08-01T00:00:00Z',
    extensions: {
      subjectKeyIdentifier: true,
      authorityKeyIdentifier: true,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['clientAuth'],
      subjectAlternativeNames: [{ type: 'email', value: 'Jane@Acme.test' }],
    },
  });
  jane = { pem: issued.pem, shown: new X509Certificate(issued.der) };
  await fixture.register('first');
  app.clock.advance(1_000);
  await fixture.register('jane', { certificate: jane.pem });
  app.clock.advance(1_000);
  await fixture.register(
    'of-max',
    { certificate: await fixture.pem('Laptop 7', { keyType: 'Ed25519' }), policyExtId: 'tolerant' },
    'u-max',
  );
  clientToken = await app.token({ client_ext_id: '200', data_room: { clients: ['200'] } });
});

afterAll(async () => await fixture.app.close());

describe('F1', () => {
  test('8.1, 8.2, 16.1 lists the certificates of a client by tokens, with a total', async () => {
    const first = await find('?limit=2&returnTotalResultCount=true');
    expect(ids(first)).toEqual(['first', 'jane']);
    const { continuationToken, totalResult } = first.body['_pagination'] as Record<string, string>;
    expect(totalResult).toBe(3);
    const second = await find(`?limit=2&continuationToken=${encodeURIComponent(continuationToken ?? '')}`);
    expect(ids(second)).toEqual(['of-max']);
    expect(second.body['_pagination']).toEqual({ limit: 2 });
    expect(first.body.items[1]).toEqual((await fixture.read(`${fixture.path()}/jane`)).body);
  });

  test.each<[Record<string, string>, string[]]>([
    [{ policyExtId: 'tolerant' }, ['of-max']],
    [{ userExtId: 'u-max' }, ['of-max']],
    [{ userExtId: 'nobody' }, []],
    [{ issuerDN: 'cn=issuing, o=TEST AG,  c=ch' }, ['jane']],
    [{ subjectDN: 'CN="Jane Doe", O="Acme, AG", C=CH' }, ['jane']],
    [{ subjectDN: 'CN=Jane Doe' }, []],
    [{ serial: '00AB12' }, ['jane']],
    [{ serial: 'ab:12' }, ['jane']],
    [{ serial: 'dec:43794' }, ['jane']],
    [{ san: 'jane@ACME.test' }, ['jane']],
    [{ san: 'email:jane@acme.test' }, ['jane']],
    [{ san: 'dns:jane@acme.test' }, []],
    [{ san: 'jane@acme.tes' }, []],
    [{ keyType: 'Ed25519' }, ['of-max']],
    [{ signatureAlgorithm: 'ED25519' }, ['of-max']],
    [{ extendedKeyUsage: 'clientAuth' }, ['jane']],
    [{ extendedKeyUsage: '1.3.6.1.5.5.7.3.2' }, ['jane']],
    [{ expiresBefore: '2026-08-01T00:00:01Z' }, ['jane']],
    [{ expiresBefore: '2026-08-01T00:00:00Z' }, []],
    [{ expiresAfter: '2026-08-01T00:00:00Z' }, ['first', 'of-max']],
    [{ unusedSince: '2026-06-01T12:00:01Z' }, ['first']],
    [{ stateName: 'active', keyType: 'EC:P-256' }, ['first', 'jane']],
    [{ stateName: 'disabled' }, []],
    [{ reason: 'initialized' }, ['first', 'jane', 'of-max']],
    [{ reason: 'unlock' }, []],
    [{ q: 'ane do' }, ['jane']],
    [{ q: 'ACME.TEST' }, ['of-max', 'jane']],
    [{ q: 'U-MAX' }, ['of-max']],
    [{ q: 'x.muster@acme' }, ['of-max']],
    [{ q: 'laptop' }, ['of-max']],
    [{ q: 'of-m' }, ['of-max']],
    [{ q: 'ab12' }, ['jane']],
    [{ q: 'j_ne' }, []],
    [{ q: 'acme.test', policyExtId: 'tolerant' }, ['of-max']],
    [{ keyType: 'EC:P-256', issuerDN: 'CN=Issuing,O=Test AG,C=CH', expiresBefore: '2027-01-01T00:00:00Z' }, ['jane']],
    [{ userExtId: 'helper-7', san: 'jane@acme.test' }, ['jane']],
  ])('16.1, 16.2, 16.4 %j finds %j', async (filters, expected) => {
    expect(await found(filters)).toEqual(expected);
    const counted = await find(`?${new URLSearchParams({ ...filters, returnTotalResultCount: 'true' }).toString()}`);
    expect(counted.body['_pagination']).toMatchObject({ totalResult: expected.length });
    const summary = `${F1}/summary?${new URLSearchParams(filters).toString()}`;
    expect((await send(fixture.app, 'GET', summary, { token: fixture.token })).body).toMatchObject({
      certificates: expected.length,
    });
  });

  test('16.1 digests and key identifiers find a certificate, with and without colons', async () => {
    const { body } = await fixture.read(`${fixture.path()}/jane`);
    const { publicKey, subjectKeyIdentifier, authorityKeyIdentifier } = body as unknown as {
      publicKey: { sha256: string };
      subjectKeyIdentifier: string;
      authorityKeyIdentifier: { keyIdentifier: string };
    };
    const { fingerprint256, fingerprint } = jane.shown;
    expect(await found({ fingerprint: fingerprint256 })).toEqual(['jane']);
    expect(await found({ fingerprint: fingerprint.replaceAll(':', '').toLowerCase() })).toEqual(['jane']);
    expect(await found({ authorityKeyIdentifier: authorityKeyIdentifier.keyIdentifier })).toEqual(['jane']);
    // The keys of the tests are shared.
    expect(await found({ subjectKeyIdentifier: subjectKeyIdentifier.replaceAll(':', '') })).toEqual(['first', 'jane']);
    expect(await found({ publicKeySha256: publicKey.sha256.toLowerCase() })).toEqual(['first', 'jane']);
  });

  test('16.2 what q finds is paged newest first', async () => {
    const first = await find('?q=acme.test&limit=1');
    expect(ids(first)).toEqual(['of-max']);
    const { continuationToken = '' } = first.body['_pagination'] as Record<string, string>;
    const second = await find(`?q=acme.test&limit=1&continuationToken=${encodeURIComponent(continuationToken)}`);
    expect(ids(second)).toEqual(['jane']);
    expect(second.body['_pagination']).toEqual({ limit: 1 });
  });

  test('2.7, 16.1 answers have the members that a certificate is searched by', async () => {
    const { body } = await fixture.read(`${fixture.path()}/jane`);
    expect(body).toMatchObject({
      publicKey: { keyType: 'EC:P-256', sha256: expect.stringMatching(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/) as string },
      signatureAlgorithm: 'ecdsa-with-SHA256',
      subjectAlternativeNames: [{ type: 'email', value: 'jane@acme.test' }],
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
      authorityKeyIdentifier: { keyIdentifier: expect.any(String) as string },
    });
    const past = await fixture.read(`${fixture.path()}/jane?at=2030-01-01T00:00:00Z`);
    expect(past.body).toEqual(body);
    await fixture.app.dataSource.query(`update credentials set described_sha256 = null where ext_id = 'first'`);
    const undescribed = (await fixture.read(`${fixture.path()}/first`)).body;
    expect(undescribed).not.toHaveProperty('publicKey');
    expect(undescribed).not.toHaveProperty('signatureAlgorithm');
    await fixture.app.dataSource.query(`update credentials set described_sha256 = sha256 where ext_id = 'first'`);
  });

  test('8.3 all invalid values are refused at once', async () => {
    const answer = await find('?serial=x&q=ab&issuerDN=Jane&expiresAfter=tomorrow');
    expect(answer.status).toBe(422);
    expect(new Set(fieldsOf(answer))).toEqual(new Set(['expiresAfter', 'issuerDN', 'q', 'serial']));
  });
});

describe('F2', () => {
  test('16.3 says what a text was taken for, and what was found', async () => {
    const answer = await lookUp(`SHA256 Fingerprint=${jane.shown.fingerprint256}`);
    expect(answer.status).toBe(200);
    const { readings } = answer.body as {
      readings: { kind: string; certificates: { extId: string }[]; more: boolean }[];
    };
    expect(readings.map(({ kind, certificates }) => [kind, certificates.map(({ extId }) => extId)])).toEqual([
      ['fingerprintSha256', ['jane']],
      ['publicKeySha256', []],
      ['subjectKeyIdentifier', []],
      ['authorityKeyIdentifier', []],
      ['serial', []],
      ['text', []],
    ]);
  });

  test.each<[string, () => string, string, string[]]>([
    ['a PEM', () => jane.pem, 'certificate', ['jane']],
    ['a serial number', () => 'serial=AB12', 'serial', ['jane']],
    ['a name in the other order', () => 'C = CH, O = "Acme, AG", CN = Jane Doe', 'subject', ['jane']],
    ['an e-mail address of a user', () => 'mailto:MAX.muster@acme.test', 'email', ['of-max']],
    ['the extId of a credential', () => 'of-max', 'extId', ['of-max']],
    ['the extId of a user', () => 'u-max', 'userExtId', ['of-max']],
    ['a part of a name', () => 'jane d', 'text', ['jane']],
    ['a reference of a refused login', () => '7Q2K9XMB', 'loginReference', []],
  ])('16.3 %s', async (_, text, kind, expected) => {
    const { body } = await lookUp(text());
    const all = (body as { readings: { kind: string; certificates: { extId: string }[] }[] }).readings;
    const extIds = all.filter((one) => one.kind === kind).flatMap(({ certificates }) => certificates);
    expect(extIds.map(({ extId }) => extId)).toEqual(expected);
    expect(all.some((one) => one.kind === kind)).toBe(true);
  });

  test('16.3 at most 20 of each kind, the newest of a part', async () => {
    await Promise.all(Array.from({ length: 21 }, async (_, index) => await fixture.register(`many-${index}`)));
    const { body } = await lookUp('many-');
    const readings = (body as { readings: { kind: string; certificates: unknown[]; more: boolean }[] }).readings;
    const part = readings.find(({ kind }) => kind === 'text');
    expect([part?.certificates.length, part?.more]).toEqual([20, true]);
  });

  test.each<[string, unknown]>([
    ['no text', undefined],
    ['an empty text', ''],
    ['a number', 7],
    ['a text that is too long', 'x'.repeat(65_537)],
    ['a text with U+0000', 'a\u0000b'],
  ])('16.3 %s is 422', async (_, text) => {
    expect((await lookUp(text)).status).toBe(422);
  });

  test('16.3 a private key is refused by name', async () => {
    const answer = await lookUp('-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----');
    expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['errors.invalidData'], ['text']]);
  });
});

describe('rights', () => {
  test('4.3, 16.1 another client is 403, and an unknown one inside the data room is 404', async () => {
    expect((await find('', clientToken)).status).toBe(403);
    expect((await lookUp('jane', clientToken)).status).toBe(403);
    const token = await fixture.app.token({ data_room: { clients: ['*'] } });
    for (const path of [`${CORE}/404/certificates`, `${CORE}/404/certificates?q=jane`]) {
      expect((await send(fixture.app, 'GET', path, { token })).status).toBe(404);
    }
    const unknown = await send(fixture.app, 'POST', `${CORE}/404/certificates/lookup`, {
      token,
      body: { text: 'jane' },
    });
    expect(unknown.status).toBe(404);
  });

  test('16.1 certificates of another client are never found', async () => {
    await fixture.builders.client('200');
    await fixture.builders.policy('200', 'default');
    for (const query of ['', '?q=jane', '?serial=AB12', `?fingerprint=${jane.shown.fingerprint256}`]) {
      const answer = await send(fixture.app, 'GET', `${CORE}/200/certificates${query}`, { token: clientToken });
      expect([answer.status, ids(answer)]).toEqual([200, []]);
    }
  });

  test.each(['SelfAdmin', 'UserView', 'CredentialModify'])(
    '4.3 %s without CredentialView is 403',
    async (permission) => {
      const token = await fixture.app.token({
        roles: [],
        permissions: [`AccessControl.${permission}`],
        sub: 'helper-7',
      });
      expect((await find('', token)).status).toBe(403);
      expect((await lookUp('jane', token)).status).toBe(403);
    },
  );
});

test('16.1 a comment, a state and the counters of a login change no index: the row stays in its page', async () => {
  const runner = fixture.app.dataSource.createQueryRunner();
  try {
    // Room in the page, which a HOT update needs as well.
    await runner.query('vacuum full credentials');
    await runner.query(`delete from credentials where ext_id like 'many-%'`);
    await runner.query('vacuum credentials');
    // What this connection has counted before is not counted below.
    await runner.query('select pg_stat_force_next_flush()');
    await runner.query('begin');
    await runner.query(`update credentials set successes = successes + 1, last_success = now(), failures = 0,
      failures_since_lock = 0, lock = null, lock_reason = null, locked_until = null where ext_id = 'jane'`);
    await runner.query(`update credentials set comment = 'a comment', version = version + 1, last_modified = now()
      where ext_id = 'jane'`);
    await runner.query(`update credentials set state = 'disabled', state_set_by = 'administrator',
      reason = 'changed-by-admin', detail = null where ext_id = 'jane'`);
    const counted: unknown = await runner.query(
      `select n_tup_upd::integer as updates, n_tup_hot_upd::integer as hot from pg_stat_xact_user_tables
        where relname = 'credentials'`,
    );
    await runner.query('rollback');
    expect(counted).toEqual([{ updates: 3, hot: 3 }]);
  } finally {
    await runner.release();
  }
});
