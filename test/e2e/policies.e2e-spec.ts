import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { POLICY_TYPES } from '../../src/policies/policy-types.rules.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Answer, CORE, codesOf, send, type Sending } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

let app: TestApp;
let token: string;
let client: string;
let clients = 0;

beforeAll(async () => {
  app = await startApp();
  token = await app.token({ data_room: { clients: ['*'] } });
});

afterAll(async () => await app.close());

beforeEach(async () => {
  clients += 1;
  client = `c-${clients}`;
  await new Builders(app.dataSource).client(client);
});

const request = async (method: string, path: string, sending: Sending = {}): Promise<Answer> =>
  await send(app, method, `${CORE}${path}`, { token, ...sending });

const create = async (body: object): Promise<Answer> => await request('POST', `/${client}/policies`, { body });
const patch = async (extId: string, body: object): Promise<Answer> =>
  await request('PATCH', `/${client}/policies/${extId}`, { body });
const read = async (extId: string): Promise<Answer> => await request('GET', `/${client}/policies/${extId}`);

const trail = async (extId: string): Promise<{ action: string; version: number | null; changed: string[] | null }[]> =>
  await app.dataSource.query(
    'select action, version, changed from trail where client_ext_id = $1 and ext_id = $2 order by version nulls last',
    [client, extId],
  );

const itemsOf = (answer: Answer): { extId: string; defaultPolicy: boolean }[] =>
  (answer.body as { items: { extId: string; defaultPolicy: boolean }[] }).items;

const defaults = async (): Promise<string[]> => {
  const answer = await request('GET', `/clients/${client}/policies?limit=1000`);
  return itemsOf(answer).flatMap(({ extId, defaultPolicy }) => (defaultPolicy ? [extId] : []));
};

const certificatePolicy = { policyType: 'CertificatePolicy', extId: 'p-1', name: 'Strict' };

test('1.2, 2.10 a policy is created, read, changed and deleted, each with its line of the trail', async () => {
  const created = await create({ ...certificatePolicy, parameters: { maxValidityDays: '397' }, description: 'd' });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`${CORE}/${client}/policies/p-1`);
  expect(created.headers.get('etag')).toBe('"1"');
  expect(created.body).toEqual({
    created: '2026-06-01T12:00:00Z',
    lastModified: '2026-06-01T12:00:00Z',
    version: 1,
    extId: 'p-1',
    clientExtId: client,
    policyType: 'CertificatePolicy',
    name: 'Strict',
    description: 'd',
    defaultPolicy: false,
    parameters: { maxValidityDays: '397' },
  });

  const patched = await patch('p-1', { parameters: { keyTypes: 'Ed25519' }, description: null, version: 1 });
  expect(patched.body).toMatchObject({ version: 2, parameters: { keyTypes: 'Ed25519' }, name: 'Strict' });
  expect(patched.body).not.toHaveProperty('description');
  expect((await read('p-1')).body).toEqual(patched.body);

  expect((await request('DELETE', `/${client}/policies/p-1`)).status).toBe(204);
  expect([(await read('p-1')).status, codesOf(await read('p-1'))]).toEqual([404, ['errors.noRecord']]);
  expect(await trail('p-1')).toEqual([
    { action: 'created', version: 1, changed: ['policyType', 'name', 'description', 'defaultPolicy', 'parameters'] },
    { action: 'changed', version: 2, changed: ['description', 'parameters'] },
    { action: 'deleted', version: null, changed: null },
  ]);
});

test('2.10 every documented type can be stored; what is not acted on keeps what it is given', async () => {
  expect(POLICY_TYPES).toHaveLength(20);
  for (const policyType of POLICY_TYPES) {
    const answer = await create({ policyType });
    expect([policyType, answer.status, answer.body.parameters]).toEqual([policyType, 201, {}]);
    expect(answer.body).not.toHaveProperty('name');
  }
  const tan = await create({ policyType: 'TANPolicy', parameters: { anything: 'goes' } });
  expect(tan.body.parameters).toEqual({ anything: 'goes' });
});

test('2.12 a PwdPolicy lists what it stores without effect', async () => {
  const created = await create({ policyType: 'PwdPolicy', parameters: { minLength: '14', maxLength: '40' } });
  expect(created.body).toMatchObject({ parameters: { minLength: '14', maxLength: '40' }, notEnforced: ['maxLength'] });
});

