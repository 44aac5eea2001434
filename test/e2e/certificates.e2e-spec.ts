import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { CORE, codesOf, send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

let app: TestApp;
let token: string;

const CERTIFICATES = `${CORE}/100/users/helper-7/certificates`;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.policy('100', 'default');
  await builders.policy('100', 'strict', { certificateUploadCheck: 'strict', maxValidityDays: '397' });
  await builders.user('100', 'helper-7', { firstName: 'Jane', familyName: 'Doe' });
  token = await app.token();
});

afterAll(async () => await app.close());

const anyCertificate = async (cn: string) => (await issueCertificate({ subject: `CN=${cn}` })).pem;

test('X2, X3, X4, X5 a certificate is created, read, changed and deleted', async () => {
  const created = await send(app, 'POST', CERTIFICATES, {
    token,
    body: { extId: 'cert-1', certificate: await anyCertificate('first') },
  });
  expect(created.body).toMatchObject({ extId: 'cert-1', version: 1, stateName: 'active', subjectDN: 'CN=first' });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`${CERTIFICATES}/cert-1`);
  expect(created.headers.get('etag')).toBe('"1"');

  const patched = await send(app, 'PATCH', `${CERTIFICATES}/cert-1`, {
    token,
    body: { certificate: await anyCertificate('second'), version: 1, modificationComment: 'renewed' },
  });
  expect(patched.body).toMatchObject({ version: 2, subjectDN: 'CN=second', modificationComment: 'renewed' });
  expect(patched.status).toBe(200);

  const read = await send(app, 'GET', `${CERTIFICATES}/cert-1`, { token });
  expect(read.body).toEqual(patched.body);

  const stale = await send(app, 'PATCH', `${CERTIFICATES}/cert-1`, { token, body: { version: 1 } });
  expect(stale.status).toBe(409);
  expect(stale.body.errors[0]).toMatchObject({ currentVersion: 2, changedBy: 'admin-1' });

  const list = await send(app, 'GET', `${CERTIFICATES}?returnTotalResultCount=true`, { token });
  expect(list.body).toMatchObject({ items: [read.body], _pagination: { limit: 100, totalResult: 1 } });

  expect((await send(app, 'DELETE', `${CERTIFICATES}/cert-1`, { token })).status).toBe(204);
  const gone = await send(app, 'GET', `${CERTIFICATES}/cert-1`, { token });
  expect([gone.status, codesOf(gone)]).toEqual([404, ['errors.noRecord']]);
});
