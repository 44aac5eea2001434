import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import { Reconciler } from '../../src/keystores/reconciler.service.js';
import { SecretVault } from '../../src/vault/secret-vault.js';
import { KeyStoreWorld, makeFile, type MadeFile, ACCOUNT } from '../support/key-store-world.js';

let world: KeyStoreWorld;
let file: MadeFile;
let other: MadeFile;
let names = 0;

beforeAll(async () => {
  world = await KeyStoreWorld.start();
  file = await makeFile('first', 'paw1');
  other = await makeFile('second', 'paw2', '2028-02-29T00:00:00Z');
});

beforeEach(() => {
  world.vault.fail(undefined);
  world.vault.loseAnswers(false);
  world.vault.before(undefined);
});

afterAll(async () => await world.app.close());

const freshName = () => `store ${(names += 1)}`;
const item = (name: string, { p12, password }: MadeFile = file) => ({ name, p12: [...p12], password });

async function versions(id: number): Promise<string[]> {
  const rows = await world.app.dataSource.query<{ line: string }[]>(
    `select version || case when destroyed_at is not null then ' destroyed' when deleted_at is not null then ' deleted'
       else ' live' end as line from sealed_secrets where key_store_id = $1 order by version`,
    [id],
  );
  return rows.map(({ line }) => line);
}

async function claimed(): Promise<number> {
  const [row] = await world.app.dataSource.query<[{ count: number }]>(
    'select count(*)::int as count from key_stores where claim is not null',
  );
  return row.count;
}

test.each(['sealed', 'timeout', 'refused', 'unreachable'] as const)(
  'L3 a vault that is %s keeps the row, UnAvailable, and lists it within the 2xx',
  async (reason) => {
    const name = freshName();
    world.vault.fail(reason);
    const answer = await world.send('POST', world.path(), [item(name)]);
    expect([answer.status, answer.body]).toMatchObject([
      201,
      { successfulySavedCertificates: [], failedSaveToVaultCertificates: [{ name, status: 'UnAvailable' }] },
    ]);
    const { id } = answer.body.failedSaveToVaultCertificates[0] as { id: number };
    const said = world.app.log.find((line) => line.includes(`"keyStoreId":${id},`));
    expect(JSON.parse(said ?? '{}')).toMatchObject({ reason, requestId: answer.headers.get('x-request-id') });
    expect(await world.statusOf(id)).toBe('UnAvailable');
    // Nothing is decided while the vault cannot tell.
    await world.reconcile();
    expect(await world.statusOf(id)).toBe('UnAvailable');
    world.vault.fail(undefined);
    await world.reconcile();
    expect([await world.statusOf(id), await claimed()]).toEqual(['UnAvailable', 0]);
    expect((await world.send('PUT', world.path(id), item(name))).body).toMatchObject({
      successfulySavedCertificates: [{ id, status: 'Available' }],
    });
  },
);

test('L3 in one batch the vault takes some and not others', async () => {
  let writes = 0;
  world.vault.before(() => {
    writes += 1;
    return Promise.resolve(writes === 1 ? undefined : ('overloaded' as const));
  });
  const answer = await world.send('POST', world.path(), [item(freshName()), item(freshName())]);
  const { successfulySavedCertificates: saved, failedSaveToVaultCertificates: failed } = answer.body as Record<
    string,
    unknown[]
  >;
  expect([saved?.length, failed?.length]).toEqual([1, 1]);
});

test('L3 a slow vault: ten seconds for all of a request, and what is not stored by then is listed', async () => {
  const ten = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(ten.signal);
  let writes = 0;
  world.vault.before((call) => {
    if (call === 'write' && (writes += 1) === 6) ten.abort();
    return Promise.resolve();
  });
  const answer = await world.send(
    'POST',
    world.path(),
    Array.from({ length: 8 }, () => item(freshName())),
  );
  expect(timeout.mock.calls).toEqual([[10_000]]);
  timeout.mockRestore();
  const body = answer.body as Record<string, unknown[]>;
  expect(answer.status).toBe(201);
  expect(body['failedSaveToVaultCertificates']?.length).toBeGreaterThanOrEqual(3);
  expect(Object.values(body).flat()).toHaveLength(8);
});

