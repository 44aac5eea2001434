import { afterEach, beforeEach, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import { Database } from '../../src/database/database.js';
import { READ_KEY_STORES_TO_COMPARE } from '../../src/keystores/key-store.queries.js';
import { Reconciler } from '../../src/keystores/reconciler.service.js';
import { SecretVault } from '../../src/vault/secret-vault.js';
import { CORE, send } from '../support/http.js';
import { ACCOUNT, KeyStoreFixture, OTHER_ACCOUNT } from '../support/key-store-fixture.js';

const MAX_CALLS = 500;

const AVAILABLE = `key_stores where state = 'available'`;
const UNAVAILABLE = `key_stores where state = 'unavailable'`;
const UNSETTLED = 'key_stores where claim is not null';

const CLAIMED = { claim: 'gen_random_uuid()', claimed_at: `'2026-01-01Z'` };

let fixture: KeyStoreFixture;

beforeEach(async () => {
  fixture = await KeyStoreFixture.start();
});

afterEach(async () => await fixture.app.close());

/** The number of vault calls of one pass. */
async function pass(): Promise<number> {
  fixture.vault.calls.length = 0;
  await fixture.reconcile();
  expect(fixture.vault.calls.length).toBeLessThanOrEqual(MAX_CALLS);
  return fixture.vault.calls.length;
}

/** The number of passes until `isDone`. */
async function passesUntil(isDone: () => Promise<boolean>): Promise<number> {
  for (let passes = 1; passes <= 20; passes += 1) {
    await pass();
    if (await isDone()) return passes;
  }
  throw new Error('It takes no end.');
}

async function count(rows: string): Promise<number> {
  const [row] = await fixture.app.dataSource.query<[{ count: number }]>(
    `select count(*)::integer as count from ${rows}`,
  );
  return row.count;
}

const isNone = (rows: string) => async () => (await count(rows)) === 0;
const isOne = (rows: string) => async () => (await count(rows)) === 1;

/** Ids from 1 on. */
async function storeRows(account: string, many: number, columns: Readonly<Record<string, string>>): Promise<void> {
  const all = { state: `'available'`, vault_version: '1', ...columns };
  await fixture.app.dataSource.query(
    `insert into key_stores (client_ext_id, id, generation, name, expires, p12_sha256, version, created, last_modified,
        ${Object.keys(all).join(', ')})
      select $1, n, gen_random_uuid(), 'store ' || n, '2028-01-01Z', '\\x00', 1, '2026-01-01Z', '2026-01-01Z',
        ${Object.values(all).join(', ')}
      from generate_series(1, $2::integer) n`,
    [account, many],
  );
}

/** Secrets that no key decrypts, of key stores from 1 on. */
async function storeSecrets(account: string, many: number, versions = 1): Promise<void> {
  await fixture.app.dataSource.query(
    `insert into sealed_secrets (client_ext_id, key_store_id, version, key_id, wrapped_key, nonce, ciphertext, created)
      select $1, n, v, 'lost', '\\x00', '\\x00', '\\x00', '2026-01-01Z'
      from generate_series(1, $2::integer) n, generate_series(1, $3::integer) v`,
    [account, many, versions],
  );
}

test('10.1 C5: the secrets of a deleted large client are erased in several passes, and other accounts are not delayed', async () => {
  await storeSecrets(ACCOUNT, 1_200);
  const { id } = await fixture.create('standing', undefined, OTHER_ACCOUNT);
  const token = await fixture.app.token({ data_room: { clients: ['*'] } });
  expect((await send(fixture.app, 'DELETE', `${CORE}/clients/${ACCOUNT}`, { token })).status).toBe(204);
  await fixture.app.dataSource.query('delete from sealed_secrets where key_store_id = $1', [id]);

  expect(await passesUntil(isNone(`sealed_secrets where client_ext_id = '${ACCOUNT}'`))).toBe(3);
  expect(await count(UNAVAILABLE)).toBe(1);
});

test('L1 a large account is compared in several passes, each from where the previous one ended', async () => {
  await storeRows(ACCOUNT, 1_000, {});
  await pass();
  expect(await count(AVAILABLE)).toBeGreaterThan(0);
  expect(await passesUntil(isNone(AVAILABLE))).toBe(2);
});

test('L1 any number of secrets without a row does not keep key stores from being compared', async () => {
  await storeSecrets(ACCOUNT, 1_000);
  await storeRows(OTHER_ACCOUNT, 1, {});
  expect(await passesUntil(isOne(UNAVAILABLE))).toBe(3);
  const logged = fixture.app.log.filter((line) => line.includes('without a key store'));
  expect(logged).toHaveLength(1_000);
  expect(new Set(logged.map((line) => (JSON.parse(line) as { keyStoreId: number }).keyStoreId)).size).toBe(1_000);
  expect(await count('sealed_secrets')).toBe(1_000);
});

test('L8 many deletions are settled in several passes, each of which also compares', async () => {
  await storeRows(ACCOUNT, 600, { ...CLAIMED, deleted_at: `'2026-05-31Z'` });
  await storeSecrets(ACCOUNT, 600);
  await storeRows(OTHER_ACCOUNT, 1, {});
  await pass();
  expect(await count(UNSETTLED)).toBe(400);
  expect(await count(UNAVAILABLE)).toBe(1);
  expect(await passesUntil(isNone(UNSETTLED))).toBe(2);
  expect(await count('sealed_secrets where deleted_at is null')).toBe(0);
});

test('L8 settled deletions cause no vault calls', async () => {
  await storeRows(ACCOUNT, 600, { deleted_at: `'2026-05-31Z'` });
  await storeSecrets(ACCOUNT, 600);
  await fixture.app.dataSource.query(`update sealed_secrets set deleted_at = '2026-01-01Z'`);
  expect(await pass()).toBe(2);
  expect(fixture.vault.calls).toEqual(['list', 'list']);
  expect(await count('sealed_secrets where deleted_at is not null')).toBe(600);
  const database = fixture.app.get(Database);
  expect(await database.run(READ_KEY_STORES_TO_COMPARE, [ACCOUNT, 0, 1_000])).toEqual([]);
});

test('L3 key stores that cannot be settled do not keep others from being settled', async () => {
  await storeRows(ACCOUNT, 500, { ...CLAIMED, state: `'unavailable'`, vault_version: 'null' });
  await storeSecrets(ACCOUNT, 500);
  await storeRows(OTHER_ACCOUNT, 1, { ...CLAIMED, deleted_at: `'2026-05-31Z'`, claimed_at: `'2026-01-02Z'` });
  expect(await passesUntil(isOne(`key_stores where client_ext_id = '${OTHER_ACCOUNT}' and claim is null`))).toBe(3);
  expect(await count(UNSETTLED)).toBe(500);
});

test('L8 a key store at which the vault failed is not the first of the next pass', async () => {
  await storeRows(ACCOUNT, 2, { ...CLAIMED, deleted_at: `'2026-05-31Z'` });
  let asked = 0;
  fixture.vault.before((call) => {
    if (call === 'readMetadata') asked += 1;
    return Promise.resolve(call === 'readMetadata' && asked !== 2 ? ('failed' as const) : undefined);
  });
  await pass();
  await pass();
  expect(await fixture.app.dataSource.query('select id from key_stores where claim is not null')).toEqual([
    { id: '1' },
  ]);
  fixture.vault.before(undefined);
  await pass();
  expect(await count(UNSETTLED)).toBe(0);
});

test('the number of operations that have not ended is shown while a pass asks the vault', async () => {
  await storeRows(ACCOUNT, 2, { ...CLAIMED, deleted_at: `'2026-05-31Z'` });
  const reconciler = fixture.app.get(Reconciler);
  const shown: number[] = [];
  fixture.vault.before(() => {
    shown.push(reconciler.openClaims);
    return Promise.resolve('timeout' as const);
  });
  await pass();
  await pass();
  expect([shown, reconciler.openClaims]).toEqual([[0, 2], 2]);
  fixture.vault.before(undefined);
  await pass();
  expect(reconciler.openClaims).toBe(0);
});

test.each([
  ['of a deleted key store', { deleted_at: `'2026-05-31Z'` }, 3, 'deleted_at is null'],
  ['all superseded', {}, 3, 'version > 1 and destroyed_at is null'],
])('L5 1,000 versions in the vault, %s, are settled in several passes', async (_, columns, most, left) => {
  await storeRows(ACCOUNT, 1, { ...CLAIMED, ...columns });
  await storeSecrets(ACCOUNT, 1, 1_000);
  expect(await passesUntil(isNone(UNSETTLED))).toBe(most);
  expect(await count(`sealed_secrets where ${left}`)).toBe(0);
});

test('L3 an unfinished creation with 1,000 foreign versions in the vault is removed in several passes', async () => {
  const { id } = await fixture.create('template');
  await fixture.app.dataSource
    .query(`update key_stores set p12_sha256 = '\\x00', state = 'pending', vault_version = null,
    claim = gen_random_uuid(), claimed_at = '2026-01-01Z' where id = ${id}`);
  const secret = new Secret({ p12: Buffer.from('other'), password: undefined });
  const address = { accountId: ACCOUNT, keyStoreId: id };
  const vault = fixture.app.get(SecretVault);
  for (let version = 1; version < 1_000; version += 1) await vault.write(address, version, secret);
  expect(await passesUntil(isNone('key_stores'))).toBe(6);
  expect(await count('sealed_secrets where destroyed_at is null')).toBe(0);
});
