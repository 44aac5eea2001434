import { afterAll, beforeAll, expect, test } from 'vitest';

import openapi from '../../docs/openapi.json' with { type: 'json' };
import { BUILT_IN_ROLES } from '../../src/config/roles.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, send } from '../support/http.js';
import { itemOf, makeFile } from '../support/key-store-fixture.js';
import { issueCertificate } from '../support/pki.js';

const ROLES = Object.keys(BUILT_IN_ROLES);

let app: TestApp;
/** The path parameters, in client 100. */
let keyStoreId: string;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.policy('100', 'default');
  await builders.user('100', 'jane');
  const { pem } = await issueCertificate({ subject: 'CN=Jane' });
  const path = `${CORE}/100/users/jane/certificates`;
  await send(app, 'POST', path, { token: await app.token(), body: { extId: 'cert-1', certificate: pem } });
  const body = [itemOf('store', await makeFile('store'))];
  const created = await send(app, 'POST', '/mtls/account/100/certificates', { token: await app.token(), body });
  keyStoreId = String(created.body.successfulySavedCertificates[0].id);
});

afterAll(async () => await app.close());

interface Route {
  readonly method: string;
  readonly path: string;
}

/** Deletions come last, so that the other requests find the records. */
const ROUTES: readonly Route[] = Object.entries(openapi.paths)
  .flatMap(([path, operations]) => Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })))
  .toSorted((one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'));

const inClient = (path: string, client: string, user: string) =>
  path
    .replace(/\{clientExtId\}|\{accountId\}/, client)
    .replace('{userExtId}', user)
    .replace('{extId}', 'cert-1')
    .replace('{name}', 'crl-1')
    .replace('{id}', '00000000-0000-4000-8000-000000000000')
    .replace('{certificateId}', keyStoreId);

const bodyOf = (method: string) => (method === 'GET' || method === 'DELETE' ? {} : { body: {} });

/** `yes` where the caller has the rights, whatever the answer is then. */
async function cell(route: Route, path: string, token: string, xToken?: string): Promise<string> {
  const { status } = await send(app, route.method, path, { token, xToken, ...bodyOf(route.method) });
  expect(status, `${route.method} ${path}`).toBeLessThan(500);
  return status === 401 || status === 403 ? '-' : 'yes';
}

test('4.2 4.4 every role has the routes of test/role-matrix.md, which `npm run openapi` writes', async () => {
  const token = async (role: string) =>
    await app.token({ roles: [role], sub: 'somebody', client_ext_id: 'nowhere', data_room: { clients: ['*'] } });
  const tokens = await Promise.all(ROLES.map(token));
  const self = await app.token({ roles: ['nevisIdm.SelfAdmin'], sub: 'jane' });
  const selfXToken = await app.xToken('jane');
  const short = ROLES.map((role) => role.replace('nevisIdm.', ''));
  const lines = [
    '# Who may call what',
    '',
    'Every built-in role in a client of its data room, then a self-admin on their own record, without and with an X-Token.',
    '`-` is 403, or 401 for want of the X-Token.',
    '',
    `| route | ${short.join(' | ')} | own | own, X-Token |`,
    `|---${'|---'.repeat(short.length)}|---|---|`,
  ];
  for (const route of ROUTES) {
    // The records do not exist: a caller with the rights gets 404 or 422, and nothing is changed.
    const elsewhere = inClient(route.path, 'nowhere', 'nobody');
    const own = inClient(route.path, '100', 'jane');
    const cells: string[] = [];
    for (const one of tokens) cells.push(await cell(route, elsewhere, one));
    cells.push(await cell(route, own, self), await cell(route, own, self, selfXToken));
    const shown = route.path.replace('/nevisidm/api', '…');
    expect(`${elsewhere}${own}`).not.toContain('{');
    lines.push(`| ${route.method} \`${shown}\` | ${cells.join(' | ')} |`);
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../role-matrix.md');
});