test.each<[string, object, string[]]>([
  ['3.7 an unknown type', { policyType: 'X509Policy' }, ['policyType']],
  [
    '3.7 unknown and server-kept members',
    { ...certificatePolicy, version: 1, notEnforced: [] },
    ['version', 'notEnforced'],
  ],
  [
    '3.7 names with a meaning of their own',
    { policyType: 'TANPolicy', parameters: JSON.parse('{"__proto__":"x"}') as object },
    ['parameters'],
  ],
  ['2.10 a parameter that is no text', { ...certificatePolicy, parameters: { maxValidityDays: 397 } }, ['parameters']],
  [
    '2.12 every unknown and ill-typed parameter',
    { ...certificatePolicy, parameters: { maxValidityDay: '1', keyTypes: 'RSA:1' } },
    ['parameters.maxValidityDay', 'parameters.keyTypes'],
  ],
  [
    '6.1 what is not built yet is not stored unjudged',
    { ...certificatePolicy, parameters: { trustAnchors: 'a', revocationCheck: 'hard' } },
    ['parameters.trustAnchors', 'parameters.revocationCheck'],
  ],
])('%s is 422', async (_, body, fields) => {
  const answer = await create(body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
});

test('2.12 the nearest known name is named', async () => {
  const answer = await create({ ...certificatePolicy, parameters: { maxValidityDay: '1' } });
  expect(answer.body.errors[0].message).toContain('maxValidityDays');
});

describe('2.11 the default', () => {
  test('is taken from the previous one of the type in the same change', async () => {
    await create({ ...certificatePolicy, defaultPolicy: true });
    await create({ ...certificatePolicy, extId: 'p-2', name: 'Second', defaultPolicy: true });
    expect(await defaults()).toEqual(['p-2']);
    expect((await read('p-1')).body).toMatchObject({ defaultPolicy: false, version: 2 });

    expect((await patch('p-1', { defaultPolicy: true })).body).toMatchObject({ defaultPolicy: true, version: 3 });
    expect(await defaults()).toEqual(['p-1']);
    expect(await trail('p-2')).toMatchObject([
      { action: 'created' },
      { action: 'changed', changed: ['defaultPolicy'] },
    ]);
    expect((await patch('p-1', { defaultPolicy: true })).body.version).toBe(3);
  });

  test('of another type is left alone', async () => {
    await create({ ...certificatePolicy, defaultPolicy: true });
    await create({ policyType: 'PwdPolicy', extId: 'p-2', defaultPolicy: true });
    expect(await defaults()).toEqual(['p-1', 'p-2']);
  });

  test('can neither be unset nor deleted', async () => {
    await create({ ...certificatePolicy, defaultPolicy: true });
    const unset = await patch('p-1', { defaultPolicy: false });
    expect([unset.status, codesOf(unset)]).toEqual([422, ['errors.deleteDefaultEntityFailure']]);
    const removed = await request('DELETE', `/${client}/policies/p-1`);
    expect([removed.status, codesOf(removed)]).toEqual([422, ['errors.deleteDefaultEntityFailure']]);
    expect(await defaults()).toEqual(['p-1']);
  });

  test('is exactly one after 50 that became it at once', async () => {
    const created = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        create({ policyType: 'CertificatePolicy', extId: `p-${index}`, defaultPolicy: true }),
      ),
    );
    expect(new Set(created.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await defaults()).toHaveLength(1);

    const patched = await Promise.all(
      Array.from({ length: 50 }, (_, index) => patch(`p-${index}`, { defaultPolicy: true })),
    );
    expect(new Set(patched.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await defaults()).toHaveLength(1);
  });
});

test.each<[string, object, string]>([
  ['name', { policyType: 'TANPolicy', name: 'Same' }, 'errors.duplicateName'],
  ['extId', { policyType: 'TANPolicy', extId: 'same' }, 'errors.duplicateValue'],
  ['name, as the default', { policyType: 'TANPolicy', name: 'Same', defaultPolicy: true }, 'errors.duplicateName'],
])('3.8 of 50 creations of one %s at once exactly one wins', async (_, body, code) => {
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await create(body)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const lost = answers.filter(({ status }) => status === 422);
  expect(lost).toHaveLength(49);
  expect(new Set(lost.flatMap(codesOf))).toEqual(new Set([code]));
});

test('2.10 a name is unique in the client only, and a change to a taken one is refused', async () => {
  await create(certificatePolicy);
  await create({ ...certificatePolicy, extId: 'p-2', name: 'Second' });
  expect(codesOf(await patch('p-2', { name: 'Strict' }))).toEqual(['errors.duplicateName']);
  const other = `${client}-other`;
  await new Builders(app.dataSource).client(other);
  expect((await request('POST', `/${other}/policies`, { body: certificatePolicy })).status).toBe(201);
});

test('3.2, 3.5 a stale version is 409, a stale If-Match 412, and the row is untouched', async () => {
  await create(certificatePolicy);
  await patch('p-1', { description: 'second' });
  const stale = await patch('p-1', { version: 1 });
  expect(stale.status).toBe(409);
  expect(stale.body.errors[0]).toMatchObject({ currentVersion: 2, changedBy: 'admin-1' });
  for (const method of ['PATCH', 'DELETE']) {
    const answer = await request(method, `/${client}/policies/p-1`, {
      headers: { 'If-Match': '"1"' },
      ...(method === 'PATCH' ? { body: { description: 'third' } } : {}),
    });
    expect([method, answer.status]).toEqual([method, 412]);
  }
  expect((await read('p-1')).body).toMatchObject({ version: 2, description: 'second' });
});

test('3.4 of 50 changes with one version at once exactly one wins; without one all are applied', async () => {
  await create(certificatePolicy);
  const versioned = await Promise.all(
    Array.from({ length: 50 }, (_, index) => patch('p-1', { description: `d${index}`, version: 1 })),
  );
  expect(versioned.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(versioned.filter(({ status }) => status === 409)).toHaveLength(49);
  const free = await Promise.all(Array.from({ length: 30 }, (_, index) => patch('p-1', { description: `e${index}` })));
  expect(new Set(free.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await read('p-1')).body.version).toBe(32);
});

const certificates = (): string => `/${client}/users/u-1/certificates`;

/** Until some statement waits for a lock. */
const waitingStatements = async (): Promise<void> => {
  for (;;) {
    const waiting: unknown[] = await app.dataSource.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
  }
};

const becomeStrict = async (): Promise<Answer> =>
  await patch('p-1', { parameters: { certificateUploadCheck: 'strict', maxValidityDays: '1' } });

const register = async (): Promise<Answer> => {
  const { pem } = await issueCertificate({ subject: `CN=${client}` });
  return await request('POST', certificates(), { body: { extId: 'cert', certificate: pem, policyExtId: 'p-1' } });
};

/** Holds the user's row, which every change of a credential takes first, while `meanwhile` runs. */
const whileUserIsHeld = async (change: () => Promise<Answer>, meanwhile: () => Promise<Answer>): Promise<Answer> => {
  const runner = app.dataSource.createQueryRunner();
  await runner.query('begin');
  await runner.query('select 1 from users where client_ext_id = $1 for update', [client]);
  const changing = change();
  await waitingStatements();
  expect((await meanwhile()).status).toBe(200);
  await runner.query('commit');
  await runner.release();
  return await changing;
};

describe('with credentials', () => {
  beforeEach(async () => {
    const builders = new Builders(app.dataSource);
    await builders.user(client, 'u-1');
    await create({ ...certificatePolicy, parameters: { certificateUploadCheck: 'none' } });
  });

  test('2.11 a policy that credentials use cannot be deleted', async () => {
    expect((await register()).status).toBe(201);
    const refused = await request('DELETE', `/${client}/policies/p-1`);
    expect([refused.status, codesOf(refused)]).toEqual([422, ['errors.undeletedDependencies']]);
    await request('DELETE', `${certificates()}/cert`);
    expect((await request('DELETE', `/${client}/policies/p-1`)).status).toBe(204);
  });

  test('3.4 a replacement that the old policy judged is judged again once the new one was answered', async () => {
    await register();
    const { pem } = await issueCertificate({ subject: 'CN=replacement' });
    const answer = await whileUserIsHeld(
      async () => await request('PATCH', `${certificates()}/cert`, { body: { certificate: pem } }),
      becomeStrict,
    );
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ rule: 'maxValidityDays', found: '365 days' }));
    expect(answer.status).toBe(422);
    expect((await request('GET', `${certificates()}/cert`)).body).toMatchObject({
      version: 1,
      subjectDN: `CN=${client}`,
    });
  });

  test('3.4 so is a registration', async () => {
    const answer = await whileUserIsHeld(register, becomeStrict);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ rule: 'maxValidityDays', found: '365 days' }));
    expect(answer.status).toBe(422);
    expect((await request('GET', `${certificates()}/cert`)).status).toBe(404);
  });
});

