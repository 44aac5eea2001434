import { expect, test } from 'vitest';

import { KeyOrder } from './key-order.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('what has a key in common runs in order, and the rest at once', async () => {
  const order = new KeyOrder();
  const begun: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const run = (name: string, ...keys: readonly string[]): Promise<void> => {
    const gate = Promise.withResolvers<void>();
    gates.set(name, gate);
    return order.run(keys, async () => {
      begun.push(name);
      await gate.promise;
    });
  };
  const [a1, b, a2, ab, free] = [run('a1', 'a'), run('b', 'b'), run('a2', 'a'), run('ab', 'b', 'a'), run('free')];
  await settled();
  expect(begun.toSorted()).toEqual(['a1', 'b', 'free']);
  gates.get('b')?.resolve();
  await b;
  gates.get('a1')?.reject(new Error('no'));
  await expect(a1).rejects.toThrow('no');
  await settled();
  expect(begun).not.toContain('ab');
  gates.get('a2')?.resolve();
  await a2;
  await settled();
  expect(begun.at(-1)).toBe('ab');
  for (const gate of gates.values()) gate.resolve();
  await Promise.all([ab, free]);
});
