import { randomInt, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';

import { beforeEach, describe, expect, test } from 'vitest';

import { Secret } from '../../src/common/secret.js';
import { NEVER_WRITTEN, type SecretAddress, type SecretVault } from '../../src/vault/secret-vault.js';

const secretOf = (text: string, password?: string) => new Secret({ p12: Buffer.from(text), password });

/** The tests that every vault passes. `vault` is called after the file's own hooks. */
export function describeSecretVault(vault: () => SecretVault): void {
  describe('a vault', () => {
    let address: SecretAddress;

    beforeEach(() => {
      address = { accountId: `le/../${randomUUID()}`, keyStoreId: randomInt(2 ** 31, 2 ** 47) };
    });

    const write = async (expected: number, text: string) => await vault().write(address, expected, secretOf(text));

    async function textOf(version?: number): Promise<string> {
      const answer = await vault().read(address, version);
      return answer.outcome === 'found' ? `${answer.version} ${answer.secret.reveal().p12.toString()}` : answer.outcome;
    }

    test('a secret that was never written is absent and has no versions', async () => {
      expect(await vault().read(address)).toEqual({ outcome: 'absent' });
      expect(await vault().read(address, 1)).toEqual({ outcome: 'absent' });
      expect(await vault().readMetadata(address)).toEqual({ outcome: 'absent' });
      expect(await write(1, 'too early')).toEqual({ outcome: 'conflict' });
      expect(await vault().list(address.accountId)).toEqual({ outcome: 'listed', keyStoreIds: [] });
    });

    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    test.each([
      ['binary data', bytes, 'changeit'],
      ['no password', bytes, undefined],
      ['an empty password', bytes, ''],
      ['a password with several scripts, quotes and control characters', bytes, 'pä\u0000ss"\\\n密码🔑'],
      ['the largest p12', Buffer.alloc(256 * 1024, 0xa5), 'x'.repeat(1000)],
    ])('a read returns what was written: %s', async (_, p12, password) => {
      expect(await vault().write(address, NEVER_WRITTEN, new Secret({ p12, password }))).toEqual({
        outcome: 'written',
        version: 1,
      });
      const answer = await vault().read(address);
      expect(answer).toMatchObject({ outcome: 'found', version: 1 });
      expect(answer.outcome === 'found' && answer.secret.reveal()).toEqual({ p12, password });
    });

    test('a printed answer shows no secret', async () => {
      await vault().write(address, NEVER_WRITTEN, secretOf('horse', 'battery'));
      const printed = inspect(await vault().read(address), { depth: null, showHidden: true });
      expect(printed).toContain("outcome: 'found'");
      expect(printed).not.toMatch(/horse|battery|68 6f 72 73 65/);
    });

    test('versions are counted from one, and each stays readable', async () => {
      await write(NEVER_WRITTEN, 'first');
      expect(await write(1, 'second')).toEqual({ outcome: 'written', version: 2 });
      expect([await textOf(), await textOf(1), await textOf(2), await textOf(3)]).toEqual([
        '2 second',
        '1 first',
        '2 second',
        'absent',
      ]);
    });

    test('a stale expectation is a conflict and changes nothing', async () => {
      await write(NEVER_WRITTEN, 'first');
      await write(1, 'second');
      for (const stale of [NEVER_WRITTEN, 1, 3]) expect(await write(stale, 'late')).toEqual({ outcome: 'conflict' });
      expect(await textOf()).toBe('2 second');
    });

    test('of several writes at once one succeeds, and the others are conflicts', async () => {
      await write(NEVER_WRITTEN, 'first');
      const answers = await Promise.all(['a', 'b', 'c', 'd'].map(async (text) => await write(1, text)));
      expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'written']);
      expect(await textOf(3)).toBe('absent');
    });

    test('a soft-deleted secret is reported as deleted and keeps its version', async () => {
      await write(NEVER_WRITTEN, 'first');
      expect(await vault().softDelete(address, 1)).toEqual({ outcome: 'done' });
      expect(await textOf()).toBe('deleted');
      expect(await write(NEVER_WRITTEN, 'as if new')).toEqual({ outcome: 'conflict' });
      expect(await write(1, 'second')).toEqual({ outcome: 'written', version: 2 });
      expect([await textOf(), await textOf(1)]).toEqual(['2 second', 'deleted']);
    });

    test('a destroyed version is absent, its number is not used again, and the other versions stay', async () => {
      await write(NEVER_WRITTEN, 'first');
      await write(1, 'second');
      expect(await vault().destroy(address, 2)).toEqual({ outcome: 'done' });
      expect([await textOf(), await textOf(1)]).toEqual(['absent', '1 first']);
      expect(await write(1, 'again')).toEqual({ outcome: 'conflict' });
      expect(await write(2, 'third')).toEqual({ outcome: 'written', version: 3 });
    });

    test('deleting or destroying again succeeds, and so does deleting an absent secret', async () => {
      await write(NEVER_WRITTEN, 'first');
      for (const version of [1, 1, 7]) {
        expect(await vault().softDelete(address, version)).toEqual({ outcome: 'done' });
        expect(await vault().destroy(address, version)).toEqual({ outcome: 'done' });
      }
      const unknown = { ...address, keyStoreId: 7 };
      expect(await vault().softDelete(unknown, 1)).toEqual({ outcome: 'done' });
      expect(await vault().destroy(unknown, 1)).toEqual({ outcome: 'done' });
      expect(await vault().erase(unknown)).toEqual({ outcome: 'done' });
      expect(await vault().readMetadata(unknown)).toEqual({ outcome: 'absent' });
    });

    test('metadata has the state of each version', async () => {
      await write(NEVER_WRITTEN, 'first');
      await write(1, 'second');
      await write(2, 'third');
      await vault().destroy(address, 1);
      await vault().softDelete(address, 3);
      expect(await vault().readMetadata(address)).toEqual({
        outcome: 'found',
        currentVersion: 3,
        versions: [
          { version: 1, state: 'destroyed', created: expect.any(Date) as Date },
          { version: 2, state: 'live', created: expect.any(Date) as Date },
          { version: 3, state: 'deleted', created: expect.any(Date) as Date },
        ],
      });
    });

    test('the list has all secrets of an account, deleted or not, and none of another account', async () => {
      const second = { ...address, keyStoreId: address.keyStoreId + 1 };
      const foreign = { accountId: `${address.accountId}/..`, keyStoreId: address.keyStoreId + 2 };
      for (const place of [second, address, foreign]) await vault().write(place, NEVER_WRITTEN, secretOf('x'));
      await vault().softDelete(second, 1);
      await vault().destroy(address, 1);
      const keyStoreIds = [address.keyStoreId, second.keyStoreId];
      expect(await vault().list(address.accountId)).toEqual({ outcome: 'listed', keyStoreIds });
    });

    test('the same id of another account is another secret', async () => {
      await write(NEVER_WRITTEN, 'ours');
      for (const accountId of [`${address.accountId}/../x`, address.accountId.toUpperCase(), 'x/..']) {
        const foreign = { accountId, keyStoreId: address.keyStoreId };
        expect(await vault().read(foreign)).toEqual({ outcome: 'absent' });
        expect(await vault().erase(foreign)).toEqual({ outcome: 'done' });
      }
      expect(await textOf()).toBe('1 ours');
    });

    test('an erased secret is as if it had never been written', async () => {
      await write(NEVER_WRITTEN, 'first');
      await vault().softDelete(address, 1);
      expect(await vault().erase(address)).toEqual({ outcome: 'done' });
      expect(await vault().list(address.accountId)).toEqual({ outcome: 'listed', keyStoreIds: [] });
      expect(await vault().readMetadata(address)).toEqual({ outcome: 'absent' });
      expect(await write(NEVER_WRITTEN, 'anew')).toEqual({ outcome: 'written', version: 1 });
    });

    test('the largest id is stored exactly', async () => {
      address = { ...address, keyStoreId: Number.MAX_SAFE_INTEGER };
      await write(NEVER_WRITTEN, 'last');
      expect(await textOf()).toBe('1 last');
      const keyStoreIds = [Number.MAX_SAFE_INTEGER];
      expect(await vault().list(address.accountId)).toEqual({ outcome: 'listed', keyStoreIds });
    });

    test('a call whose time is over before it begins is unavailable and does nothing', async () => {
      await write(NEVER_WRITTEN, 'first');
      const late = AbortSignal.abort();
      const unavailable = { outcome: 'unavailable', reason: 'timeout' };
      expect(await vault().write(address, 1, secretOf('late'), late)).toEqual(unavailable);
      expect(await vault().read(address, undefined, late)).toEqual(unavailable);
      expect(await vault().readMetadata(address, late)).toEqual(unavailable);
      expect(await vault().list(address.accountId, late)).toEqual(unavailable);
      expect(await vault().softDelete(address, 1, late)).toEqual(unavailable);
      expect(await vault().destroy(address, 1, late)).toEqual(unavailable);
      expect(await vault().erase(address, late)).toEqual(unavailable);
      expect(await textOf()).toBe('1 first');
    });

    test('a running vault is reachable', async () => {
      expect(await vault().isReachable()).toBe(true);
    });
  });
}