describe('C7', () => {
  test('8.1, 8.2 lists every policy of the client once, page by page', async () => {
    for (let index = 0; index < 5; index += 1) await create({ policyType: 'TANPolicy', extId: `p-${index}` });
    const seen: string[] = [];
    let continuation = '';
    for (let page = 0; page < 3; page += 1) {
      const answer = await request(
        'GET',
        `/clients/${client}/policies?limit=2&returnTotalResultCount=true${continuation}`,
      );
      expect(answer.body).toMatchObject({ _pagination: { limit: 2, totalResult: 5 }, _classifications: {} });
      seen.push(...itemsOf(answer).map(({ extId }) => extId));
      const { continuationToken = '' } = answer.body['_pagination'] as { continuationToken?: string };
      continuation = `&continuationToken=${encodeURIComponent(continuationToken)}`;
    }
    expect(continuation).toBe('&continuationToken=');
    expect(seen).toEqual(['p-0', 'p-1', 'p-2', 'p-3', 'p-4']);
  });

  test('8.1 a client without policies is an empty list, an unknown one a 404', async () => {
    expect((await request('GET', `/clients/${client}/policies`)).body.items).toEqual([]);
    expect((await request('GET', '/clients/nobody/policies')).status).toBe(404);
    expect((await create(certificatePolicy)).status).toBe(201);
    expect((await request('POST', '/nobody/policies', { body: certificatePolicy })).status).toBe(404);
  });
});

