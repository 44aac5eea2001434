import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import { SecretVault } from '../../src/vault/secret-vault.js';
import { KeyStoreWorld, makeFile, type MadeFile, ACCOUNT, itemOf } from '../support/key-store-world.js';

let world: KeyStoreWorld;
let file: MadeFile;
let other: MadeFile;

beforeAll(async () => {
  world = await KeyStoreWorld.start();
  file = await makeFile('first', 'paw1');
  other = await makeFile('second', 'paw2', '2028-02-29T00:00:00Z');
});

beforeEach(() => world.mendVault());

afterAll(async () => await world.app.close());

const item = (name: string, made = file) => itemOf(name, made);

test('L3 a write whose answer was lost is found, and its key store Available', async () => {
  world.vault.loseAnswers(true);
  const { id } = await world.create(world.freshName());
  world.vault.loseAnswers(false);
  expect(await world.statusOf(id)).toBe('UnAvailable');
  await world.reconcile();
  expect([await world.statusOf(id), await world.versionsOf(id), await world.claimed()]).toEqual([
    'Available',
    ['1 live'],
    0,
  ]);
});

test('L3 a secret that no key opens is left as it is, said, and keeps no other from being settled', async () => {
  world.vault.loseAnswers(true);
  const unreadable = await world.create(world.freshName());
  world.app.clock.advance(1);
  const { id } = await world.create(world.freshName());
  world.vault.loseAnswers(false);
  let reads = 0;
  world.vault.before((call) => {
    if (call === 'read') reads += 1;
    return Promise.resolve(call === 'read' && reads === 1 ? ('unreadable' as const) : undefined);
  });
  await world.reconcile();
  expect([await world.statusOf(unreadable.id), await world.statusOf(id)]).toEqual(['UnAvailable', 'Available']);
  expect(world.app.log.some((line) => line.includes(`"keyStoreId":${unreadable.id},"message":"no key opens`))).toBe(
    true,
  );
  world.vault.before(undefined);
  await world.reconcile();
  expect([await world.statusOf(unreadable.id), await world.claimed()]).toEqual(['Available', 0]);
});

test('L5 a replacement whose answer was lost leaves nothing', async () => {
  const name = world.freshName();
  const { id } = await world.create(name);
  const before: unknown = (await world.send('GET', world.path(id))).body;
  world.vault.loseAnswers(true);
  await world.send('PUT', world.path(id), item(world.freshName(), other));
  world.vault.loseAnswers(false);
  await world.reconcile();
  expect((await world.send('GET', world.path(id))).body).toEqual(before);
  expect(await world.versionsOf(id)).toEqual(['1 destroyed', '2 destroyed', '3 live']);
});

test('L5 a p12 that never got its row is not taken for the one that the row was made for', async () => {
  world.vault.fail('sealed');
  const name = world.freshName();
  const { id } = await world.create(name);
  world.vault.fail(undefined);
  world.vault.loseAnswers(true);
  await world.send('PUT', world.path(id), item(name, other));
  world.vault.loseAnswers(false);
  await world.reconcile();
  expect([await world.statusOf(id), await world.versionsOf(id), await world.claimed()]).toEqual([
    'UnAvailable',
    ['1 destroyed'],
    0,
  ]);
});

test('L5 an old version that could not be destroyed goes later', async () => {
  const name = world.freshName();
  const { id } = await world.create(name);
  world.vault.before((call) => {
    return Promise.resolve(call === 'destroy' ? ('timeout' as const) : undefined);
  });
  const answer = await world.send('PUT', world.path(id), item(name, other));
  expect(answer.body).toMatchObject({ successfulySavedCertificates: [{ id, status: 'Available' }] });
  expect(await world.versionsOf(id)).toEqual(['1 live', '2 live']);
  world.vault.before(undefined);
  world.vault.fail(undefined);
  await world.reconcile();
  expect([await world.versionsOf(id), await world.statusOf(id)]).toEqual([['1 destroyed', '2 live'], 'Available']);
});

test('L1 a secret that vanished is found, and one that came back', async () => {
  const { id } = await world.create(world.freshName());
  const mark = async (deleted: string | null) =>
    await world.app.dataSource.query('update sealed_secrets set deleted_at = $2 where key_store_id = $1', [
      id,
      deleted,
    ]);
  await mark('2026-06-01Z');
  await world.reconcile();
  expect(await world.statusOf(id)).toBe('UnAvailable');
  await mark(null);
  await world.reconcile();
  expect(await world.statusOf(id)).toBe('Available');
  await world.app.dataSource.query('delete from sealed_secrets where key_store_id = $1', [id]);
  await world.reconcile();
  expect(await world.statusOf(id)).toBe('UnAvailable');
  expect((await world.send('PUT', world.path(id), item(world.freshName()))).body).toMatchObject({
    successfulySavedCertificates: [{ id, status: 'Available' }],
  });
});

test('L1 a secret without a row, as an older database meets it, is left in the vault and said in the log', async () => {
  const address = { accountId: ACCOUNT, keyStoreId: 3_000_000_007 };
  await world.app.get(SecretVault).write(address, 0, new Secret(file));
  await world.reconcile();
  expect(await world.versionsOf(address.keyStoreId)).toEqual(['1 live']);
  expect(
    world.app.log.filter((line) => line.includes('3000000007') && line.includes('without a key store')),
  ).toHaveLength(1);
});

test('L3 a creation that its server forgot for too long is taken back, and the late secret with it', async () => {
  const name = world.freshName();
  world.vault.before(async (call) => {
    if (call !== 'write') return;
    world.vault.before(undefined);
    await world.reconcile();
  });
  const { id } = await world.create(name);
  expect((await world.send('GET', world.path(id))).status).toBe(404);
  expect(await world.versionsOf(id)).toEqual(['1 destroyed']);
  await world.reconcile();
  expect(await world.versionsOf(id)).toEqual([]);
  const lines: unknown = await world.app.dataSource.query(
    'select action, actor from trail where ext_id = $1 order by id',
    [String(id)],
  );
  expect(lines).toEqual([
    { action: 'created', actor: 'admin-1' },
    { action: 'deleted', actor: 'reconciler' },
  ]);
});
