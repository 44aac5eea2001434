import { RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { auditedAs } from '../../src/audit/audited-as.decorator.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Answer, CORE, codesOf, send, type Sending } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

interface Refused {
  readonly actor: string;
  readonly kind: string;
  readonly extId: string;
  readonly code: string;
  readonly requestId: string;
}

let app: TestApp;
let token: string;
let selfAdmin: string;
let pem: string;

const CERTIFICATES = `${CORE}/100/users/u-1/certificates`;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.client('200');
  await builders.policy('100', 'default');
  await builders.policy('100', 'strict', { certificateUploadCheck: 'strict', maxValidityDays: '1' });
  await builders.user('100', 'u-1');
  token = await app.token();
  const passwords = { policyType: 'PwdPolicy', name: 'passwords', defaultPolicy: true };
  await send(app, 'POST', `${CORE}/100/policies`, { token, body: passwords });
  selfAdmin = await app.token({ roles: ['nevisIdm.SelfAdmin'], sub: 'u-1' });
  ({ pem } = await issueCertificate({ subject: 'CN=refused' }));
  await send(app, 'POST', CERTIFICATES, { token, body: { extId: 'cert', certificate: pem } });
});

afterAll(async () => await app.close());

beforeEach(async () => {
  app.clock.advance(1000);
  await app.dataSource.query(`delete from audit_events where action = 'refused'`);
});

const refused = async (client = '100'): Promise<Refused[]> => {
  const reader = await app.token({ data_room: { clients: ['*'] } });
  const answer = await send(app, 'GET', `${CORE}/${client}/audit-events?action=refused`, { token: reader });
  return (answer.body as { items: Refused[] }).items;
};

const patch = async (sending: Sending): Promise<Answer> =>
  await send(app, 'PATCH', `${CERTIFICATES}/cert`, { body: { modificationComment: 'x' }, ...sending });

test('10.1 refusals for X-Token (401), right (403), version (409) and policy (422) are audit events before they are answered', async () => {
  const answers = [
    await patch({ token: selfAdmin }),
    await patch({ token: selfAdmin, xToken: 'forged' }),
    await patch({ token: await app.token({ roles: ['nevisIdm.HistoryView'] }) }),
    await patch({ token, body: { version: 77 } }),
    await send(app, 'POST', CERTIFICATES, {
      token,
      body: { certificate: (await issueCertificate({ subject: 'CN=x' })).pem, policyExtId: 'strict' },
    }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 403, 409, 422]);
  const requestIds = answers.map(({ body }) => (body as { errors: { requestId: string }[] }).errors[0]?.requestId);
  const cert = { kind: 'certificate', extId: 'cert', userExtId: 'u-1', actorClientExtId: '100', action: 'refused' };
  const events = await refused();
  expect(events).toHaveLength(5);
  expect(events).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...cert, actor: 'u-1', code: 'errors.unauthenticated', requestId: requestIds[0] }),
      expect.objectContaining({ ...cert, actor: 'u-1', code: 'errors.unauthenticated', requestId: requestIds[1] }),
      expect.objectContaining({ ...cert, actor: 'admin-1', code: 'errors.permissionDenied', requestId: requestIds[2] }),
      expect.objectContaining({ ...cert, code: 'errors.optimisticLockingFailure', requestId: requestIds[3] }),
      expect.objectContaining({
        ...cert,
        kind: 'user',
        extId: 'u-1',
        code: 'errors.certificatePolicyViolated',
        requestId: requestIds[4],
      }),
    ]),
  );
});

