import { createSecretKey, randomBytes } from 'node:crypto';

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import type { KeyEncryptionKey } from '../../src/config/vault-settings.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { ENTITIES } from '../../src/entities.js';
import type { KeyRing } from '../../src/vault/sealed/envelope.js';
import { rewrapAll } from '../../src/vault/sealed/rewrapping.js';
import { SealedVault } from '../../src/vault/sealed/sealed-vault.js';
import { TestClock } from '../support/clock.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { poolOf } from '../support/pool.js';
import { describeSecretVault } from './secret-vault.contract.js';

const CLOCK = new TestClock('2026-06-01T12:00:00.000Z');
const ADDRESS = { accountId: 'le1234', keyStoreId: 3_000_000_001 };
const UNREADABLE = { outcome: 'unavailable', reason: 'unreadable' };

const keyNamed = (id: string): KeyEncryptionKey => ({ id, key: createSecretKey(randomBytes(32)) });
const OLD = keyNamed('old');
const NEW = keyNamed('new');

let testDatabase: TestDatabase;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  const settings = { url: testDatabase.url, poolSize: 5, statementTimeoutMs: 10_000 };
  dataSource = await new DataSource(dataSourceOptions(settings, ENTITIES)).initialize();
  database = new Database(poolOf(dataSource));
});

afterAll(async () => {
  await dataSource.destroy();
  await testDatabase.drop();
});

const vaultWith = (...ring: KeyRing) => new SealedVault(database, ring, CLOCK);
const secret = () => new Secret({ p12: Buffer.from('correct horse'), password: 'battery staple' });

async function keyIds(): Promise<string[]> {
  const rows = await dataSource.query<{ keyId: string }[]>('select distinct key_id as "keyId" from sealed_secrets');
  return rows.map(({ keyId }) => keyId).toSorted();
}

describeSecretVault(() => vaultWith(NEW, OLD));

describe('the sealed vault', () => {
  beforeEach(async () => {
    await dataSource.query('truncate sealed_secrets');
    await vaultWith(OLD).write(ADDRESS, 0, secret());
  });

  test('the database holds neither p12 nor password in any encoding', async () => {
    const [row] = await dataSource.query<[{ all: string }]>('select s::text as all from sealed_secrets s');
    for (const text of ['correct horse', 'battery staple']) {
      for (const spelling of ['utf8', 'hex', 'base64'] as const) {
        expect(row.all).not.toContain(Buffer.from(text).toString(spelling));
      }
    }
  });

  test.each([
    ['of another account', "client_ext_id = 'le9999'"],
    ['of another id', 'key_store_id = key_store_id + 1'],
    ['of another version', 'version = 2'],
  ])('a row copied to the place %s cannot be decrypted', async (_, change) => {
    await dataSource.query(`update sealed_secrets set ${change}`);
    const [row] = await dataSource.query<[{ account: string; id: string }]>(
      'select client_ext_id as account, key_store_id as id from sealed_secrets',
    );
    const place = { accountId: row.account, keyStoreId: Number(row.id) };
    expect(await vaultWith(OLD).read(place)).toEqual(UNREADABLE);
  });

  test.each(['wrapped_key', 'nonce', 'ciphertext'])(
    'a secret with a changed bit in %s cannot be decrypted',
    async (part) => {
      await dataSource.query(`update sealed_secrets set ${part} = set_bit(${part}, 9, 1 - get_bit(${part}, 9))`);
      expect(await vaultWith(OLD).read(ADDRESS)).toEqual(UNREADABLE);
    },
  );

  test.each(['wrapped_key', 'nonce', 'ciphertext'])(
    'a secret with a truncated %s cannot be decrypted',
    async (part) => {
      await dataSource.query(`update sealed_secrets set ${part} = substr(${part}, 1, 5)`);
      expect(await vaultWith(OLD).read(ADDRESS)).toEqual(UNREADABLE);
    },
  );

  test('a secret cannot be decrypted with the id of another key, nor without its key', async () => {
    expect(await vaultWith(NEW).read(ADDRESS)).toEqual(UNREADABLE);
    await dataSource.query("update sealed_secrets set key_id = 'new'");
    expect(await vaultWith(NEW, OLD).read(ADDRESS)).toEqual(UNREADABLE);
  });

  test('nothing of a destroyed version remains', async () => {
    await vaultWith(OLD).destroy(ADDRESS, 1);
    const rows = await dataSource.query<object[]>('select key_id, wrapped_key, nonce, ciphertext from sealed_secrets');
    expect(rows).toEqual([{ key_id: null, wrapped_key: null, nonce: null, ciphertext: null }]);
  });

  test('the vault is unreachable while the database is', async () => {
    const settings = { url: testDatabase.url, poolSize: 1, statementTimeoutMs: 10_000 };
    const gone = await new DataSource(dataSourceOptions(settings)).initialize();
    const vault = new SealedVault(new Database(poolOf(gone)), [OLD], CLOCK);
    await gone.destroy();
    expect(await vault.read(ADDRESS)).toEqual({ outcome: 'unavailable', reason: 'unreachable' });
    expect(await vault.isReachable()).toBe(false);
  });
});

