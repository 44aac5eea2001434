import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { entries, pemOf } from '../support/corpus.js';
import { CORE, send } from '../support/http.js';

// An administrator's work at a console, in order: each test continues from the state that the previous one left.

const CLIENT = `${CORE}/clients/acme`;
const POLICIES = `${CORE}/acme/policies`;
const JANE = `${CORE}/acme/users/jane`;
const BATCH = `${CORE}/acme/users/batch`;
const LAPTOP = `${JANE}/certificates/laptop`;

/** Ten certificates from other projects, with the user and policy that each gets, and its state then. */
const CERTIFICATES: readonly [owner: string, extId: string, policy: string, state: string, file: string][] = [
  [JANE, 'laptop', 'strict', 'active', 'x509-parser/assets__unsupported_noncritical_ext.der'],
  [JANE, 'not-yet-valid', 'tolerant', 'disabled', 'zlint/v3__testdata__cana_sub1_srv1_cli0_effx.pem'],
  [JANE, 'expired', 'tolerant', 'disabled', 'pyca-vectors/wosign-bc-invalid.pem'],
  [JANE, 'root', 'lenient', 'active', 'rustls-webpki/tests__amazon__AmazonRootCA2.der'],
  [JANE, 'ed25519', 'lenient', 'active', 'rustls-webpki/tests__ed25519__ee.der'],
  [JANE, 'post-quantum', 'lenient', 'active', 'rustls-webpki/tests__tls_server_certs__ml-dsa-44-certificate.pem'],
  [JANE, 'without-subject', 'lenient', 'active', 'zlint/v3__testdata__kuEkuInconsistentMp.pem'],
  [BATCH, 'p-521', 'lenient', 'active', 'x509-parser/assets__p521-selfsigned.der'],
  [BATCH, 'rsa-pss', 'lenient', 'active', 'pyca-vectors/custom__rsa_pss_sha256_no_null.pem'],
  [BATCH, 'version-1', 'lenient', 'active', 'x509-parser/assets__v1.der'],
];
const RENEWED = 'x509-parser/assets__unsupported_critical_ext.der';
const EXPIRED = 'limbo-assets/limbo___assets__cryptography.io.1.pem';

type Item = Readonly<Record<string, unknown>>;

/** The members that are read here of any answer. */
interface Body extends Item {
  readonly version: number;
  readonly stateName: string;
  readonly certificate: string;
  readonly fingerprint: string;
  readonly contacts: object;
  readonly errors: readonly { readonly code: string; readonly rule: string; readonly remedy: string }[];
  readonly items: readonly Item[];
  readonly _pagination: { readonly continuationToken?: string; readonly totalResult: number };
}

interface Answer {
  readonly headers: Headers;
  readonly body: Body;
}

let app: TestApp;
let token: string;
/** The answer to each change of the laptop's credential, with its time. */
const laptopVersions: { readonly at: string; readonly body: Body }[] = [];

beforeAll(async () => {
  app = await startApp();
  await new Builders(app.dataSource).client('there-before');
  token = await app.token({ sub: 'ada', data_room: { clients: ['*'] } });
});

afterAll(async () => await app.close());

/** Sends a request that must get this status. Each change is a second after the previous one. */
async function ask(status: number, method: string, path: string, body?: object, ifMatch?: string): Promise<Answer> {
  if (method !== 'GET') app.clock.advance(1000);
  const headers = ifMatch === undefined ? {} : { 'If-Match': ifMatch };
  const answer = await send(app, method, path, { token, headers, ...(body === undefined ? {} : { body }) });
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBe(status);
  return answer;
}

/** Changes the laptop's credential, and keeps the answer to compare it with the history. */
async function changeLaptop(path: string, body: object, ifMatch?: string): Promise<Body> {
  await ask(200, 'PATCH', path, body, ifMatch);
  const answer = await ask(200, 'GET', LAPTOP);
  laptopVersions.push({ at: app.clock.now().toISOString(), body: answer.body });
  return answer.body;
}

/** Reads all items of a list page by page; each page has the total, and every page except the last is full. */
async function walk(path: string, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  let next = '';
  for (;;) {
    const { body } = await ask(200, 'GET', `${path}?limit=${limit}&returnTotalResultCount=true${next}`);
    const { continuationToken, totalResult } = body['_pagination'];
    items.push(...body.items);
    if (continuationToken === undefined) {
      expect(items).toHaveLength(totalResult);
      return items;
    }
    expect(body.items).toHaveLength(limit);
    next = `&continuationToken=${encodeURIComponent(continuationToken)}`;
  }
}

