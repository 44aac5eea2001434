import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import { SecretVault } from '../../src/vault/secret-vault.js';
import { KeyStoreFixture, ACCOUNT } from '../support/key-store-fixture.js';

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

beforeEach(() => fixture.repairVault());

afterAll(async () => await fixture.app.close());

test('L3 a created key store whose vault answer was lost becomes Available', async () => {
  fixture.vault.loseAnswers(true);
  const { id } = await fixture.create(fixture.freshName());
  fixture.vault.loseAnswers(false);
  expect(await fixture.statusOf(id)).toBe('UnAvailable');
  await fixture.reconcile();
  expect([await fixture.statusOf(id), await fixture.versionsOf(id), await fixture.claimed()]).toEqual([
    'Available',
    ['1 live'],
    0,
  ]);
});

test('L3 a secret that no key decrypts is left unchanged and logged, and others are settled', async () => {
  fixture.vault.loseAnswers(true);
  const unreadable = await fixture.create(fixture.freshName());
  fixture.app.clock.advance(1);
  const { id } = await fixture.create(fixture.freshName());
  fixture.vault.loseAnswers(false);
  let reads = 0;
  fixture.vault.before((call) => {
    if (call === 'read') reads += 1;
    return Promise.resolve(call === 'read' && reads === 1 ? ('unreadable' as const) : undefined);
  });
  await fixture.reconcile();
  expect([await fixture.statusOf(unreadable.id), await fixture.statusOf(id)]).toEqual(['UnAvailable', 'Available']);
  expect(fixture.app.log.some((line) => line.includes(`"keyStoreId":${unreadable.id},"message":"no key opens`))).toBe(
    true,
  );
  fixture.vault.before(undefined);
  await fixture.reconcile();
  expect([await fixture.statusOf(unreadable.id), await fixture.claimed()]).toEqual(['Available', 0]);
});

test('L5 a replacement whose vault answer was lost leaves no secret behind', async () => {
  const name = fixture.freshName();
  const { id } = await fixture.create(name);
  const before: unknown = (await fixture.send('GET', fixture.path(id))).body;
  fixture.vault.loseAnswers(true);
  await fixture.send('PUT', fixture.path(id), fixture.item(fixture.freshName(), fixture.other));
  fixture.vault.loseAnswers(false);
  await fixture.reconcile();
  expect((await fixture.send('GET', fixture.path(id))).body).toEqual(before);
  expect(await fixture.versionsOf(id)).toEqual(['1 destroyed', '2 destroyed', '3 live']);
});

test('L5 a p12 of a lost replacement is not taken for the one of the row', async () => {
  fixture.vault.fail('sealed');
  const name = fixture.freshName();
  const { id } = await fixture.create(name);
  fixture.vault.fail(undefined);
  fixture.vault.loseAnswers(true);
  await fixture.send('PUT', fixture.path(id), fixture.item(name, fixture.other));
  fixture.vault.loseAnswers(false);
  await fixture.reconcile();
  expect([await fixture.statusOf(id), await fixture.versionsOf(id), await fixture.claimed()]).toEqual([
    'UnAvailable',
    ['1 destroyed'],
    0,
  ]);
});

test('L5 an old version that could not be destroyed is destroyed later', async () => {
  const name = fixture.freshName();
  const { id } = await fixture.create(name);
  fixture.vault.before((call) => {
    return Promise.resolve(call === 'destroy' ? ('timeout' as const) : undefined);
  });
  const answer = await fixture.send('PUT', fixture.path(id), fixture.item(name, fixture.other));
  expect(answer.body).toMatchObject({ successfulySavedCertificates: [{ id, status: 'Available' }] });
  expect(await fixture.versionsOf(id)).toEqual(['1 live', '2 live']);
  fixture.vault.before(undefined);
  fixture.vault.fail(undefined);
  await fixture.reconcile();
  expect([await fixture.versionsOf(id), await fixture.statusOf(id)]).toEqual([['1 destroyed', '2 live'], 'Available']);
});

test('L1 a lost secret makes its key store UnAvailable, and Available when it is back', async () => {
  const { id } = await fixture.create(fixture.freshName());
  const mark = async (deleted: string | null) =>
    await fixture.app.dataSource.query('update sealed_secrets set deleted_at = $2 where key_store_id = $1', [
      id,
      deleted,
    ]);
  await mark('2026-06-01Z');
  await fixture.reconcile();
  expect(await fixture.statusOf(id)).toBe('UnAvailable');
  await mark(null);
  await fixture.reconcile();
  expect(await fixture.statusOf(id)).toBe('Available');
  await fixture.app.dataSource.query('delete from sealed_secrets where key_store_id = $1', [id]);
  await fixture.reconcile();
  expect(await fixture.statusOf(id)).toBe('UnAvailable');
  expect((await fixture.send('PUT', fixture.path(id), fixture.item(fixture.freshName()))).body).toMatchObject({
    successfulySavedCertificates: [{ id, status: 'Available' }],
  });
});

test('L1 a secret without a row, as after a restored database, is left in the vault and logged', async () => {
  const address = { accountId: ACCOUNT, keyStoreId: 3_000_000_007 };
  await fixture.app.get(SecretVault).write(address, 0, new Secret(fixture.file));
  await fixture.reconcile();
  expect(await fixture.versionsOf(address.keyStoreId)).toEqual(['1 live']);
  expect(
    fixture.app.log.filter((line) => line.includes('3000000007') && line.includes('without a key store')),
  ).toHaveLength(1);
});

test('L3 a creation left unfinished for too long is removed, with a secret that arrives later', async () => {
  const name = fixture.freshName();
  fixture.vault.before(async (call) => {
    if (call !== 'write') return;
    fixture.vault.before(undefined);
    await fixture.reconcile();
  });
  const { id } = await fixture.create(name);
  expect((await fixture.send('GET', fixture.path(id))).status).toBe(404);
  expect(await fixture.versionsOf(id)).toEqual(['1 destroyed']);
  await fixture.reconcile();
  expect(await fixture.versionsOf(id)).toEqual([]);
  const lines: unknown = await fixture.app.dataSource.query(
    'select action, actor from audit_events where ext_id = $1 order by id',
    [String(id)],
  );
  expect(lines).toEqual([
    { action: 'created', actor: 'admin-1' },
    { action: 'deleted', actor: 'reconciler' },
  ]);
});
