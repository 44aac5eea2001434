import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { LongRequestTurns } from '../../src/common/long-request-turns.js';
import { toPem } from '../../src/x509/certificate/pem.js';
import { CORE, codesOf, fieldsOf, type Answer, send } from '../support/http.js';
import { RevocationChecksFixture } from '../support/revocation-checks-fixture.js';
import { authority, endEntity, extensions, SERVER_AUTH } from '../support/signed-certificate.js';

const PATH = `${CORE}/100/certificates/client-auth-forecast`;

let fixture: RevocationChecksFixture;

beforeAll(async () => {
  fixture = await RevocationChecksFixture.start();
  const { issuing, root } = fixture;
  const forbidding = authority('Forbidding', { issuer: root, and: [extensions.extendedKeyUsage(SERVER_AUTH)] });
  const intermediates = toPem(issuing.der) + toPem(forbidding.der);
  await fixture.request('PATCH', '/100/trust-anchor-sets/set-1', { intermediates });
  await fixture.createPolicy('100', 'any', { trustAnchors: undefined, certificateUploadCheck: 'none' });
  const policyExtId = 'any';
  await fixture.register('good', endEntity(issuing), { policyExtId });
  await fixture.register('ending', endEntity(issuing, { notAfter: '260701000000Z' }), { policyExtId });
  const server = endEntity(issuing, { extensions: [extensions.extendedKeyUsage(SERVER_AUTH)] });
  await fixture.register('server', server, { policyExtId });
  await fixture.register('forbidden', endEntity(forbidding), { policyExtId });
});

afterAll(async () => await fixture.close());

async function ask(query = '', claims: object = {}, path = PATH): Promise<Answer> {
  const token = await fixture.app.token({ data_room: { clients: ['100'] }, ...claims });
  return await send(fixture.app, 'GET', path + query, { token });
}

async function csv(query = ''): Promise<readonly string[]> {
  const token = await fixture.app.token({ data_room: { clients: ['100'] } });
  const headers = { authorization: `Bearer ${token}`, accept: 'text/csv' };
  const answer = await fetch(fixture.app.url + PATH + query, { headers });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
  return (await answer.text()).trimEnd().split('\r\n');
}

describe('the forecast of client authentication', () => {
  test('16.1 counts the affected certificates by issuer and user', async () => {
    expect(await ask()).toMatchObject({
      status: 200,
      body: {
        certificates: 3,
        groups: [
          { issuerDN: 'CN=Forbidding', certificates: 1, reasons: { issuerForbidsClientAuth: 1, ends: 0 } },
          {
            issuerDN: 'CN=Issuing',
            userExtId: 'helper-7',
            certificates: 2,
            reasons: { lacksClientAuth: 1, issuerForbidsClientAuth: 0, ends: 1 },
            firstEnd: '2026-07-01T00:00:00Z',
          },
        ],
      },
    });
  });

  test('16.1 with fewer days, what ends later is left out', async () => {
    expect((await ask('?days=10')).body).toMatchObject({ certificates: 2 });
    expect((await ask('?days=3650')).body).toMatchObject({ certificates: 4 });
  });

  test('16.1 as CSV, every certificate is a record', async () => {
    const [header, ...records] = await csv();
    expect(header).toBe('"extId","userExtId","subjectDN","issuerDN","serial","notAfter","reasons"');
    expect(records.map((record) => record.replaceAll(/,"[0-9A-F]+",/g, ',…,'))).toEqual([
      '"ending","helper-7","CN=Jane Doe","CN=Issuing",…,"2026-07-01T00:00:00Z","ends"',
      expect.stringMatching(/^"forbidden",.*"issuerForbidsClientAuth"$/),
      expect.stringMatching(/^"server",.*"lacksClientAuth"$/),
    ]);
  });

  test('16.1 a certificate whose search columns have not been written is read itself', async () => {
    await fixture.app.dataSource.query(
      `update credentials set described_sha256 = null, extended_key_usage = null where ext_id = 'server'`,
    );
    expect(await csv('?days=0')).toHaveLength(3);
    await fixture.app.dataSource.query(
      `update credentials set described_sha256 = sha256, extended_key_usage = array['${SERVER_AUTH}'] where ext_id = 'server'`,
    );
  });

  test('16.1 more certificates than one batch, and none that is archived', async () => {
    const copies = Array.from({ length: 1_100 }, (_, index) => [`copy-${index}`, endEntity(fixture.issuing)] as const);
    await fixture.copy('ending', copies);
    await fixture.app.dataSource.query(`update credentials set state = 'archived' where ext_id = 'forbidden'`);
    expect((await ask('?days=3650')).body).toMatchObject({ certificates: 1_103 });
    await fixture.app.dataSource.query(`update credentials set state = 'active' where ext_id = 'forbidden'`);
    await fixture.app.dataSource.query(`delete from credentials where ext_id like 'copy-%'`);
  });

  test('16.1 it ends when the caller hangs up', async () => {
    const hangUp = new AbortController();
    const token = await fixture.app.token({ data_room: { clients: ['100'] } });
    const answer = await fetch(fixture.app.url + PATH, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/csv' },
      signal: hangUp.signal,
    });
    hangUp.abort();
    await answer.text().catch(() => undefined);
    const queue = fixture.app.get(LongRequestTurns).forecasts;
    while (queue.heldCount > 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await ask()).status).toBe(200);
  });

  test.each(['-1', '3651', '1.5', 'x', ''])('16.1 fail/days=%s', async (days) => {
    const answer = await ask(`?days=${days}`);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['days']]);
  });

  test('16.1 fail/another client, an unknown one, and without the right', async () => {
    const other = PATH.replace('/100/', '/200/');
    expect((await ask('', {}, other)).status).toBe(403);
    expect((await ask('', { data_room: { clients: ['*'] } }, other)).status).toBe(404);
    const answer = await ask('', { roles: undefined, permissions: ['PolicyView'] });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['errors.permissionDenied']]);
  });
});
