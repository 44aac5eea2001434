import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { toPem } from '../../src/x509/certificate/pem.js';
import { startApp, type TestApp } from '../support/app.js';
import { CORE, send } from '../support/http.js';
import { RevocationRequests } from '../support/revocation-requests.js';
import type { Issued } from '../support/signed-certificate.js';

let fixture: RevocationRequests;
let other: TestApp;
let leaf: Issued;

beforeAll(async () => {
  fixture = await RevocationRequests.start();
  const { url } = fixture.policies.app.dataSource.options as { url: string };
  other = await startApp({}, () => url);
});

afterAll(async () => {
  await other.close();
  await fixture.close();
});

beforeEach(async () => {
  await fixture.nextClient();
  other.clock.set(fixture.policies.app.clock.now());
  await fixture.putCrl({ number: 1 });
  leaf = fixture.leaf();
  expect((await fixture.post(leaf, '', { extId: 'cert' })).body).toMatchObject({ stateName: 'active' });
});

async function outcomeAt(server: TestApp): Promise<unknown> {
  const token = await server.token({ data_room: { clients: ['*'] } });
  const body = { certificate: toPem(leaf.der) };
  const answer = await send(server, 'POST', `${CORE}${fixture.path('/certificate-logins')}`, { token, body });
  return (answer.body as { outcome: unknown }).outcome;
}

/** One after the other, so that both servers know the set and its CRLs. */
async function outcomes(): Promise<readonly unknown[]> {
  return [await outcomeAt(fixture.policies.app), await outcomeAt(other)];
}

const deleteCrl = async () =>
  await fixture.policies.request('DELETE', fixture.path('/trust-anchor-sets/set-1/crls/own'));

test('13.2, 15.2 a CRL that one server stores decides the next login on every server', async () => {
  expect([...(await outcomes()), ...(await outcomes())]).toEqual(['ok', 'ok', 'ok', 'ok']);
  await fixture.revokeByCrl(leaf);
  expect(await outcomes()).toEqual(['failed', 'failed']);
});

test('13.2, 15.2 a CRL that was deleted is evidence of no further login', async () => {
  expect(await outcomes()).toEqual(['ok', 'ok']);
  expect((await deleteCrl()).status).toBe(204);
  expect(await outcomes()).toEqual(['failed', 'failed']);
  await fixture.putCrl({ number: 2 });
  expect(await outcomes()).toEqual(['ok', 'ok']);
});

test('13.2, 15.2 a stored CRL that has ended is no evidence, although the same login succeeded before', async () => {
  await fixture.putCrl({ number: 2, nextUpdate: '261001000000Z' });
  expect(await outcomes()).toEqual(['ok', 'ok']);
  for (const { clock } of [fixture.policies.app, other]) clock.set('2026-10-01T00:00:01Z');
  expect(await outcomes()).toEqual(['failed', 'failed']);
});
