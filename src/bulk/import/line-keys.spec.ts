import { expect, test } from 'vitest';

import { keysOfLine } from './line-keys.js';

test('17.4 lines that name the same user, extId, login ID or certificate have a key in common', () => {
  const one = keysOfLine({ userExtId: 'jane', extId: 'c', line: { loginId: 'Jane', certificate: 'a b\n' } });
  expect(one).toHaveLength(4);
  const others = [
    { userExtId: 'jane', extId: null, line: {} },
    { userExtId: 'x', extId: 'c', line: {} },
    { userExtId: 'x', extId: null, line: { loginId: 'jane' } },
    { userExtId: 'x', extId: null, line: { certificate: 'a\r\nb' } },
  ];
  for (const other of others) expect(keysOfLine(other).filter((key) => one.includes(key))).toHaveLength(1);
  expect(keysOfLine({ userExtId: null, extId: null, line: null })).toEqual([]);
});

test('17.4 a key is short, however long what the line says is', () => {
  const [loginId, certificate] = ['a'.repeat(30_000), 'b'.repeat(30_000)];
  const keys = keysOfLine({ userExtId: null, extId: null, line: { loginId, certificate } });
  expect(keys.map(({ length }) => length < 100)).toEqual([true, true]);
});
