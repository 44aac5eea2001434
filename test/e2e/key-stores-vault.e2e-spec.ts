import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { KeyStoreFixture } from '../support/key-store-fixture.js';

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

beforeEach(() => fixture.repairVault());

afterAll(async () => await fixture.app.close());

test.each(['sealed', 'timeout', 'refused', 'unreachable'] as const)(
  'L3 when the vault is %s the key store is stored as UnAvailable and listed in the 2xx answer',
  async (reason) => {
    const name = fixture.freshName();
    fixture.vault.fail(reason);
    const answer = await fixture.send('POST', fixture.path(), [fixture.item(name)]);
    expect([answer.status, answer.body]).toMatchObject([
      201,
      { successfulySavedCertificates: [], failedSaveToVaultCertificates: [{ name, status: 'UnAvailable' }] },
    ]);
    const { id } = answer.body.failedSaveToVaultCertificates[0] as { id: number };
    const logged = fixture.app.log.find((line) => line.includes(`"keyStoreId":${id},`));
    expect(JSON.parse(logged ?? '{}')).toMatchObject({ reason, requestId: answer.headers.get('x-request-id') });
    expect(await fixture.statusOf(id)).toBe('UnAvailable');
    // The reconciler changes nothing while the vault is unavailable.
    await fixture.reconcile();
    expect(await fixture.statusOf(id)).toBe('UnAvailable');
    fixture.vault.fail(undefined);
    await fixture.reconcile();
    expect([await fixture.statusOf(id), await fixture.claimed()]).toEqual(['UnAvailable', 0]);
    expect((await fixture.send('PUT', fixture.path(id), fixture.item(name))).body).toMatchObject({
      successfulySavedCertificates: [{ id, status: 'Available' }],
    });
  },
);

test('L3 a batch of which the vault stores only some lists the others', async () => {
  let writes = 0;
  fixture.vault.before(() => {
    writes += 1;
    return Promise.resolve(writes === 1 ? undefined : ('overloaded' as const));
  });
  const answer = await fixture.send('POST', fixture.path(), [
    fixture.item(fixture.freshName()),
    fixture.item(fixture.freshName()),
  ]);
  const { successfulySavedCertificates: saved, failedSaveToVaultCertificates: failed } = answer.body as Record<
    string,
    unknown[]
  >;
  expect([saved?.length, failed?.length]).toEqual([1, 1]);
});

test('L3 with a slow vault a request ends after ten seconds and lists what was not stored', async () => {
  const ten = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(ten.signal);
  let writes = 0;
  fixture.vault.before((call) => {
    if (call === 'write' && (writes += 1) === 6) ten.abort();
    return Promise.resolve();
  });
  const answer = await fixture.send(
    'POST',
    fixture.path(),
    Array.from({ length: 8 }, () => fixture.item(fixture.freshName())),
  );
  expect(timeout.mock.calls).toEqual([[10_000]]);
  timeout.mockRestore();
  const body = answer.body as Record<string, unknown[]>;
  expect(answer.status).toBe(201);
  expect(body['failedSaveToVaultCertificates']?.length).toBeGreaterThanOrEqual(3);
  expect(Object.values(body).flat()).toHaveLength(8);
});

test('L5 a replacement that the vault refuses keeps the old p12 and its status', async () => {
  const name = fixture.freshName();
  const { id } = await fixture.create(name);
  const before: unknown = (await fixture.send('GET', fixture.path(id))).body;
  fixture.vault.fail('sealed');
  const answer = await fixture.send('PUT', fixture.path(), [
    { ...fixture.item(fixture.freshName(), fixture.other), id },
  ]);
  expect([answer.status, answer.body]).toEqual([
    200,
    { successfulySavedCertificates: [], failedSaveToVaultCertificates: [before] },
  ]);
  fixture.vault.fail(undefined);
  await fixture.reconcile();
  expect([await fixture.versionsOf(id), await fixture.claimed()]).toEqual([['1 live'], 0]);
  expect((await fixture.send('GET', fixture.path(id))).body).toEqual(before);
});

test('L1 a vault that is down changes no status, and reads do not call it', async () => {
  const { id } = await fixture.create(fixture.freshName());
  fixture.vault.fail('unreachable');
  fixture.vault.calls.length = 0;
  expect(await fixture.statusOf(id)).toBe('Available');
  expect(fixture.vault.calls).toEqual([]);
  await fixture.reconcile();
  expect(await fixture.statusOf(id)).toBe('Available');
  expect(fixture.app.log.some((line) => line.includes('vault unavailable'))).toBe(true);
});

test('L8 a deletion while the vault is down is 200, and the secret is deleted once it is back', async () => {
  const { id } = await fixture.create(fixture.freshName());
  fixture.vault.fail('unreachable');
  expect((await fixture.send('DELETE', fixture.path(id))).status).toBe(200);
  expect(await fixture.versionsOf(id)).toEqual(['1 live']);
  fixture.vault.fail(undefined);
  await fixture.reconcile();
  expect([await fixture.versionsOf(id), await fixture.claimed()]).toEqual([['1 deleted'], 0]);
});