test.each<[string, () => Promise<Answer>, number]>([
  ['an unknown caller', async () => await patch({}), 401],
  ['a read', async () => await send(app, 'GET', CERTIFICATES, { token: await app.token({ roles: undefined }) }), 403],
  ['a malformed change', async () => await patch({ token, body: { stateName: 'asleep' } }), 422],
  ['a stale If-Match', async () => await patch({ token, headers: { 'If-Match': '"7"' } }), 412],
  ['a deletion of nothing', async () => await send(app, 'DELETE', `${CERTIFICATES}/none`, { token }), 404],
  [
    'a dry run',
    async () => await send(app, 'PATCH', `${CERTIFICATES}/cert?dryRun=true`, { token, body: { version: 77 } }),
    409,
  ],
])('10.1 the refusal of %s is not an audit event', async (_, ask, status) => {
  expect((await ask()).status).toBe(status);
  expect(await refused()).toEqual([]);
});

const deleteInClient200 = async (claims: Readonly<Record<string, unknown>>): Promise<Answer> =>
  await send(app, 'DELETE', `${CORE}/200/users/u-1/certificates/cert`, { token: await app.token(claims) });

test('10.1 a refused write to a client outside the data room is not in the audit log of that client', async () => {
  expect(codesOf(await deleteInClient200({}))).toEqual(['errors.dataroomDenied']);
  expect(codesOf(await deleteInClient200({ roles: undefined }))).toEqual(['errors.permissionDenied']);
  expect(await refused('200')).toEqual([]);
});

test('10.1 a refused write to an unknown client is not an audit event', async () => {
  const everywhere = await app.token({ roles: undefined, data_room: { clients: ['*'] } });
  const answer = await send(app, 'DELETE', `${CORE}/nobody/users/u-1/certificates/cert`, { token: everywhere });
  expect(codesOf(answer)).toEqual(['errors.permissionDenied']);
  expect(await app.dataSource.query(`select 1 from audit_events where client_ext_id = 'nobody'`)).toEqual([]);
});

test('10.1 refused writes and logins in a deleted client are not audit events', async () => {
  const every = { data_room: { clients: ['*'] } };
  await send(app, 'POST', `${CORE}/clients`, { token: await app.token(every), body: { extId: 'past', name: 'past' } });
  await send(app, 'DELETE', `${CORE}/clients/past`, { token: await app.token(every) });
  const lines = async () =>
    await app.dataSource.query<unknown[]>(
      `select id from audit_events where client_ext_id in ('nobody', 'past') order by id`,
    );
  const before = await lines();
  for (const client of ['nobody', 'past']) {
    const weak = await app.token({ roles: undefined, ...every });
    expect((await send(app, 'DELETE', `${CORE}/${client}/users/u-1`, { token: weak })).status).toBe(403);
    const self = await app.token({ roles: ['nevisIdm.SelfAdmin'], sub: 'u-1', client_ext_id: client });
    expect((await send(app, 'DELETE', `${CORE}/${client}/users/u-1/certificates/x`, { token: self })).status).toBe(401);
    const body = { grant_type: 'password', username: 'u-1', password: 'correct horse battery' };
    const login = await send(app, 'POST', '/nevisidm/api/principal/v1/token', { token: self, body });
    expect(codesOf(login)).toEqual(['errors.invalidCredentials']);
  }
  expect(await lines()).toEqual(before);
});

test('10.1 each caller causes at most ten refusal events a second', async () => {
  const without = await app.token({ roles: undefined });
  const other = await app.token({ roles: undefined, sub: 'another' });
  const flood = async (): Promise<Answer[]> =>
    await Promise.all(
      [without, other].flatMap((as) => Array.from({ length: 20 }, async () => await patch({ token: as }))),
    );
  expect(new Set((await flood()).map(({ status }) => status))).toEqual(new Set([403]));
  expect(await refused()).toHaveLength(20);
  app.clock.advance(1000);
  await flood();
  expect(await refused()).toHaveLength(40);
});

test('10.1 a refusal event that cannot be written does not change the answer, and is logged', async () => {
  await app.dataSource.query('alter table audit_events rename to audit_events_away');
  try {
    const answer = await patch({ token: await app.token({ roles: undefined }) });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
    expect(app.log.filter((line) => line.includes('refusal not recorded'))).toHaveLength(1);
  } finally {
    await app.dataSource.query('alter table audit_events_away rename to audit_events');
  }
});