test('L5 a vault that refuses keeps the old p12 and its status', async () => {
  const name = freshName();
  const { id } = await world.create(name);
  const before: unknown = (await world.send('GET', world.path(id))).body;
  world.vault.fail('sealed');
  const answer = await world.send('PUT', world.path(), [{ ...item(freshName(), other), id }]);
  expect([answer.status, answer.body]).toEqual([
    200,
    { successfulySavedCertificates: [], failedSaveToVaultCertificates: [before] },
  ]);
  world.vault.fail(undefined);
  await world.reconcile();
  expect([await versions(id), await claimed()]).toEqual([['1 live'], 0]);
  expect((await world.send('GET', world.path(id))).body).toEqual(before);
});

test('L1 a vault that is down changes no status, and no read asks it', async () => {
  const { id } = await world.create(freshName());
  world.vault.fail('unreachable');
  world.vault.calls.length = 0;
  expect(await world.statusOf(id)).toBe('Available');
  expect(world.vault.calls).toEqual([]);
  await world.reconcile();
  expect(await world.statusOf(id)).toBe('Available');
  expect(world.app.log.some((line) => line.includes('vault unavailable'))).toBe(true);
});

test('L8 deleted while the vault is down: 200, and the secret goes once it is back', async () => {
  const { id } = await world.create(freshName());
  world.vault.fail('unreachable');
  expect((await world.send('DELETE', world.path(id))).status).toBe(200);
  expect(await versions(id)).toEqual(['1 live']);
  world.vault.fail(undefined);
  await world.reconcile();
  expect([await versions(id), await claimed()]).toEqual([['1 deleted'], 0]);
});

test('L3 a write whose answer was lost is found, and its key store Available', async () => {
  world.vault.loseAnswers(true);
  const { id } = await world.create(freshName());
  world.vault.loseAnswers(false);
  expect(await world.statusOf(id)).toBe('UnAvailable');
  await world.reconcile();
  expect([await world.statusOf(id), await versions(id), await claimed()]).toEqual(['Available', ['1 live'], 0]);
});

test('L3 a secret that no key opens is left as it is, said, and keeps no other from being settled', async () => {
  world.vault.loseAnswers(true);
  const unreadable = await world.create(freshName());
  world.app.clock.advance(1);
  const { id } = await world.create(freshName());
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
  expect([await world.statusOf(unreadable.id), await claimed()]).toEqual(['Available', 0]);
});

test('L5 a replacement whose answer was lost leaves nothing', async () => {
  const name = freshName();
  const { id } = await world.create(name);
  const before: unknown = (await world.send('GET', world.path(id))).body;
  world.vault.loseAnswers(true);
  await world.send('PUT', world.path(id), item(freshName(), other));
  world.vault.loseAnswers(false);
  await world.reconcile();
  expect((await world.send('GET', world.path(id))).body).toEqual(before);
  expect(await versions(id)).toEqual(['1 live', '2 destroyed']);
});

test('L5 a p12 that never got its row is not taken for the one that the row was made for', async () => {
  world.vault.fail('sealed');
  const name = freshName();
  const { id } = await world.create(name);
  world.vault.fail(undefined);
  world.vault.loseAnswers(true);
  await world.send('PUT', world.path(id), item(name, other));
  world.vault.loseAnswers(false);
  await world.reconcile();
  expect([await world.statusOf(id), await versions(id), await claimed()]).toEqual(['UnAvailable', ['1 destroyed'], 0]);
});

test('L5 an old version that could not be destroyed goes later', async () => {
  const name = freshName();
  const { id } = await world.create(name);
  world.vault.before((call) => {
    return Promise.resolve(call === 'destroy' ? ('timeout' as const) : undefined);
  });
  const answer = await world.send('PUT', world.path(id), item(name, other));
  expect(answer.body).toMatchObject({ successfulySavedCertificates: [{ id, status: 'Available' }] });
  expect(await versions(id)).toEqual(['1 live', '2 live']);
  world.vault.before(undefined);
  world.vault.fail(undefined);
  await world.reconcile();
  expect([await versions(id), await world.statusOf(id)]).toEqual([['1 destroyed', '2 live'], 'Available']);
});

