import { afterAll, beforeAll, expect, test } from 'vitest';

import { send } from '../support/http.js';
import { KeyStoreFixture, ACCOUNT, OTHER_ACCOUNT } from '../support/key-store-fixture.js';

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

afterAll(async () => await fixture.app.close());

test('L1 an unknown account is 404 on every route', async () => {
  const everywhere = await fixture.app.token({ data_room: { clients: ['*'] } });
  const path = fixture.path(undefined, 'nobody');
  const ask = async (method: string, body?: unknown, id?: number) =>
    (await send(fixture.app, method, fixture.path(id, 'nobody'), { token: everywhere, body })).status;
  expect(path).toContain('nobody');
  expect(await ask('GET')).toBe(404);
  expect(await ask('GET', undefined, 3_000_000_000)).toBe(404);
  expect(await ask('POST', [fixture.item('x')])).toBe(404);
  expect(await ask('PUT', [{ ...fixture.item('x'), id: 3_000_000_000 }])).toBe(404);
  expect(await ask('DELETE', undefined, 3_000_000_000)).toBe(404);
});

test('L2, L7, L8 an invalid id is 404, whatever the body', async () => {
  for (const text of ['0', '01', '-1', '1.5', '9007199254740992', 'abc', '%20']) {
    const path = `${fixture.path()}/${text}`;
    expect((await fixture.send('GET', path)).status, text).toBe(404);
    expect((await fixture.send('PUT', path, fixture.item('x'))).status, text).toBe(404);
    expect((await fixture.send('DELETE', path)).status, text).toBe(404);
  }
});

test('L2 a key store of another account is 404', async () => {
  const { id } = await fixture.create('mine');
  expect((await fixture.send('GET', fixture.path(id, OTHER_ACCOUNT))).status).toBe(404);
  expect((await fixture.send('PUT', fixture.path(id, OTHER_ACCOUNT), fixture.item('theirs'))).status).toBe(404);
  expect((await fixture.send('DELETE', fixture.path(id, OTHER_ACCOUNT))).status).toBe(404);
  expect(
    (await fixture.send('PUT', fixture.path(undefined, OTHER_ACCOUNT), [{ ...fixture.item('x'), id }])).status,
  ).toBe(422);
});

test('L1 reads need the View right and writes the Modify right, checked with the data room before the body is read', async () => {
  const { id } = await fixture.create('rights');
  const tokens = {
    nobody: undefined,
    viewer: await fixture.app.token({
      roles: [],
      permissions: ['AccessControl.MtlsCertificateView'],
      data_room: undefined,
      client_ext_id: ACCOUNT,
    }),
    modifier: await fixture.app.token({
      roles: [],
      permissions: ['AccessControl.MtlsCertificateModify'],
      client_ext_id: ACCOUNT,
    }),
    elsewhere: await fixture.app.token({ roles: ['nevisIdm.MtlsAdmin'], client_ext_id: OTHER_ACCOUNT }),
  };
  const reads = [fixture.path(), fixture.path(id)].map((path) => ['GET', path] as const);
  const writes = [
    ['POST', fixture.path()],
    ['PUT', fixture.path()],
    ['POST', fixture.path('by-file')],
    ['POST', fixture.path('byFile')],
    ['PUT', fixture.path('by-file')],
    ['PUT', fixture.path('byFile')],
    ['PUT', fixture.path(id)],
    ['DELETE', fixture.path(4_000_000_000_000)],
    ['POST', `/mtls/account/${ACCOUNT}/p12-test/multipart`],
  ] as const;
  const statusOf = async (token: string | undefined, [method, path]: readonly [string, string]) =>
    (await send(fixture.app, method, path, { token, ...(method === 'GET' ? {} : { body: 'nonsense' }) })).status;
  for (const route of [...reads, ...writes]) {
    expect(await statusOf(tokens.nobody, route)).toBe(401);
    expect(await statusOf(tokens.elsewhere, route)).toBe(403);
  }
  for (const route of reads) expect(await statusOf(tokens.viewer, route)).toBe(200);
  for (const route of reads) expect(await statusOf(tokens.modifier, route)).toBe(403);
  for (const route of writes) expect(await statusOf(tokens.viewer, route)).toBe(403);
  for (const route of writes) expect([400, 404, 415]).toContain(await statusOf(tokens.modifier, route));
  const refused: unknown = await fixture.app.dataSource.query(
    `select distinct kind, ext_id as "extId" from audit_events where action = 'refused' and client_ext_id = $1 order by 1`,
    [ACCOUNT],
  );
  expect(refused).toContainEqual({ kind: 'keyStore', extId: String(id) });
});
