import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import type { Kv2Login, Kv2VaultSettings } from '../../src/config/vault-settings.js';
import { OutgoingClient } from '../../src/outgoing/outgoing-client.js';
import { Kv2Vault } from '../../src/vault/kv2/kv2-vault.js';
import { SystemTiming, type Timing } from '../../src/vault/kv2/timing.js';
import { TestClock } from '../support/clock.js';
import { isOpenBaoMissing, OpenBao } from '../support/openbao.js';
import { InstantTiming } from './instant-timing.js';
import { describeSecretVault } from './secret-vault.contract.js';

/** The rights that certkeep needs; docs/settings.md documents them. */
const POLICY = `
  path "secret/data/accounts/*" { capabilities = ["create", "update", "read"] }
  path "secret/metadata/accounts/*" { capabilities = ["create", "update", "read", "list", "delete"] }
  path "secret/delete/accounts/*" { capabilities = ["update"] }
  path "secret/destroy/accounts/*" { capabilities = ["update"] }`;

interface Issued {
  readonly auth: { readonly client_token: string };
}

describe.skipIf(isOpenBaoMissing())('on OpenBao', () => {
  const client = new OutgoingClient();
  const clock = new TestClock(new Date());
  let server: OpenBao;
  let folder: string;
  let login: Kv2Login;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certkeep-vault-'));
    server = await OpenBao.start();
    await server.ask('POST', 'sys/policies/acl/certkeep', { policy: POLICY });
    await server.ask('POST', 'sys/auth/approle', { type: 'approle' });
    login = { method: 'token', tokenFile: await file('token', await tokenFor('60m')) };
  });

  afterAll(async () => {
    client.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function file(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `${content}\n`);
    return path;
  }

  async function tokenFor(ttl: string, policies: readonly string[] = ['certkeep']): Promise<string> {
    const { auth } = await server.ask<Issued>('POST', 'auth/token/create', { policies, ttl, renewable: true });
    return auth.client_token;
  }

  function vaultWith(settings: Partial<Kv2VaultSettings> = {}, timing: Timing = new SystemTiming()): Kv2Vault {
    const { address } = server;
    const usual = { kind: 'kv2', address, mount: 'secret', namespace: undefined, login } as const;
    return new Kv2Vault({ ...usual, ...settings }, client, clock, timing);
  }

  describeSecretVault(() => vaultWith());

  const ADDRESS = { accountId: 'le1234', keyStoreId: 2_147_483_649 };
  const PATH = `accounts/${createHash('sha256').update('le1234').digest('hex')}/2147483649`;
  const secret = new Secret({ p12: Buffer.from('correct horse'), password: 'staple' });

  test('the path of a secret has the digest of its account, and its metadata has the account id', async () => {
    await vaultWith().write(ADDRESS, 0, secret);
    const metadata = await server.ask('GET', `secret/metadata/${PATH}`);
    expect(metadata).toMatchObject({ data: { custom_metadata: { account: 'le1234' }, cas_required: true } });
    const stored = await server.ask<{ data: { data: object } }>('GET', `secret/data/${PATH}`);
    expect(stored.data.data).toMatchObject({
      p12: Buffer.from('correct horse').toString('base64'),
      password: Buffer.from('staple').toString('base64'),
    });
  });

  test('a secret in an unknown form is unreadable, not absent', async () => {
    await server.ask('POST', `secret/data/${PATH}0`, { data: { note: 'mine' } });
    const place = { ...ADDRESS, keyStoreId: 21_474_836_490 };
    expect(await vaultWith().read(place)).toEqual({ outcome: 'unavailable', reason: 'unreadable' });
  });

  test('a missing mount is a failure, not an absent secret', async () => {
    const vault = vaultWith({ mount: 'nowhere', login: { method: 'token', tokenFile: await file('root', 'root') } });
    const failed = { outcome: 'unavailable', reason: 'failed' };
    expect(await vault.read(ADDRESS)).toEqual(failed);
    expect(await vault.readMetadata(ADDRESS)).toEqual(failed);
    expect(await vault.list(ADDRESS.accountId)).toEqual(failed);
    expect(await vault.write(ADDRESS, 0, secret)).toEqual(failed);
    expect(await vault.isReachable()).toBe(false);
  });

  test('a token without the rights is refused', async () => {
    const tokenFile = await file('poor', await tokenFor('60m', ['default']));
    const vault = vaultWith({ login: { method: 'token', tokenFile } });
    const refused = { outcome: 'unavailable', reason: 'refused' };
    expect(await vault.write(ADDRESS, 0, secret)).toEqual(refused);
    expect(await vault.read(ADDRESS)).toEqual(refused);
    expect(await vault.softDelete(ADDRESS, 1)).toEqual(refused);
    expect(await vault.isReachable()).toBe(false);
  });

  test('after a revoked token the token file is read again, once', async () => {
    const first = await tokenFor('60m');
    const tokenFile = await file('revoked', first);
    const vault = vaultWith({ login: { method: 'token', tokenFile } });
    expect(await vault.isReachable()).toBe(true);
    await server.ask('POST', 'auth/token/revoke', { token: first });
    expect(await vault.list('le1')).toEqual({ outcome: 'unavailable', reason: 'refused' });
    expect(await vault.isReachable()).toBe(false);
    await file('revoked', await tokenFor('60m'));
    expect(await vault.list('le1')).toMatchObject({ outcome: 'listed' });
    expect(await vault.isReachable()).toBe(true);
  });

  test('a token is renewed after two thirds of its lifetime', async () => {
    const token = await tokenFor('1h');
    const vault = vaultWith({ login: { method: 'token', tokenFile: await file('renewed', token) } });
    const renewals = async (): Promise<boolean> => {
      const { data } = await server.ask<{ data: object }>('POST', 'auth/token/lookup', { token });
      return 'last_renewal' in data;
    };
    await vault.list('le1');
    clock.advance(39 * 60_000);
    await vault.list('le1');
    expect(await renewals()).toBe(false);
    clock.advance(2 * 60_000);
    await vault.list('le1');
    expect(await renewals()).toBe(true);
  });

  test('an AppRole logs in again when its token is refused or has expired', async () => {
    await server.ask('POST', 'auth/approle/role/certkeep', { token_policies: 'certkeep', token_ttl: '1h' });
    const role = await server.ask<{ data: { role_id: string } }>('GET', 'auth/approle/role/certkeep/role-id');
    const made = await server.ask<{ data: { secret_id: string } }>('POST', 'auth/approle/role/certkeep/secret-id');
    const secretIdFile = await file('secret-id', made.data.secret_id);
    const vault = vaultWith({ login: { method: 'appRole', roleId: role.data.role_id, secretIdFile } });
    const place = { ...ADDRESS, keyStoreId: 5_000_000_000 };
    expect(await vault.write(place, 0, secret)).toEqual({ outcome: 'written', version: 1 });
    await server.ask('POST', 'sys/leases/revoke-prefix/auth/approle/login');
    expect(await vault.write(place, 1, secret)).toEqual({ outcome: 'written', version: 2 });
    clock.advance(2 * 3_600_000);
    expect(await vault.read(place)).toMatchObject({ outcome: 'found', version: 2 });
    const wrong = { method: 'appRole', roleId: role.data.role_id, secretIdFile: await file('wrong', 'no') } as const;
    expect(await vaultWith({ login: wrong }).read(place)).toEqual({ outcome: 'unavailable', reason: 'refused' });
  });

  test('a wrong secret id does not lock its role, so that the right one works at once', async () => {
    await server.ask('POST', 'auth/approle/role/mistaken', { token_policies: 'certkeep' });
    const role = await server.ask<{ data: { role_id: string } }>('GET', 'auth/approle/role/mistaken/role-id');
    const made = await server.ask<{ data: { secret_id: string } }>('POST', 'auth/approle/role/mistaken/secret-id');
    const secretIdFile = await file('mistaken', 'no');
    const vault = vaultWith({ login: { method: 'appRole', roleId: role.data.role_id, secretIdFile } });
    for (let calls = 0; calls < 10; calls += 1) {
      expect(await vault.list('le1')).toEqual({ outcome: 'unavailable', reason: 'refused' });
      clock.advance(10_000);
    }
    await file('mistaken', made.data.secret_id);
    expect(await vault.list('le1')).toMatchObject({ outcome: 'listed' });
  });

  test('each namespace has secrets of its own', async () => {
    await server.ask('POST', 'sys/namespaces/team', {});
    await server.ask('POST', 'sys/mounts/kv', { type: 'kv', options: { version: '2' } }, 'team');
    const root = { method: 'token', tokenFile: await file('root', 'root') } as const;
    const vault = vaultWith({ namespace: 'team', mount: 'kv', login: root });
    const place = { ...ADDRESS, keyStoreId: 77 };
    expect(await vault.write(place, 0, secret)).toEqual({ outcome: 'written', version: 1 });
    expect(await server.ask('GET', `kv/metadata/${PATH.replace('2147483649', '77')}`, undefined, 'team')).toBeDefined();
    expect(await vaultWith({ login: root }).read(place)).toEqual({ outcome: 'absent' });
  });

  test('a sealed vault is reported as sealed, and works again once it is unsealed', async () => {
    const other = await OpenBao.start();
    try {
      const root = { method: 'token', tokenFile: await file('root', 'root') } as const;
      const vault = vaultWith({ address: other.address, login: root }, new InstantTiming());
      await vault.write(ADDRESS, 0, secret);
      await other.seal();
      const sealed = { outcome: 'unavailable', reason: 'sealed' };
      expect(await vault.read(ADDRESS)).toEqual(sealed);
      expect(await vault.write(ADDRESS, 1, secret)).toEqual(sealed);
      expect(await vault.readMetadata(ADDRESS)).toEqual(sealed);
      expect(await vault.isReachable()).toBe(false);
      await other.unseal();
      expect(await vault.read(ADDRESS)).toMatchObject({ outcome: 'found', version: 1 });
      expect(await vault.isReachable()).toBe(true);
    } finally {
      await other.stop();
    }
  });
});