const extIds = (items: readonly Item[]) => items.map(({ extId }) => extId as string);
const certificate = (file: string): string => {
  const entry = entries.find((one) => one.file === file);
  if (entry === undefined) throw new Error(`${file} is not in the corpus.`);
  return pemOf(entry);
};

test('C2 a client is created, with its default policies', async () => {
  const answer = await ask(201, 'POST', `${CORE}/clients`, { extId: 'acme', name: 'Acme AG' });
  expect(answer.headers.get('location')).toBe(CLIENT);
  expect(answer.headers.get('etag')).toBe('"1"');
  expect((await ask(200, 'GET', CLIENT)).body).toEqual(answer.body);
  const policies = await walk(`${CLIENT}/policies`, 1);
  expect(policies.map(({ policyType, defaultPolicy }) => [policyType, defaultPolicy])).toEqual(
    expect.arrayContaining([
      ['CertificatePolicy', true],
      ['PwdPolicy', true],
    ]),
  );
});

test('P1 2.11 three policies are created, and the third becomes the default', async () => {
  for (const [name, parameters] of [
    ['strict', { certificateUploadCheck: 'strict', maxValidityDays: '397' }],
    ['tolerant', { certificateUploadCheck: 'tolerant', requireCurrentlyValid: 'true' }],
    ['lenient', { certificateUploadCheck: 'none' }],
  ] as const) {
    const body = { policyType: 'CertificatePolicy', extId: name, name, parameters, defaultPolicy: name === 'lenient' };
    expect((await ask(201, 'POST', POLICIES, body)).body).toMatchObject({ clientExtId: 'acme', parameters });
  }
  const defaults = (await walk(`${CLIENT}/policies`, 2)).filter(({ defaultPolicy }) => defaultPolicy);
  expect(defaults.map(({ policyType, name }) => [policyType, name])).toEqual([
    ['PwdPolicy', 'default-password-policy'],
    ['CertificatePolicy', 'lenient'],
  ]);
});

test('U1 two users are created, a person and a machine', async () => {
  const jane = { extId: 'jane', loginId: 'Jane.Doe', name: { firstName: 'Jane', familyName: 'Doe' } };
  const contacts = { email: 'jane@acme.example' };
  expect((await ask(201, 'POST', `${CORE}/acme/users`, { ...jane, contacts })).body).toMatchObject(jane);
  const batch = { extId: 'batch', isTechnicalUser: true };
  expect((await ask(201, 'POST', `${CORE}/acme/users`, batch)).body).toMatchObject({ ...batch, userState: 'active' });
});

test('X2 ten certificates from other projects are registered, each with the state that its policy gives', async () => {
  for (const [owner, extId, policyExtId, stateName, file] of CERTIFICATES) {
    // The default policy needs no policyExtId.
    const policy = policyExtId === 'lenient' ? {} : { policyExtId };
    const body = { extId, certificate: certificate(file), ...policy };
    const answer = await ask(201, 'POST', `${owner}/certificates`, body);
    expect(answer.body, file).toMatchObject({ extId, policyExtId, stateName, version: 1 });
    if (extId === 'laptop') laptopVersions.push({ at: app.clock.now().toISOString(), body: answer.body });
  }
  const disabled = (await ask(200, 'GET', `${JANE}/certificates/not-yet-valid`)).body;
  expect(disabled).toMatchObject({
    stateChangeReason: 'policy-check-failed',
    subjectDN: expect.stringContaining('ö') as string,
  });
  const twice = { certificate: certificate(CERTIFICATES[0]![4]) };
  expect((await ask(422, 'POST', `${BATCH}/certificates`, twice)).body.errors[0]?.code).toBe(
    'errors.certificateExists',
  );
});

