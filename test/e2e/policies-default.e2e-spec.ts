import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { codesOf } from '../support/http.js';
import { CERTIFICATE_POLICY, itemsOf, PolicyFixture } from '../support/policy-fixture.js';

let fixture: PolicyFixture;

beforeAll(async () => {
  fixture = await PolicyFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.nextClient());

const defaults = async (): Promise<string[]> => {
  const answer = await fixture.request('GET', `/clients/${fixture.client}/policies?limit=1000`);
  return itemsOf(answer).flatMap(({ extId, defaultPolicy }) => (defaultPolicy ? [extId] : []));
};

describe('2.11 the default policy', () => {
  test('2.11 a new default replaces the previous one of its type in the same change', async () => {
    await fixture.create({ ...CERTIFICATE_POLICY, defaultPolicy: true });
    await fixture.create({ ...CERTIFICATE_POLICY, extId: 'p-2', name: 'Second', defaultPolicy: true });
    expect(await defaults()).toEqual(['p-2']);
    expect((await fixture.read('p-1')).body).toMatchObject({ defaultPolicy: false, version: 2 });

    expect((await fixture.patch('p-1', { defaultPolicy: true })).body).toMatchObject({
      defaultPolicy: true,
      version: 3,
    });
    expect(await defaults()).toEqual(['p-1']);
    expect(await fixture.eventsOf('p-2')).toMatchObject([
      { action: 'created' },
      { action: 'changed', changes: { defaultPolicy: { from: true, to: false } } },
    ]);
    expect((await fixture.patch('p-1', { defaultPolicy: true })).body.version).toBe(3);
  });

  test('2.11 a new default does not change the default of another type', async () => {
    await fixture.create({ ...CERTIFICATE_POLICY, defaultPolicy: true });
    await fixture.create({ policyType: 'PwdPolicy', extId: 'p-2', defaultPolicy: true });
    expect(await defaults()).toEqual(['p-1', 'p-2']);
  });

  test('2.11 the default can neither be unset nor deleted', async () => {
    await fixture.create({ ...CERTIFICATE_POLICY, defaultPolicy: true });
    const unset = await fixture.patch('p-1', { defaultPolicy: false });
    expect([unset.status, codesOf(unset)]).toEqual([422, ['errors.deleteDefaultEntityFailure']]);
    const removed = await fixture.delete('p-1');
    expect([removed.status, codesOf(removed)]).toEqual([422, ['errors.deleteDefaultEntityFailure']]);
    expect(await defaults()).toEqual(['p-1']);
  });

  test('2.11 after 50 policies became the default at once exactly one is', async () => {
    const created = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        fixture.create({ policyType: 'CertificatePolicy', extId: `p-${index}`, defaultPolicy: true }),
      ),
    );
    expect(new Set(created.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await defaults()).toHaveLength(1);

    const patched = await Promise.all(
      Array.from({ length: 50 }, (_, index) => fixture.patch(`p-${index}`, { defaultPolicy: true })),
    );
    expect(new Set(patched.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await defaults()).toHaveLength(1);
  });
});
