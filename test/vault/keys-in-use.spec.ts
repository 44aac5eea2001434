import { createSecretKey, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import { StartError } from '../../src/common/start-error.js';
import type { KeyEncryptionKey } from '../../src/config/vault-settings.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import type { KeyRing } from '../../src/vault/sealed/envelope.js';
import { requireKeysInUse } from '../../src/vault/sealed/keys-in-use.js';
import { rewrapAll } from '../../src/vault/sealed/rewrapping.js';
import { SealedVault } from '../../src/vault/sealed/sealed-vault.js';
import { TestClock } from '../support/clock.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { poolOf } from '../support/pool.js';

const CLOCK = new TestClock('2026-06-01T12:00:00.000Z');

const keyNamed = (id: string): KeyEncryptionKey => ({ id, key: createSecretKey(randomBytes(32)) });
const OLD = keyNamed('old');
const NEW = keyNamed('new');
const OTHER = keyNamed('other');

let testDatabase: TestDatabase;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  const settings = { url: testDatabase.url, poolSize: 2, statementTimeoutMs: 10_000 };
  dataSource = await new DataSource(dataSourceOptions(settings)).initialize();
  database = new Database(poolOf(dataSource));
});

afterAll(async () => {
  await dataSource.destroy();
  await testDatabase.drop();
});

beforeEach(async () => {
  await dataSource.query('truncate sealed_secrets');
});

const vaultWith = (...ring: KeyRing) => new SealedVault(database, ring, CLOCK);
const addressOf = (keyStoreId: number) => ({ accountId: 'le1234', keyStoreId });

async function writeUnder(key: KeyEncryptionKey, ...keyStoreIds: readonly number[]): Promise<void> {
  for (const id of keyStoreIds) {
    const secret = new Secret({ p12: Buffer.from('p12'), password: undefined });
    expect(await vaultWith(key).write(addressOf(id), 0, secret)).toMatchObject({ outcome: 'written' });
  }
}

async function refusal(...ring: KeyRing): Promise<string | undefined> {
  try {
    await requireKeysInUse(database, ring);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return error.message;
  }
  return undefined;
}

test('any key is accepted where no secret is stored yet', async () => {
  expect(await refusal(NEW)).toBeUndefined();
});

test('another valid key is refused, with the number of secrets, the keys they need, and the remedy', async () => {
  await writeUnder(OLD, 1, 2);
  await writeUnder(OTHER, 3);
  const message = await refusal(NEW);
  expect(message).toContain(
    'no key in VAULT_KEY_FILE can decrypt: 3.\n  encrypted with the key old: 2\n  encrypted with the key other: 1\n',
  );
  expect(message).toContain('The file holds new. Add the missing key as a further line');
  expect(await refusal(NEW, OTHER)).toContain(
    'can decrypt: 2.\n  encrypted with the key old: 2\nThe file holds new, other.',
  );
  expect(await refusal(NEW, OTHER, OLD)).toBeUndefined();
});

test('the order of the keys does not matter, so that several servers can be restarted one by one', async () => {
  await writeUnder(OLD, 1);
  expect(await refusal(OLD, NEW)).toBeUndefined();
  await writeUnder(NEW, 2);
  expect(await refusal(OLD, NEW)).toBeUndefined();
  expect(await refusal(NEW, OLD)).toBeUndefined();
  expect(await refusal(OLD)).toContain('encrypted with the key new: 1');
});

test('the old key may be removed after rotation, and not before', async () => {
  await writeUnder(OLD, 1, 2);
  expect(await refusal(NEW)).toContain('encrypted with the key old: 2');
  await rewrapAll(database, [NEW, OLD], () => undefined);
  expect(await refusal(NEW)).toBeUndefined();
});

test('a soft-deleted version still needs its key, a destroyed one needs none', async () => {
  await writeUnder(OLD, 1);
  await vaultWith(OLD).softDelete(addressOf(1), 1);
  expect(await refusal(NEW)).toContain('encrypted with the key old: 1');
  await vaultWith(OLD).destroy(addressOf(1), 1);
  expect(await refusal(NEW)).toBeUndefined();
});

test('with a lost key, the documented statement deletes its secrets and no others', async () => {
  await writeUnder(OLD, 1);
  await writeUnder(NEW, 2);
  const documentation = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'settings.md'), 'utf8');
  const statement = /```sql\n(update sealed_secrets[^`]*)```/.exec(documentation)?.[1] ?? '';
  expect(statement).toContain("'0123456789abcdef'");

  await dataSource.query(statement.replace('0123456789abcdef', 'old'));
  expect(await refusal(NEW)).toBeUndefined();
  const vault = vaultWith(NEW);
  expect(await vault.read(addressOf(1))).toEqual({ outcome: 'absent' });
  expect(await vault.read(addressOf(2))).toMatchObject({ outcome: 'found' });
  // A replacement gets the next version: the number of a deleted one is not used again.
  expect(await vault.write(addressOf(1), 1, new Secret({ p12: Buffer.from('new'), password: undefined }))).toEqual({
    outcome: 'written',
    version: 2,
  });
});
