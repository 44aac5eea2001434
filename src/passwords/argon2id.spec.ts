import { describe, expect, it } from 'vitest';

import { COSTS, hashPassword, verifyPassword } from './argon2id.js';

/** Test vectors of the reference implementation for Argon2id, version 19 (salts `somesalt` and `diffsalt`). */
const VECTORS: readonly [title: string, password: string, phc: string][] = [
  [
    'm=65536 t=2 p=1',
    'password',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  ],
  ['m=256 t=2 p=1', 'password', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
  ['m=256 t=2 p=2', 'password', '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'],
  [
    'another password',
    'differentpassword',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94',
  ],
  [
    'another salt',
    'password',
    '$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw',
  ],
];

describe('argon2id', () => {
  it.each(VECTORS)('2.13 ok/a test vector of the reference implementation: %s', async (_title, password, phc) => {
    expect(await verifyPassword(phc, password)).toBe(true);
    expect(await verifyPassword(phc, `${password} `)).toBe(false);
  });

  it('2.13 ok/a hash has its costs and its own salt, and matches its password only', async () => {
    const [one, other] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(other).not.toBe(one);
    expect(await verifyPassword(one, 'correct horse')).toBe(true);
    expect(await verifyPassword(one, 'correct horsf')).toBe(false);
    expect(COSTS).toEqual({ memory: 19_456, passes: 2, parallelism: 1 });
  });

  it.each([
    ['of argon2i', '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
    ['of another version', '$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
    ['without a tag', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$'],
    ['that is a password', 'correct horse'],
    ['that is empty', ''],
  ])('2.13 fail/a hash %s never matches, and is not in the error', async (_title, phc) => {
    const attempt = verifyPassword(phc, 'password');
    await expect(attempt).rejects.toThrow('A stored password hash is not in the PHC form of argon2id.');
  });
});
