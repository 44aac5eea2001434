import { expect, test } from 'vitest';

import { secretPath } from './kv2-vault.js';

test.each([
  ['le1234', 'c4190e33143785d8596c42f412582b4ac820d83fea1c77db8c3e624abb75f387'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('the path has the lower-case hexadecimal SHA-256 of the account %s', (accountId, digest) => {
  expect(secretPath({ accountId, keyStoreId: 2147483649 })).toBe(`accounts/${digest}/2147483649`);
});

test('the path of an account is never inside the one of another', () => {
  const ours = secretPath({ accountId: 'a', keyStoreId: 1 });
  for (const accountId of ['../a', 'a/../a', './a', 'a/', 'A', '%61']) {
    const path = secretPath({ accountId, keyStoreId: 1 });
    expect(path).not.toBe(ours);
    expect(new URL(`http://vault/v1/${path}`).pathname).toBe(`/v1/${path}`);
    expect(path).toMatch(/^accounts\/[0-9a-f]{64}\/1$/);
  }
});