const addressOf = (keyStoreId: number) => ({ ...ADDRESS, keyStoreId });

function interrupt(): void {
  throw new Error('broken off');
}

describe('rotation', () => {
  beforeEach(async () => {
    await dataSource.query('truncate sealed_secrets');
    for (let id = 1; id <= 7; id += 1) await vaultWith(OLD).write(addressOf(id), 0, secret());
  });

  test('rotation encrypts every data key under the new key, batch by batch, and reads work all the time', async () => {
    const steps: [number, number][] = [];
    const both = vaultWith(NEW, OLD);
    const outcomes: Promise<string>[] = [];
    const result = await rewrapAll(
      database,
      [NEW, OLD],
      (looked, total) => {
        steps.push([looked, total]);
        for (let id = 1; id <= 7; id += 1) outcomes.push(both.read(addressOf(id)).then(({ outcome }) => outcome));
      },
      3,
    );
    expect(result).toEqual({ rewrapped: 7, unreadable: 0 });
    expect(steps).toEqual([
      [3, 7],
      [6, 7],
      [7, 7],
    ]);
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['found']));
    expect(await keyIds()).toEqual(['new']);
    for (let id = 1; id <= 7; id += 1)
      expect(await vaultWith(NEW).read(addressOf(id))).toMatchObject({ outcome: 'found' });
  });

  test('after an interrupted rotation all secrets are readable, and the next run does the rest', async () => {
    await expect(rewrapAll(database, [NEW, OLD], interrupt, 3)).rejects.toThrow('broken off');
    expect(await keyIds()).toEqual(['new', 'old']);
    for (let id = 1; id <= 7; id += 1) {
      expect(await vaultWith(NEW, OLD).read(addressOf(id))).toMatchObject({ outcome: 'found' });
    }
    expect(await rewrapAll(database, [NEW, OLD], () => undefined, 3)).toEqual({ rewrapped: 4, unreadable: 0 });
    expect(await rewrapAll(database, [NEW, OLD], () => undefined, 3)).toEqual({ rewrapped: 0, unreadable: 0 });
  });

  test('secrets that no key decrypts are counted and left unchanged, and rotation goes on', async () => {
    await vaultWith(keyNamed('lost')).write(addressOf(4), 1, secret());
    expect(await rewrapAll(database, [NEW, OLD], () => undefined, 2)).toEqual({ rewrapped: 7, unreadable: 1 });
    expect(await keyIds()).toEqual(['lost', 'new']);
  });

  test('a version that is destroyed during rotation stays destroyed', async () => {
    await vaultWith(OLD).destroy(addressOf(1), 1);
    expect(await rewrapAll(database, [NEW, OLD], () => undefined)).toEqual({ rewrapped: 6, unreadable: 0 });
    expect(await vaultWith(NEW).read(addressOf(1))).toEqual({ outcome: 'absent' });
  });
});