test('L1 a secret that vanished is found, and one that came back', async () => {
  const { id } = await world.create(freshName());
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
  expect((await world.send('PUT', world.path(id), item(freshName()))).body).toMatchObject({
    successfulySavedCertificates: [{ id, status: 'Available' }],
  });
});

test('L1 a secret without a row, as an older database meets it, is left in the vault and said in the log', async () => {
  const address = { accountId: ACCOUNT, keyStoreId: 3_000_000_007 };
  await world.app.get(SecretVault).write(address, 0, new Secret(file));
  await world.reconcile();
  expect(await versions(address.keyStoreId)).toEqual(['1 live']);
  expect(
    world.app.log.filter((line) => line.includes('3000000007') && line.includes('without a key store')),
  ).toHaveLength(1);
});

test('L1 what is on its way is left alone', async () => {
  const name = freshName();
  world.vault.before(async (call) => {
    if (call !== 'write') return;
    world.vault.before(undefined);
    await world.app.scheduler.runAll();
  });
  expect(await world.create(name)).toMatchObject({ status: 'Available' });
});

test('L3 a creation that its server forgot for too long is taken back, and the late secret with it', async () => {
  const name = freshName();
  world.vault.before(async (call) => {
    if (call !== 'write') return;
    world.vault.before(undefined);
    await world.reconcile();
  });
  const { id } = await world.create(name);
  expect((await world.send('GET', world.path(id))).status).toBe(404);
  expect(await versions(id)).toEqual(['1 destroyed']);
  await world.reconcile();
  expect(await versions(id)).toEqual([]);
  const lines: unknown = await world.app.dataSource.query(
    'select action, actor from trail where ext_id = $1 order by id',
    [String(id)],
  );
  expect(lines).toEqual([
    { action: 'created', actor: 'admin-1' },
    { action: 'deleted', actor: 'reconciler' },
  ]);
});

test('L8 deleted while it is replaced: it stays deleted, and nothing lives on in the vault', async () => {
  const name = freshName();
  const { id } = await world.create(name);
  world.vault.before(async (call) => {
    if (call !== 'write') return;
    world.vault.before(undefined);
    expect((await world.send('DELETE', world.path(id))).status).toBe(200);
  });
  expect((await world.send('PUT', world.path(id), item(name, other))).body).toMatchObject({
    successfulySavedCertificates: [],
  });
  expect((await world.send('GET', world.path(id))).body).toMatchObject({ deleted: true });
  await world.reconcile();
  expect([await versions(id), await claimed()]).toEqual([['1 deleted', '2 destroyed'], 0]);
});

test('L5 of many that replace one, all on their way to the vault at once, one is stored and stands', async () => {
  const { id } = await world.create(freshName());
  const wanted = Array.from({ length: 5 }, freshName);
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
  await world.reconcile();
  const live = (await versions(id)).filter((line) => line.endsWith('live'));
  expect([live.length, await world.statusOf(id), await claimed()]).toEqual([1, 'Available', 0]);
});

test('L5 what is being replaced while it is compared stays with whoever replaces it', async () => {
  const { id } = await world.create(freshName());
  await world.reconcile();
  const { promise: stored, resolve: hasStored } = Promise.withResolvers<void>();
  const { promise: compared, resolve: hasCompared } = Promise.withResolvers<void>();
  let replacing: Promise<unknown> | undefined;
  world.vault.before(async (call) => {
    if (call === 'readMetadata' && replacing === undefined) {
      // The comparison has read its rows, and is about to hear of a version that none of them names.
      replacing = world.send('PUT', world.path(id), item(freshName(), other));
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
  expect([await versions(id), await claimed()]).toEqual([['1 destroyed', '2 live'], 0]);
});

test('L5 a name that was taken while the vault was asked is refused, and the old p12 stays', async () => {
  const { id } = await world.create(freshName());
  const wanted = freshName();
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
  expect(await versions(id)).toEqual(['1 live', '2 destroyed']);
  await world.reconcile();
  expect([await world.statusOf(id), await claimed()]).toEqual(['Available', 0]);
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
