import { expect, test } from 'vitest';

import { countFailures } from './count-failures.js';
import { type Done, SecretVault, type Unavailable } from './secret-vault.js';

const ADDRESS = { accountId: 'le1234', keyStoreId: 1 };

/** Answers what it is told to. */
class AnsweringVault extends SecretVault {
  constructor(private readonly answer: () => Promise<Done | Unavailable>) {
    super();
  }

  override async softDelete(): Promise<Done | Unavailable> {
    return await this.answer();
  }

  override async isReachable(): Promise<boolean> {
    return await Promise.resolve(false);
  }

  override write = never;
  override read = never;
  override readMetadata = never;
  override list = never;
  override destroy = never;
  override erase = never;
}

async function never(): Promise<never> {
  throw await Promise.resolve(new Error('Nobody asks for this.'));
}

test('calls that end as unavailable are counted by reason, and others are not', async () => {
  const answers: (Done | Unavailable)[] = [
    { outcome: 'unavailable', reason: 'sealed' },
    { outcome: 'done' },
    { outcome: 'unavailable', reason: 'timeout' },
    { outcome: 'unavailable', reason: 'sealed' },
  ];
  const vault = countFailures<SecretVault>(new AnsweringVault(() => Promise.resolve(answers.shift() as Done)));
  const outcomes = [];
  for (let count = 0; count < 4; count += 1) outcomes.push((await vault.softDelete(ADDRESS, 1)).outcome);
  expect(outcomes).toEqual(['unavailable', 'done', 'unavailable', 'unavailable']);
  expect(vault.failures).toMatchObject({ sealed: 2, timeout: 1, unreachable: 0 });
  expect(await vault.isReachable()).toBe(false);
  expect(vault).toBeInstanceOf(SecretVault);
});

test('what the vault throws is thrown, and not counted', async () => {
  const vault = countFailures<SecretVault>(new AnsweringVault(() => Promise.reject(new Error('a defect'))));
  await expect(vault.softDelete(ADDRESS, 1)).rejects.toThrow('a defect');
  expect(Object.values(vault.failures).every((count) => count === 0)).toBe(true);
});