test('10.3 refused writes of a password have its kind and id, or those of the user where there is no password', async () => {
  const path = `${CORE}/100/users/u-1/password`;
  const weak = await app.token({ roles: ['nevisIdm.HistoryView'] });
  const body = { password: 'correct horse battery' };
  await send(app, 'POST', path, { token: weak, body });
  await send(app, 'POST', path, { token, body: { password: 'short' } });
  expect(await refused()).toEqual([
    expect.objectContaining({ kind: 'user', extId: 'u-1', userExtId: 'u-1', code: 'errors.permissionDenied' }),
    expect.objectContaining({ kind: 'user', extId: 'u-1', userExtId: 'u-1', code: 'errors.pwdPolicyViolated' }),
  ]);
  const { extId } = (await send(app, 'POST', path, { token, body })).body as { extId: string };
  await app.dataSource.query(`delete from audit_events where action = 'refused'`);
  await send(app, 'PATCH', path, { token: weak, body });
  await send(app, 'PATCH', path, { token, body: { version: 77 } });
  await send(app, 'PATCH', path, { token, body: { password: 'short' } });
  await send(app, 'DELETE', path, { token: weak });
  const event = { kind: 'password', extId, userExtId: 'u-1' };
  const codes = ['permissionDenied', 'optimisticLockingFailure', 'pwdPolicyViolated', 'permissionDenied'];
  expect(await refused()).toEqual(codes.map((code) => expect.objectContaining({ ...event, code: `errors.${code}` })));
  expect((await send(app, 'DELETE', path, { token })).status).toBe(204);
});

test('10.1 dryRun on a route without dry run does not keep the refusal out of the audit log', async () => {
  const weak = await app.token({ roles: ['nevisIdm.Helpdesk'] });
  const answer = await send(app, 'DELETE', `${CERTIFICATES}/cert?dryRun=true`, { token: weak });
  expect(answer.status).toBe(403);
  expect(await refused()).toHaveLength(1);
});

const metadata = (key: string, target: object): unknown => Reflect.getMetadata(key, target);

/** The path and the audited resource of every controller method that answers another HTTP method than GET. */
function writeRoutes() {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const { prototype } = metatype as { readonly prototype: object };
    const descriptors = Object.values(Object.getOwnPropertyDescriptors(prototype)) as { readonly value?: object }[];
    const handlers = descriptors.flatMap(({ value }) => (typeof value === 'function' ? [value] : []));
    return handlers
      .filter((handler) => ![undefined, RequestMethod.GET].includes(metadata('method', handler) as RequestMethod))
      .map((handler) => {
        const path = [metadata('path', metatype as object), metadata('path', handler)].join('/');
        return { path, audited: auditedAs(handler) };
      });
  });
}

test('10.1 every route that writes says what its refusals are recorded for, with parameters of its own path', () => {
  const routes = writeRoutes();
  expect(routes.length).toBeGreaterThan(20);
  for (const { path, audited } of routes) {
    expect(audited, path).toBeDefined();
    for (const name of Object.values(audited?.parameters ?? {})) expect(path.split('/')).toContain(`:${name}`);
  }
});

test('10.1 only the routes without a client in their path, and questions, which change nothing, record no refusals', () => {
  const unaudited = writeRoutes().filter(({ audited }) => audited === null);
  expect(unaudited.map(({ path }) => path)).toEqual([
    expect.stringContaining('core/v1/clients'),
    expect.stringContaining('principal/v1/token'),
    expect.stringMatching(/\/:clientExtId\/certificates\/explain$/),
    expect.stringMatching(/\/users\/:userExtId\/certificates\/explain$/),
    expect.stringMatching(/\/policies\/:extId\/simulate$/),
    expect.stringMatching(/\/:clientExtId\/certificates\/lookup$/),
  ]);
});