test('8.1 8.2 8.3 every list is read in small pages, filtered, sorted and counted', async () => {
  expect(extIds(await walk(`${CORE}/clients`, 1))).toEqual(['there-before', 'acme']);
  expect(extIds(await walk(`${CLIENT}/users`, 1))).toEqual(['jane', 'batch']);
  expect(extIds(await walk(`${CLIENT}/policies`, 2))).toEqual(
    expect.arrayContaining(['strict', 'tolerant', 'lenient']),
  );
  const ofJane = CERTIFICATES.filter(([owner]) => owner === JANE).map(([, extId]) => extId);
  expect(extIds(await walk(`${JANE}/certificates`, 3))).toEqual(ofJane);
  expect(extIds(await walk(`${JANE}/credentials`, 2))).toEqual(ofJane);
  const sorted = await ask(200, 'GET', `${CLIENT}/users?sortBy=extId&limit=1&offset=1`);
  expect([extIds(sorted.body.items), sorted.body['_pagination']]).toEqual([['jane'], { limit: 1 }]);
  const found = await ask(200, 'GET', `${CLIENT}/users?loginId=JANE.doe`);
  expect(extIds(found.body.items)).toEqual(['jane']);
  const disabled = await ask(200, 'GET', `${JANE}/certificates?stateName=disabled&returnTotalResultCount=true`);
  expect([extIds(disabled.body.items), disabled.body['_pagination'].totalResult]).toEqual([
    ['not-yet-valid', 'expired'],
    2,
  ]);
});

test('3.2 3.5 a record is read, edited and written back; a stale edit is refused', async () => {
  const user = await ask(200, 'GET', JANE);
  const edited = { name: { title: 'Dr.' }, contacts: { ...user.body.contacts, telephone: '+41 31 555 01 01' } };
  expect((await ask(200, 'PATCH', JANE, { ...edited, version: user.body.version })).body).toMatchObject({
    version: 2,
    name: { title: 'Dr.', firstName: 'Jane', familyName: 'Doe' },
    contacts: { email: 'jane@acme.example', telephone: '+41 31 555 01 01' },
  });
  const late = await ask(409, 'PATCH', JANE, { name: { title: 'Prof.' }, version: user.body.version });
  expect(late.body.errors[0]).toMatchObject({ field: 'version', currentVersion: 2, changedBy: 'ada' });

  const client = await ask(200, 'GET', CLIENT);
  const tag = client.headers.get('etag') ?? '';
  const renamed = await ask(200, 'PATCH', CLIENT, { displayName: { EN: 'Acme Ltd' } }, tag);
  expect([renamed.body.version, renamed.headers.get('etag')]).toEqual([2, '"2"']);
  await ask(412, 'PATCH', CLIENT, { displayName: { EN: 'Acme Inc' } }, tag);
});

test('X4 a certificate is tried in a dry run, refused with a remedy, and replaced by one that the policy accepts', async () => {
  const read = await ask(200, 'GET', LAPTOP);
  const tag = read.headers.get('etag') ?? '';
  // Consoles send back the whole record that they have read.
  const { stateName, version } = read.body;
  await changeLaptop(LAPTOP, {
    stateName,
    certificate: read.body.certificate,
    modificationComment: 'Checked',
    version,
  });

  const tried = await ask(422, 'PATCH', `${LAPTOP}?dryRun=true`, { certificate: certificate(EXPIRED) });
  expect(tried.body.errors.map(({ rule }) => rule)).toEqual(['requireCurrentlyValid']);
  expect(tried.body.errors[0]?.remedy).toMatch(/\.$/);
  await ask(412, 'PATCH', LAPTOP, { certificate: certificate(RENEWED) }, tag);
  const replaced = await changeLaptop(LAPTOP, { certificate: certificate(RENEWED) }, '"2"');
  expect(replaced).toMatchObject({ version: 3, stateName: 'active', modificationComment: 'Checked' });
  expect(replaced.fingerprint).not.toBe(read.body.fingerprint);
  const withRoom = await changeLaptop(`${LAPTOP}/properties`, { room: '3.14' }, '"3"');
  expect(withRoom).toMatchObject({ version: 4, properties: { room: '3.14' } });
});

test('5.1 5.4 a credential is locked, unlocked, disabled and enabled; a temporary lock ends by itself', async () => {
  const set = async (stateName: string, expected: object) =>
    expect(await changeLaptop(LAPTOP, { stateName })).toMatchObject(expected);
  await set('fail-locked', { version: 5, stateName: 'fail-locked', stateChangeReason: 'changed-by-admin' });
  await set('active', { version: 6, stateName: 'active', stateChangeReason: 'unlock' });
  await set('disabled', { version: 7, stateName: 'disabled', stateChangeReason: 'changed-by-admin' });
  await set('active', { version: 8, stateName: 'active', stateChangeReason: 'changed-by-admin' });
  await set('tmp-locked', { version: 9, stateName: 'tmp-locked' });
  app.clock.advance(60_000);
  expect((await ask(200, 'GET', LAPTOP)).body).toMatchObject({ version: 9, stateName: 'active' });
});

