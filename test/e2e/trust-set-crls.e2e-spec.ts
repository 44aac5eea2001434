import { createHash } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { RevocationEvidenceService } from '../../src/trust/revocation/revocation-evidence.service.js';
import { colonHex } from '../../src/x509/certificate/colon-hex.js';
import { toPem } from '../../src/x509/certificate/pem.js';
import { type Answer, CORE, codesOf, refusalOf } from '../support/http.js';
import { authority, endEntity } from '../support/signed-certificate.js';
import { crlDer, crlExtensions, entryOf, revoked, uri } from '../support/signed-crl.js';
import { TrustFixture } from '../support/trust-fixture.js';

const root = authority('Root CA');
const stranger = authority('Stranger');
const leaf = endEntity(root);
const rootPem = toPem(root.der);

let fixture: TrustFixture;
let token: string;

beforeAll(async () => {
  fixture = await TrustFixture.start();
  token = await fixture.app.token({ data_room: { clients: ['*'] } });
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => {
  await fixture.policies.nextClient();
  await fixture.create({ anchors: rootPem });
});

const pathOf = (name = '', set = 'set-1') => `${CORE}${fixture.path(set)}/crls${name === '' ? '' : `/${name}`}`;

async function asked(method: string, path: string, body?: Buffer | string, headers: Record<string, string> = {}) {
  const response = await fetch(fixture.app.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/pkix-crl' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
  const text = await response.text();
  const answer: Answer = {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
  return answer;
}

const put = async (body: Buffer | string, name = 'root') => await asked('PUT', pathOf(name), body);
const list = async () => (await asked('GET', pathOf())).body as { items: { name: string; number?: string }[] };
const messageOf = ({ body }: Answer) => (body as { errors: { message: string }[] }).errors[0]?.message;

const evaluationVersion = async (): Promise<number | undefined> => {
  const [row] = await fixture.app.dataSource.query<{ version: number }[]>(
    `select evaluation_version as version from policies where client_ext_id = $1 and ext_id = 'p-1'`,
    [fixture.policies.client],
  );
  return row?.version;
};

const pemOf = (der: Buffer) => `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`;

test('11.5 a CRL is put in DER or PEM, listed, replaced and deleted', async () => {
  const der = crlDer(root, { number: 7, entries: [revoked(leaf)] });
  const answer = await put(der);
  const expected = {
    name: 'root',
    issuer: 'CN=Root CA',
    scope: {},
    delta: false,
    number: '7',
    thisUpdate: '2026-05-01T00:00:00Z',
    nextUpdate: '2027-01-01T00:00:00Z',
    size: der.length,
    fingerprint: colonHex(createHash('sha256').update(der).digest()),
    lastModified: expect.any(String) as string,
    counts: true,
  };
  expect([answer.status, answer.body]).toEqual([200, expected]);
  expect((await list()).items).toEqual([expected]);
  const next = crlDer(root, { number: 8 });
  expect((await put(`Some text.\n${pemOf(next)}`)).body).toMatchObject({ number: '8', size: next.length });
  expect((await list()).items).toMatchObject([{ number: '8' }]);
  expect((await asked('DELETE', pathOf('root'))).status).toBe(204);
  expect((await list()).items).toEqual([]);
  expect(refusalOf(await asked('DELETE', pathOf('root')))).toEqual([404, ['errors.noRecord']]);
});

test('11.5 the answer says what a CRL is about, and that it is a delta CRL', async () => {
  const { issuingPoint, delta } = crlExtensions;
  const name = uri('http://crl.example.com/1');
  const answer = await put(
    crlDer(root, { number: 9, extensions: [delta(7), issuingPoint({ name, flags: [1, 4], reasons: [1, 6] })] }),
  );
  expect(answer.body).toMatchObject({
    delta: true,
    baseNumber: '7',
    scope: {
      distributionPoint: ['http://crl.example.com/1'],
      onlyUserCertificates: true,
      indirect: true,
      onlySomeReasons: ['keyCompromise', 'certificateHold'],
    },
  });
});

test.each([
  ['expired', crlDer(root, { nextUpdate: '260531000000Z' })],
  ['notYetValid', crlDer(root, { thisUpdate: '260701000000Z' })],
  ['noNextUpdate', crlDer(root, { nextUpdate: undefined })],
  ['issuerNotFound', crlDer(stranger)],
])('11.5 a CRL that does not count is stored, and the answer says why: %s', async (reason, der) => {
  expect((await put(der)).body).toMatchObject({ counts: false, reason });
  expect((await list()).items).toMatchObject([{ counts: false, reason }]);
});

test('11.5 an older CRL may replace a newer one, and the answer says so', async () => {
  await put(crlDer(root, { number: 9 }));
  const answer = await put(crlDer(root, { number: 8 }));
  expect(answer.body).toMatchObject({
    number: '8',
    replacedNewer: { number: '9', thisUpdate: '2026-05-01T00:00:00Z' },
  });
  expect((await put(crlDer(root, { number: 10 }))).body).not.toHaveProperty('replacedNewer');
});

test.each([
  ['text', 'x', 'it is neither DER nor a PEM block X509 CRL'],
  ['two blocks', pemOf(crlDer(root)) + pemOf(crlDer(root)), 'the text has more than one CRL'],
  ['half a block', pemOf(crlDer(root)).slice(0, 60), 'the END line of the PEM block is missing'],
  ['no base64', '-----BEGIN X509 CRL-----\n?\n-----END X509 CRL-----', 'the PEM block is not valid base64'],
  ['a certificate', leaf.der, 'the issuer is missing or has a wrong type'],
  ['trailing data', Buffer.concat([crlDer(root), Buffer.of(0)]), 'the encoding has trailing data'],
])('11.5 what cannot be read is 422 and says why: %s', async (_, body, clause) => {
  const answer = await put(body);
  expect([answer.status, messageOf(answer)]).toEqual([422, expect.stringContaining('The CRL cannot be read')]);
  if (!Buffer.isBuffer(body)) expect(messageOf(answer)).toContain(clause);
  expect((await list()).items).toEqual([]);
});

test('11.5 another media type is 415, more than 10 MiB 413, no body 400', async () => {
  const other = await asked('PUT', pathOf('root'), crlDer(root), { 'content-type': 'application/json' });
  expect(refusalOf(other)).toEqual([415, ['errors.unsupportedMediaType']]);
  const large = await put(Buffer.alloc(10 * 1024 * 1024 + 1));
  expect(refusalOf(large)).toEqual([413, ['errors.payloadTooLarge']]);
  expect(refusalOf(await put(''))).toEqual([400, ['errors.malformedRequest']]);
});

test('11.5 a set has at most 20 CRLs, also if two are put at once; one of them can be replaced', async () => {
  for (let index = 0; index < 19; index += 1) {
    expect((await put(crlDer(root, { number: index }), `crl-${index}`)).status).toBe(200);
  }
  const answers = await Promise.all(['one', 'two'].map(async (name) => await put(crlDer(root), name)));
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 422]);
  expect((await put(crlDer(root, { number: 99 }), 'crl-0')).status).toBe(200);
  expect((await list()).items).toHaveLength(20);
});

test('11.5 two CRLs that are put under one name at once are stored one after the other', async () => {
  const answers = await Promise.all([7, 8].map(async (number) => await put(crlDer(root, { number }))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect((await list()).items).toHaveLength(1);
  const events = await fixture.policies.eventsOf('set-1');
  expect(events.filter(({ version }) => version === null)).toHaveLength(2);
});

test('11.5 a CRL that is put while its set is deleted leaves nothing behind', async () => {
  const [answer, deletion] = await Promise.all([put(crlDer(root)), fixture.delete()]);
  expect([200, 404]).toContain(answer.status);
  expect(deletion.status).toBe(204);
  const left = await fixture.app.dataSource.query<unknown[]>('select 1 from trust_set_crls where client_ext_id = $1', [
    fixture.policies.client,
  ]);
  expect(left).toEqual([]);
});

const serial = (index: number): Buffer => {
  const number = Buffer.alloc(5, 1);
  number.writeUInt32BE(index, 1);
  return number;
};

test('11.5 a CRL of 200,000 entries is put, and every entry of it counts', async () => {
  const entries = Buffer.concat(Array.from({ length: 200_000 }, (_, index) => entryOf(serial(index))));
  const answer = await put(crlDer(root, { entries: [entries] }));
  expect([answer.status, answer.body]).toMatchObject([200, { counts: true }]);
  const service = fixture.app.get(RevocationEvidenceService);
  const { crls } = await service.stored(fixture.policies.client, 'set-1', [], fixture.app.clock.now());
  for (const index of [0, 99_999, 199_999]) expect(crls[0]?.find(crls[0].issuerKey, serial(index))).toBeDefined();
  expect(crls[0]?.find(crls[0].issuerKey, serial(200_000))).toBeUndefined();
});

test('11.5 put and deletion are evaluated again: the policies that name the set get another evaluation version', async () => {
  await fixture.createPolicy();
  const before = (await evaluationVersion()) ?? 0;
  const service = fixture.app.get(RevocationEvidenceService);
  await put(crlDer(root));
  const changedAt = Number(await service.changedAt(fixture.policies.client));
  expect(await evaluationVersion()).toBe(before + 1);
  await put(crlDer(root, { number: 2 }));
  await put(crlDer(root, { number: 2 }));
  expect((await evaluationVersion()) ?? 0).toBeLessThanOrEqual(before + 3);
  await asked('DELETE', pathOf('root'));
  expect(await evaluationVersion()).toBeGreaterThan(before + 2);
  expect(Number(await service.changedAt(fixture.policies.client))).toBeGreaterThan(changedAt);
  expect((await fixture.read()).body).toMatchObject({ version: 1 });
});

test('11.5 the same bytes again change nothing', async () => {
  await fixture.createPolicy();
  const der = crlDer(root);
  await put(der);
  const before = await evaluationVersion();
  expect((await put(der)).status).toBe(200);
  expect(await evaluationVersion()).toBe(before);
});

const denials = async () =>
  await fixture.app.dataSource.query<object[]>('select kind, value from certificate_denials where client_ext_id = $1', [
    fixture.policies.client,
  ]);

test('15.8 a CRL that is put, replaced or deleted is a denial of the set; one that is put again is none', async () => {
  const denied = { kind: 'trustAnchorSet', value: 'set-1' };
  const der = crlDer(root);
  await put(der);
  await put(der);
  expect(await denials()).toEqual([denied]);
  await put(crlDer(root, { number: 2 }));
  await asked('DELETE', pathOf('root'));
  expect(await denials()).toEqual([denied, denied, denied]);
});

test('10.3 the audit log has the SHA-256 of a CRL that was put or deleted, without a version of the set', async () => {
  const der = crlDer(root);
  const fingerprint = colonHex(createHash('sha256').update(der).digest());
  await put(der);
  await asked('DELETE', pathOf('root'));
  const events = await fixture.policies.eventsOf('set-1');
  expect(events.filter(({ version }) => version === null)).toEqual([
    { action: 'changed', version: null, changes: { 'crls.root': { to: fingerprint } } },
    { action: 'changed', version: null, changes: { 'crls.root': { from: fingerprint } } },
  ]);
  expect((await fixture.delete()).status).toBe(204);
});

test('11.5 CRLs are deleted with their set, and with their client', async () => {
  await put(crlDer(root));
  expect((await fixture.delete()).status).toBe(204);
  await fixture.create({ anchors: rootPem });
  expect((await list()).items).toEqual([]);
  await put(crlDer(root));
  expect((await fixture.policies.request('DELETE', `/clients/${fixture.policies.client}`)).status).toBe(204);
  const left = await fixture.app.dataSource.query<unknown[]>('select 1 from trust_set_crls where client_ext_id = $1', [
    fixture.policies.client,
  ]);
  expect(left).toEqual([]);
});

test('11.5 the CRLs of a set are its evidence, whether they are current or not', async () => {
  await put(crlDer(root, { number: 7 }), 'one');
  await put(crlDer(root, { number: 6, nextUpdate: '260531000000Z' }), 'two');
  const service = fixture.app.get(RevocationEvidenceService);
  const { crls } = await service.stored(fixture.policies.client, 'set-1', [], fixture.app.clock.now());
  expect(crls.map(({ number }) => number)).toEqual([7n, 6n]);
});

test('4.3 the CRLs of another client, or of a set that is not there, are 404', async () => {
  await put(crlDer(root));
  await fixture.policies.nextClient();
  const answers = [
    await asked('GET', pathOf()),
    await put(crlDer(root)),
    await asked('DELETE', pathOf('root')),
    await asked('GET', pathOf('', 'set-9')),
  ];
  for (const answer of answers) expect(refusalOf(answer)).toEqual([404, ['errors.noRecord']]);
});

const withClaims = async (method: string, claims: object) => {
  const own = await fixture.app.token({ roles: undefined, data_room: { clients: ['*'] }, ...claims });
  const body = method === 'PUT' ? crlDer(root) : undefined;
  const path = method === 'GET' ? pathOf() : pathOf('root');
  return await asked(method, path, body, { authorization: `Bearer ${own}` });
};

test('4.3 each right is needed, and none of them is enough for a self-admin', async () => {
  for (const [method, needed] of [
    ['GET', ['PolicyView']],
    ['PUT', ['PolicyView', 'PolicyModify']],
    ['DELETE', ['PolicyView', 'PolicyModify']],
  ] as const) {
    const permissions = needed.map((right) => `AccessControl.${right}`);
    for (const missing of permissions) {
      const answer = await withClaims(method, { permissions: permissions.filter((right) => right !== missing) });
      expect([method, missing, codesOf(answer)]).toEqual([method, missing, ['errors.permissionDenied']]);
    }
    const selfAdmin = { roles: ['nevisIdm.SelfAdmin'], sub: 'u-1', client_ext_id: fixture.policies.client };
    expect(refusalOf(await withClaims(method, selfAdmin))).toEqual([403, ['errors.permissionDenied']]);
    expect((await withClaims(method, { permissions })).status).toBeLessThan(300);
  }
});
