import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Leader } from '../../src/database/leader.js';
import { Reconciler } from '../../src/keystores/reconciler.service.js';
import { type Answer, codesOf } from '../support/http.js';
import { KeyStoreFixture } from '../support/key-store-fixture.js';

/** The log level. */
const INFO = 30;

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

beforeEach(() => fixture.repairVault());

afterAll(async () => await fixture.app.close());

test('L1 the reconciler does not touch a creation in progress', async () => {
  const name = fixture.freshName();
  fixture.vault.before(async (call) => {
    if (call !== 'write') return;
    fixture.vault.before(undefined);
    await fixture.app.scheduler.runAll();
  });
  expect(await fixture.create(name)).toMatchObject({ status: 'Available' });
});

test('L8 a key store that is deleted during a replacement stays deleted, and its secrets in the vault too', async () => {
  const name = fixture.freshName();
  const { id } = await fixture.create(name);
  fixture.vault.before(async (call) => {
    if (call !== 'write') return;
    fixture.vault.before(undefined);
    expect((await fixture.send('DELETE', fixture.path(id))).status).toBe(200);
  });
  const replaced = await fixture.send('PUT', fixture.path(id), fixture.item(name, fixture.other));
  expect([replaced.status, codesOf(replaced)]).toEqual([404, ['errors.noRecord']]);
  expect((await fixture.send('GET', fixture.path(id))).body).toMatchObject({ deleted: true });
  await fixture.reconcile();
  expect([await fixture.versionsOf(id), await fixture.claimed()]).toEqual([['1 deleted', '2 destroyed'], 0]);
});

test('L5 a key store that is deleted during a batch replacement is 422 with its index, unless others were stored', async () => {
  for (const others of [0, 1]) {
    const create = async (name: string) => ({ ...(await fixture.create(name)), name });
    const gone = await create(fixture.freshName());
    const rest = await Promise.all(Array.from({ length: others }, async () => await create(fixture.freshName())));
    let deleted: Promise<Answer> | undefined;
    // Items are written at once: each of them after the deletion.
    fixture.vault.before(async (call) => {
      if (call !== 'write') return;
      deleted ??= fixture.send('DELETE', fixture.path(gone.id));
      expect((await deleted).status).toBe(200);
    });
    const items = [...rest, gone].map(({ id, name }) => ({ id, ...fixture.item(name, fixture.other) }));
    const answer = await fixture.send('PUT', fixture.path(), items);
    fixture.vault.before(undefined);
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

test('L7 L8 of a replacement and a deletion at once the replacement comes first, or is 404', async () => {
  for (let round = 0; round < 10; round += 1) {
    const name = fixture.freshName();
    const { id } = await fixture.create(name);
    const [replaced, deleted] = await Promise.all([
      fixture.send('PUT', fixture.path(id), fixture.item(name, fixture.other)),
      fixture.send('DELETE', fixture.path(id)),
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
    expect((await fixture.send('GET', fixture.path(id))).body).toMatchObject({ deleted: true });
  }
});

test('L5 of several replacements that write to the vault at once one is stored and kept', async () => {
  const { id } = await fixture.create(fixture.freshName());
  const wanted = Array.from({ length: 5 }, () => fixture.freshName());
  let unanswered = wanted.length;
  let waiting: (() => void)[] = [];
  // All calls that are still unanswered write at the same time.
  const writeTogether = (): void => {
    if (waiting.length < unanswered) return;
    for (const goOn of waiting) goOn();
    waiting = [];
  };
  fixture.vault.before(async (call) => {
    if (call !== 'write') return;
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    writeTogether();
    await promise;
  });
  const answers = await Promise.all(
    wanted.map(async (name) => {
      const answer = await fixture.send('PUT', fixture.path(id), fixture.item(name, fixture.other));
      unanswered -= 1;
      writeTogether();
      return answer;
    }),
  );
  const namesOf = (member: string) =>
    answers.flatMap(({ body }) => (body as unknown as Record<string, { name: string }[]>)[member] ?? []);
  expect(namesOf('failedSaveToVaultCertificates')).toHaveLength(wanted.length - 1);
  const { name } = (await fixture.send('GET', fixture.path(id))).body as { name: string };
  expect(namesOf('successfulySavedCertificates')).toMatchObject([{ name }]);
  // Conflicting callers are not logged as an outage of the vault.
  const logged = fixture.app.log.filter((line) => line.includes(`"keyStoreId":${id},`));
  expect(logged.length).toBeGreaterThan(0);
  for (const line of logged) {
    expect(JSON.parse(line)).toMatchObject({
      level: INFO,
      message: expect.stringContaining('concurrently') as string,
    });
  }
  await fixture.reconcile();
  const live = (await fixture.versionsOf(id)).filter((line) => line.endsWith('live'));
  expect([live.length, await fixture.statusOf(id), await fixture.claimed()]).toEqual([1, 'Available', 0]);
});

test('L5 the reconciler does not touch a key store that is replaced while it compares', async () => {
  const { id } = await fixture.create(fixture.freshName());
  await fixture.reconcile();
  const { promise: stored, resolve: hasStored } = Promise.withResolvers<void>();
  const { promise: compared, resolve: hasCompared } = Promise.withResolvers<void>();
  let replacing: Promise<unknown> | undefined;
  fixture.vault.before(async (call) => {
    if (call === 'readMetadata' && replacing === undefined) {
      // The reconciler has read the rows, and finds a version in the vault that no row has yet.
      replacing = fixture.send('PUT', fixture.path(id), fixture.item(fixture.freshName(), fixture.other));
      await stored;
    }
    if (call === 'destroy') {
      hasStored();
      await compared;
    }
  });
  await fixture.app.scheduler.runAll();
  hasCompared();
  expect(await replacing).toMatchObject({ body: { successfulySavedCertificates: [{ id, status: 'Available' }] } });
  expect([await fixture.versionsOf(id), await fixture.claimed()]).toEqual([['1 destroyed', '2 live'], 0]);
});

test('L5 a name that is taken during the vault call is refused, and the old p12 stays', async () => {
  const { id } = await fixture.create(fixture.freshName());
  const wanted = fixture.freshName();
  fixture.vault.before(async (call) => {
    if (call !== 'write') return;
    fixture.vault.before(undefined);
    await fixture.create(wanted);
  });
  const answer = await fixture.send('PUT', fixture.path(), [{ ...fixture.item(wanted, fixture.other), id }]);
  expect([answer.status, answer.body.errors]).toMatchObject([
    422,
    [{ code: 'errors.duplicateName', field: 'name', index: 0 }],
  ]);
  expect(await fixture.versionsOf(id)).toEqual(['1 destroyed', '2 destroyed', '3 live']);
  await fixture.reconcile();
  expect([await fixture.statusOf(id), await fixture.claimed()]).toEqual(['Available', 0]);
});

test('L1 a server that is not the leader reconciles nothing', async () => {
  const reconciler = fixture.app.get(Reconciler);
  await fixture.app.get(Leader).giveBack();
  await fixture.app.dataSource.query(
    `insert into leases values ('background', gen_random_uuid(), clock_timestamp() + interval '1 minute')`,
  );
  expect(await reconciler.reconcile()).toBeUndefined();
  await fixture.app.dataSource.query('delete from leases');
  expect(await reconciler.reconcile()).toMatchObject({ vaultUnavailable: false });
});
