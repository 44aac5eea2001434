import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Reconciler } from '../../src/keystores/reconciler.service.js';
import { codesOf } from '../support/http.js';
import { KeyStoreWorld, makeFile, type MadeFile, itemOf } from '../support/key-store-world.js';

/** Of the log. */
const INFO = 30;

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

test('L1 what is on its way is left alone', async () => {
  const name = world.freshName();
  world.vault.before(async (call) => {
    if (call !== 'write') return;
    world.vault.before(undefined);
    await world.app.scheduler.runAll();
  });
  expect(await world.create(name)).toMatchObject({ status: 'Available' });
});

test('L8 deleted while it is replaced: it stays deleted, and nothing lives on in the vault', async () => {
  const name = world.freshName();
  const { id } = await world.create(name);
  world.vault.before(async (call) => {
    if (call !== 'write') return;
    world.vault.before(undefined);
    expect((await world.send('DELETE', world.path(id))).status).toBe(200);
  });
  const replaced = await world.send('PUT', world.path(id), item(name, other));
  expect([replaced.status, codesOf(replaced)]).toEqual([404, ['errors.noRecord']]);
  expect((await world.send('GET', world.path(id))).body).toMatchObject({ deleted: true });
  await world.reconcile();
  expect([await world.versionsOf(id), await world.claimed()]).toEqual([['1 deleted', '2 destroyed'], 0]);
});

test('L5 deleted while a batch replaces it: 422 with its index, as any unknown id, unless others are stored', async () => {
  for (const others of [0, 1]) {
    const create = async (name: string) => ({ ...(await world.create(name)), name });
    const gone = await create(world.freshName());
    const rest = await Promise.all(Array.from({ length: others }, async () => await create(world.freshName())));
    world.vault.before(async (call) => {
      if (call !== 'write') return;
      world.vault.before(undefined);
      expect((await world.send('DELETE', world.path(gone.id))).status).toBe(200);
    });
    const items = [...rest, gone].map(({ id, name }) => ({ id, ...item(name, other) }));
    const answer = await world.send('PUT', world.path(), items);
    if (others === 0) {
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'id', index: 0 }] } });
    } else {
      expect(answer).toMatchObject({
        status: 200,
        body: {
          successfulySavedCertificates: [{ id: rest[0]?.id }],
          failedSaveToVaultCertificates: [{ id: gone.id, deleted: true }],
        },
      });
    }
  }
});

test('L7 L8 replaced and deleted at once: replaced before it is deleted, or 404', async () => {
  for (let round = 0; round < 10; round += 1) {
    const name = world.freshName();
    const { id } = await world.create(name);
    const [replaced, deleted] = await Promise.all([
      world.send('PUT', world.path(id), item(name, other)),
      world.send('DELETE', world.path(id)),
    ]);
    expect(deleted).toMatchObject({ status: 200, body: { deleted: true } });
    if (replaced.status === 200) {
      expect(replaced.body).toMatchObject({
        successfulySavedCertificates: [{ id }],
        failedSaveToVaultCertificates: [],
      });
    } else {
      expect([replaced.status, codesOf(replaced)]).toEqual([404, ['errors.noRecord']]);
    }
    expect((await world.send('GET', world.path(id))).body).toMatchObject({ deleted: true });
  }
});

test('L5 of many that replace one, all on their way to the vault at once, one is stored and stands', async () => {
  const { id } = await world.create(world.freshName());
  const wanted = Array.from({ length: 5 }, () => world.freshName());
  let unanswered = wanted.length;
  let waiting: (() => void)[] = [];
  // They write together each time, once nobody else can come to it before.
  const writeTogether = (): void => {
    if (waiting.length < unanswered) return;
    for (const goOn of waiting) goOn();
    waiting = [];
  };
  world.vault.before(async (call) => {
    if (call !== 'write') return;
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    writeTogether();
    await promise;
  });
  const answers = await Promise.all(
    wanted.map(async (name) => {
      const answer = await world.send('PUT', world.path(id), item(name, other));
      unanswered -= 1;
      writeTogether();
      return answer;
    }),
  );
  const namesOf = (member: string) =>
    answers.flatMap(({ body }) => (body as unknown as Record<string, { name: string }[]>)[member] ?? []);
  expect(namesOf('failedSaveToVaultCertificates')).toHaveLength(wanted.length - 1);
  const { name } = (await world.send('GET', world.path(id))).body as { name: string };
  expect(namesOf('successfulySavedCertificates')).toMatchObject([{ name }]);
  // Callers who contradict each other are no outage of the vault.
  const said = world.app.log.filter((line) => line.includes(`"keyStoreId":${id},`));
  expect(said.length).toBeGreaterThan(0);
  for (const line of said) {
    expect(JSON.parse(line)).toMatchObject({
      level: INFO,
      message: expect.stringContaining('somebody else') as string,
    });
  }
  await world.reconcile();
  const live = (await world.versionsOf(id)).filter((line) => line.endsWith('live'));
  expect([live.length, await world.statusOf(id), await world.claimed()]).toEqual([1, 'Available', 0]);
});

test('L5 what is being replaced while it is compared stays with whoever replaces it', async () => {
  const { id } = await world.create(world.freshName());
  await world.reconcile();
  const { promise: stored, resolve: hasStored } = Promise.withResolvers<void>();
  const { promise: compared, resolve: hasCompared } = Promise.withResolvers<void>();
  let replacing: Promise<unknown> | undefined;
  world.vault.before(async (call) => {
    if (call === 'readMetadata' && replacing === undefined) {
      // The comparison has read its rows, and is about to hear of a version that none of them names.
      replacing = world.send('PUT', world.path(id), item(world.freshName(), other));
      await stored;
    }
    if (call === 'destroy') {
      hasStored();
      await compared;
    }
  });
  await world.app.scheduler.runAll();
  hasCompared();
  expect(await replacing).toMatchObject({ body: { successfulySavedCertificates: [{ id, status: 'Available' }] } });
  expect([await world.versionsOf(id), await world.claimed()]).toEqual([['1 destroyed', '2 live'], 0]);
});

test('L5 a name that was taken while the vault was asked is refused, and the old p12 stays', async () => {
  const { id } = await world.create(world.freshName());
  const wanted = world.freshName();
  world.vault.before(async (call) => {
    if (call !== 'write') return;
    world.vault.before(undefined);
    await world.create(wanted);
  });
  const answer = await world.send('PUT', world.path(), [{ ...item(wanted, other), id }]);
  expect([answer.status, answer.body.errors]).toMatchObject([
    422,
    [{ code: 'errors.duplicateName', field: 'name', index: 0 }],
  ]);
  expect(await world.versionsOf(id)).toEqual(['1 destroyed', '2 destroyed', '3 live']);
  await world.reconcile();
  expect([await world.statusOf(id), await world.claimed()]).toEqual(['Available', 0]);
});

test('L1 one server at a time reconciles', async () => {
  const reconciler = world.app.get(Reconciler);
  const inside: unknown[] = [];
  world.vault.before(async () => {
    world.vault.before(undefined);
    inside.push(await reconciler.reconcile());
  });
  expect(await reconciler.reconcile()).toMatchObject({ vaultUnavailable: false });
  expect(inside).toEqual([undefined]);
});
