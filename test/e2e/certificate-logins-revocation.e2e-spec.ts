/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { toPem } from '../../src/x509/certificate/pem.js';
import type { Answer } from '../support/http.js';
import { RevocationRequests, REVOKED } from '../support/revocation-requests.js';
import type { Issued } from '../support/signed-certificate.js';

let fixture: RevocationRequests;

beforeAll(async () => {
  fixture = await RevocationRequests.start();
});

afterAll(async () => await fixture.close());

beforeEach(async () => await fixture.nextClient({}));

const logIn = async (leaf: Issued): Promise<Answer> =>
  await fixture.policies.request('POST', fixture.path('/certificate-logins'), {
    body: { certificate: toPem(leaf.der) },
  });

const failures = async (): Promise<number> =>
  (await fixture.policies.request('GET', fixture.certificates('/cert'))).body.failedLoginCount as number;

/** Registers it while its revocation is not asked about. */
async function register(leaf: Issued, revocationCheck: string): Promise<void> {
  expect((await fixture.post(leaf, '', { extId: 'cert' })).body.stateName).toBe('active');
  const parameters = { trustAnchors: 'set-1', revocationCheck };
  expect((await fixture.policies.patch('p-1', { version: 1, parameters })).status).toBe(200);
}

test('13.3, 15.2 what the responder says decides, and its answer limits usableUntil', async () => {
  const leaf = fixture.answered();
  await register(leaf, 'hard');
  const { body } = await logIn(leaf);
  expect(body.outcome).toBe('ok');
  expect(new Date(body.usableUntil as string).getTime()).toBeLessThan(leaf.certificate.notAfter.getTime());
});

test('15.3 a revoked certificate fails, and is counted', async () => {
  const leaf = fixture.answered(REVOKED);
  await register(leaf, 'soft');
  expect((await logIn(leaf)).body).toMatchObject({ outcome: 'failed', explanation: { revocation: { passed: false } } });
  expect(await failures()).toBe(1);
});

test('15.3 a certificate whose revocation is unknown fails, and is not counted', async () => {
  const leaf = fixture.leaf({ ocsp: 'nothing-here' });
  await register(leaf, 'hard');
  for (let time = 0; time < 4; time += 1) expect((await logIn(leaf)).body.outcome).toBe('failed');
  expect(await failures()).toBe(0);
});