test('10.2 the history has each step: what, by whom and why', async () => {
  const history = await walk(`${LAPTOP}/history`, 2);
  expect(
    history.map(({ version, changes, reason, comment }) => [version, Object.keys(changes ?? {}), reason, comment]),
  ).toEqual([
    [9, ['stateName'], 'changed-by-admin', 'Checked'],
    [8, ['stateName'], 'changed-by-admin', 'Checked'],
    [7, ['stateName', 'stateChangeReason'], 'changed-by-admin', 'Checked'],
    [6, ['stateName', 'stateChangeReason'], 'unlock', 'Checked'],
    [5, ['stateName', 'stateChangeReason'], 'changed-by-admin', 'Checked'],
    [4, ['properties'], 'initialized', 'Checked'],
    [3, ['validity', 'certificate'], 'initialized', 'Checked'],
    [2, ['modificationComment'], 'initialized', 'Checked'],
    [1, expect.arrayContaining(['certificate']) as string[], 'initialized', undefined],
  ]);
  expect(new Set(history.map(({ actor }) => actor))).toEqual(new Set(['ada']));
  expect(history.map(({ at }) => at)).toEqual(laptopVersions.map(({ at }) => at).toReversed());
});

test('10.2 ?at= shows the credential after each step, and 404 before the first', async () => {
  expect(laptopVersions).toHaveLength(9);
  for (const { at, body } of laptopVersions) expect((await ask(200, 'GET', `${LAPTOP}?at=${at}`)).body).toEqual(body);
  await ask(404, 'GET', `${LAPTOP}?at=2026-06-01T12:00:00.000Z`);
});

test('P3 P4 a policy is replaced, and deleted once no credential uses it', async () => {
  const parameters = { certificateUploadCheck: 'strict', keyTypes: 'EC:P-256' };
  const changed = await ask(200, 'PATCH', `${POLICIES}/strict`, { parameters, version: 1 });
  expect(changed.body).toMatchObject({ parameters, version: 2 });
  const used = await ask(422, 'DELETE', `${POLICIES}/strict`);
  expect(used.body.errors[0]?.code).toBe('errors.undeletedDependencies');
  await ask(412, 'DELETE', LAPTOP, undefined, '"8"');
  await ask(204, 'DELETE', LAPTOP, undefined, '"9"');
  await ask(404, 'GET', LAPTOP);
  await ask(204, 'DELETE', `${POLICIES}/strict`);
  const [last] = await walk(`${LAPTOP}/history`, 4);
  expect(last).toMatchObject({ action: 'deleted', actor: 'ada' });
});

test('U5 U4 the person is archived, the machine deleted', async () => {
  expect((await ask(200, 'POST', `${JANE}/archive`)).body).toMatchObject({ userState: 'archived', version: 3 });
  expect(await walk(`${JANE}/credentials`, 100)).toEqual([]);
  const back = await ask(422, 'PATCH', JANE, { userState: 'active' });
  expect(back.body.errors[0]?.code).toBe('errors.recordDeleted');
  await ask(204, 'DELETE', BATCH);
  await ask(404, 'GET', `${BATCH}/certificates`);
});

test('C5 10.1 the client is deleted, and its audit log has all changes', async () => {
  await ask(204, 'DELETE', `${CLIENT}?audit=each`);
  await ask(404, 'GET', CLIENT);
  const auditLog = await walk(`${CORE}/acme/audit-events`, 10);
  const count = (kind: string, action: string) =>
    auditLog.filter((event) => event['kind'] === kind && event['action'] === action).length;
  expect(count('client', 'created') + count('client', 'changed') + count('client', 'deleted')).toBe(3);
  expect([count('policy', 'created'), count('policy', 'deleted')]).toEqual([5, 5]);
  expect([count('user', 'created'), count('user', 'archived'), count('user', 'deleted')]).toEqual([2, 1, 2]);
  expect([count('certificate', 'created'), count('certificate', 'changed')]).toEqual([10, 8]);
  expect(count('certificate', 'deleted')).toBe(10);
  expect(auditLog.at(-1)).toMatchObject({ kind: 'client', action: 'deleted', extId: 'acme' });
  // The refused writes: the stale edit, and the certificate that existed already.
  const refused = auditLog.filter(({ action }) => action === 'refused').map(({ code }) => code);
  expect(refused).toContain('errors.optimisticLockingFailure');
  const afterwards = await ask(200, 'GET', `${LAPTOP}/history`);
  expect(afterwards.body.items).toHaveLength(10);
});
