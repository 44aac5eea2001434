import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import type { Settings } from '../../src/config/settings.js';
import { SecretVault } from '../../src/vault/secret-vault.js';
import { ACCOUNT, itemOf, KeyStoreFixture, makeFile, type MadeFile } from '../support/key-store-fixture.js';
import { isOpenBaoMissing, OpenBao } from '../support/openbao.js';

const without = isOpenBaoMissing();

const addressOf = (id: number) => ({ accountId: ACCOUNT, keyStoreId: id });

describe.each([
  ['SealedVault', false],
  ['OpenBao', true],
])('on %s', (_name, onOpenBao) => {
  const isSkipped = onOpenBao && without;
  const check = test.skipIf(isSkipped);
  let folder: string;
  let server: OpenBao | undefined;
  let fixture: KeyStoreFixture;
  let file: MadeFile;
  let other: MadeFile;

  async function start(settings: Partial<Settings> = {}): Promise<KeyStoreFixture> {
    if (server === undefined) return await KeyStoreFixture.start(settings);
    const login = { method: 'token', tokenFile: join(folder, 'token') } as const;
    const vault = { kind: 'kv2', address: server.address, mount: 'secret', namespace: undefined, login } as const;
    return await KeyStoreFixture.start({ vault, ...settings });
  }

  beforeAll(async () => {
    if (isSkipped) return;
    folder = await mkdtemp(join(tmpdir(), 'certkeep-newest-'));
    await writeFile(join(folder, 'token'), 'root');
    server = onOpenBao ? await OpenBao.start() : undefined;
    file = await makeFile('first', 'paw1', '2040-01-01T00:00:00Z');
    other = await makeFile('second', 'paw2', '2040-01-01T00:00:00Z');
    fixture = await start();
  });

  beforeEach(() => {
    if (!isSkipped) fixture.repairVault();
  });

  afterAll(async () => {
    if (isSkipped) return;
    await fixture.app.close();
    await server?.stop();
    await rm(folder, { recursive: true });
  });

  /** The current version in the vault, and the state of each version. */
  async function found(id: number, of = fixture): Promise<{ newest: string; versions: string[] }> {
    const vault = of.app.get(SecretVault);
    const newest = await vault.read(addressOf(id));
    const metadata = await vault.readMetadata(addressOf(id));
    const p12 = newest.outcome === 'found' ? newest.secret.reveal().p12 : undefined;
    return {
      newest:
        p12 === undefined ? newest.outcome : p12.equals(file.p12) ? 'file' : p12.equals(other.p12) ? 'other' : '?',
      versions:
        metadata.outcome === 'found' ? metadata.versions.map(({ version, state }) => `${version} ${state}`) : [],
    };
  }

  /** A replacement whose name is taken by another key store while the vault is called. */
  async function replaceWithTakenName(id: number): Promise<void> {
    const wanted = fixture.freshName();
    fixture.vault.before(async (call) => {
      if (call !== 'write') return;
      fixture.vault.before(undefined);
      await fixture.create(wanted, other);
    });
    const answer = await fixture.send('PUT', fixture.path(), [{ ...itemOf(wanted, other), id }]);
    expect(answer.status).toBe(422);
  }

  const RESTORED = { newest: 'file', versions: ['1 destroyed', '2 destroyed', '3 live'] };

  check(
    'L5 a refused replacement is undone, so that the newest version in the vault is the one of the row',
    async () => {
      const { id } = await fixture.create(fixture.freshName(), file);
      await replaceWithTakenName(id);
      expect(await found(id)).toEqual(RESTORED);
      expect([await fixture.statusOf(id), await fixture.claimed()]).toEqual(['Available', 0]);
      await fixture.reconcile();
      expect(await found(id)).toEqual(RESTORED);
    },
  );

  check(
    'L5 the reconciler undoes a replacement whose answer from the vault was lost, once the vault is back',
    async () => {
      const { id } = await fixture.create(fixture.freshName(), file);
      // The vault has the version, but the row is not changed.
      fixture.vault.loseAnswers(true);
      await fixture.send('PUT', fixture.path(id), itemOf(fixture.freshName(), other));
      fixture.repairVault();
      expect((await found(id)).newest).toBe('other');
      fixture.vault.fail('unreachable');
      await fixture.reconcile();
      fixture.repairVault();
      expect((await found(id)).versions).toEqual(['1 live', '2 live']);
      await fixture.reconcile();
      expect(await found(id)).toEqual(RESTORED);
      expect([await fixture.statusOf(id), await fixture.claimed()]).toEqual(['Available', 0]);
    },
  );

  check.each(['write', 'destroy'] as const)(
    'L5 an undo that was interrupted after its %s is completed',
    async (last) => {
      const { id } = await fixture.create(fixture.freshName(), file);
      fixture.vault.loseAnswers(true);
      await fixture.send('PUT', fixture.path(id), itemOf(fixture.freshName(), other));
      fixture.repairVault();
      fixture.vault.before((call) => {
        if (call !== last) return Promise.resolve();
        fixture.vault.loseAnswers(true);
        return Promise.resolve();
      });
      await fixture.reconcile();
      fixture.repairVault();
      await fixture.reconcile();
      const { newest, versions } = await found(id);
      expect([newest, versions.filter((line) => line.endsWith('live')).length]).toEqual(['file', 1]);
      expect([await fixture.statusOf(id), await fixture.claimed()]).toEqual(['Available', 0]);
    },
  );

  check(
    'L5 two refused replacements at once are undone, so that the newest version is the one of the row',
    async () => {
      const { id } = await fixture.create(fixture.freshName(), file);
      const wanted = fixture.freshName();
      const competitor = await fixture.create(fixture.freshName(), other);
      fixture.vault.before(async (call) => {
        if (call !== 'write') return;
        await fixture.app.dataSource.query('update key_stores set name = $2 where id = $1', [competitor.id, wanted]);
      });
      const send = async () => await fixture.send('PUT', fixture.path(), [{ ...itemOf(wanted, other), id }]);
      const answers = await Promise.all([send(), send()]);
      expect(
        answers.flatMap(
          ({ body }) => (body as { successfulySavedCertificates?: unknown[] }).successfulySavedCertificates ?? [],
        ),
      ).toEqual([]);
      fixture.repairVault();
      await fixture.reconcile();
      await fixture.reconcile();
      const { newest, versions } = await found(id);
      expect([newest, versions.filter((line) => line.endsWith('live')).length]).toEqual(['file', 1]);
      expect([await fixture.statusOf(id), await fixture.claimed()]).toEqual(['Available', 0]);
    },
  );

  check(
    'L5 where a later version was destroyed by hand, the secret of the row is written again as the newest',
    async () => {
      const { id } = await fixture.create(fixture.freshName(), file);
      const vault = fixture.app.get(SecretVault);
      await vault.write(addressOf(id), 1, new Secret(other));
      await vault.destroy(addressOf(id), 2);
      await fixture.reconcile();
      await fixture.reconcile();
      expect(await found(id)).toEqual(RESTORED);
    },
  );

  check(
    'L1 a secret replaced by a foreign one makes its key store UnAvailable and is logged, until the right one is back',
    async () => {
      const { id } = await fixture.create(fixture.freshName(), file);
      const vault = fixture.app.get(SecretVault);
      const overwriteSecret = async (content: MadeFile) => {
        await vault.erase(addressOf(id));
        await vault.write(addressOf(id), 0, new Secret(content));
        await fixture.reconcile();
      };
      await overwriteSecret(other);
      expect(await fixture.statusOf(id)).toBe('UnAvailable');
      const logged = fixture.app.log.filter(
        (line) =>
          line.includes(`"keyStoreId":${id},`) &&
          line.includes('the vault contains a different secret for a key store'),
      );
      expect(logged).toHaveLength(1);
      await overwriteSecret(file);
      expect(await fixture.statusOf(id)).toBe('Available');
    },
  );

  check('L8 the secret of a deleted key store is destroyed after 30 days, and the answers have the date', async () => {
    const { id } = await fixture.create(fixture.freshName(), file);
    const isDeleted = fixture.app.clock.now();
    const until = new Date(isDeleted.getTime() + 30 * 86_400_000);
    const kept = { deleted: true, secretDestroyed: false, secretDestructionDate: expect.any(String) as string };
    const answer = (await fixture.send('DELETE', fixture.path(id))).body as { secretDestructionDate: string };
    expect(answer).toMatchObject(kept);
    expect(new Date(answer.secretDestructionDate)).toEqual(until);
    await fixture.reconcile();
    expect(await found(id)).toEqual({ newest: 'deleted', versions: ['1 deleted'] });
    fixture.app.clock.set(new Date(until.getTime() - 1));
    await fixture.app.scheduler.runAll();
    expect((await found(id)).versions).toEqual(['1 deleted']);
    fixture.app.clock.set(until);
    fixture.vault.fail('unreachable');
    await fixture.app.scheduler.runAll();
    fixture.repairVault();
    expect((await found(id)).versions).toEqual(['1 deleted']);
    await fixture.app.scheduler.runAll();
    expect((await found(id)).versions).toEqual(['1 destroyed']);
    expect(await fixture.claimed()).toBe(0);
    // The token would have expired by then.
    fixture.app.clock.set(isDeleted);
    expect((await fixture.send('GET', fixture.path(id))).body).toMatchObject({ deleted: true, secretDestroyed: true });
  });

  check('L8 without retention a secret is destroyed at once, or once the vault is back', async () => {
    const none = await start({ keyStoreRetentionDays: 0 });
    try {
      const { id } = await none.create('at once', file);
      expect((await none.send('DELETE', none.path(id))).body).toMatchObject({ deleted: true, secretDestroyed: true });
      expect(await found(id, none)).toEqual({ newest: 'absent', versions: ['1 destroyed'] });
      const { id: later } = await none.create('later', file);
      none.vault.fail('sealed');
      expect((await none.send('DELETE', none.path(later))).body).toMatchObject({ secretDestroyed: false });
      none.repairVault();
      await none.reconcile();
      expect((await found(later, none)).versions).toEqual(['1 destroyed']);
      expect((await none.send('GET', none.path(later))).body).toMatchObject({ secretDestroyed: true });
    } finally {
      await none.app.close();
    }
  });

  check('L8 of two deletions at once both answers have the date, and the secret is soft-deleted once', async () => {
    const { id } = await fixture.create(fixture.freshName(), file);
    const answers = await Promise.all([1, 2].map(async () => await fixture.send('DELETE', fixture.path(id))));
    const [one, two] = answers.map(({ body }) => body as { secretDestructionDate: string });
    expect(one?.secretDestructionDate).toBe(two?.secretDestructionDate);
    expect((await found(id)).versions).toEqual(['1 deleted']);
  });
});