const asked = async (method: string, path: string, claims: object): Promise<Answer> =>
  await request(method, path.replace('{client}', client), {
    token: await app.token({ roles: undefined, data_room: { clients: ['*'] }, ...claims }),
    ...(method === 'POST' || method === 'PATCH' ? { body: {} } : {}),
  });

describe('rights', () => {
  const routes: [string, string, string[]][] = [
    ['POST', '/{client}/policies', ['PolicyCreate']],
    ['GET', '/{client}/policies/p-1', ['PolicyView']],
    ['PATCH', '/{client}/policies/p-1', ['PolicyView', 'PolicyModify']],
    ['DELETE', '/{client}/policies/p-1', ['PolicyDelete']],
    ['GET', '/clients/{client}/policies', ['ClientView', 'PolicyConfigurationView']],
  ];
  test.each(routes)(
    '4.3 %s %s with each single right missing, and from another client',
    async (method, path, needed) => {
      await create(certificatePolicy);
      const permissions = needed.map((name) => `AccessControl.${name}`);
      for (const missing of permissions) {
        const answer = await asked(method, path, { permissions: permissions.filter((one) => one !== missing) });
        expect([missing, codesOf(answer)]).toEqual([missing, ['errors.permissionDenied']]);
      }
      const foreign = await asked(method, path, { permissions, data_room: { clients: ['elsewhere'] } });
      expect([foreign.status, codesOf(foreign)]).toEqual([403, ['errors.dataroomDenied']]);
      expect((await asked(method, path, { permissions })).status).not.toBe(403);
    },
  );

  test.each(routes)('4.4 %s %s is not open to self-admins', async (method, path) => {
    const answer = await asked(method, path, { roles: ['nevisIdm.SelfAdmin'], sub: 'u-1', client_ext_id: client });
    expect(codesOf(answer)).toEqual(['errors.permissionDenied']);
  });
});

test('2.2 ids that are words of other routes lead to what they name', async () => {
  await new Builders(app.dataSource).client('policies');
  await request('POST', '/policies/policies', { body: { ...certificatePolicy, extId: 'policies' } });
  expect((await request('GET', '/policies/policies/policies')).body).toMatchObject({ clientExtId: 'policies' });
  const list = await request('GET', '/clients/policies/policies');
  expect(itemsOf(list).map(({ extId }) => extId)).toEqual(['policies']);
  for (const word of ['clients', 'system']) {
    const answer = await request('GET', `/${word}/policies/p-1`);
    expect([word, answer.status, codesOf(answer)]).toEqual([word, 404, ['errors.noRecord']]);
  }
});
