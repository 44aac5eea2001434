import fc from 'fast-check';
import { expect, test } from 'vitest';

import { TwoLevelQueue } from './two-level-queue.js';

function drain(queue: TwoLevelQueue<string>): string[] {
  const items: string[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

test('groups are served in turn, the keys of a group in turn, and the items of a key in order', () => {
  const queue = new TwoLevelQueue<string>();
  for (const item of ['a1 1', 'a1 2', 'a2 1', 'a1 3', 'b1 1', 'b1 2']) {
    const [key = '', number = ''] = item.split(' ');
    queue.push(key.charAt(0), key, `${key} ${number}`);
  }
  expect(drain(queue)).toEqual(['a1 1', 'b1 1', 'a2 1', 'b1 2', 'a1 2', 'a1 3']);
  expect(queue.size).toBe(0);
});

const name = fc.constantFrom('a', 'b', 'c');

test('nothing is lost or repeated, and a new group waits for at most one item of each other group', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 40 }), fc.nat(20), (items, served) => {
      const queue = new TwoLevelQueue<string>();
      for (const [index, [group, key]] of items.entries()) queue.push(group, key, `${index}`);
      const before = Array.from({ length: served }, () => queue.shift()).filter((item) => item !== undefined);
      queue.push('new', 'new', 'new');
      const after = drain(queue);
      expect(after.indexOf('new')).toBeLessThanOrEqual(3);
      expect([...before, ...after].length).toBe(items.length + 1);
      expect(new Set([...before, ...after]).size).toBe(items.length + 1);
    }),
  );
});

test('what is served before another item of a key is predicted, at most as too much', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, name), { maxLength: 40 }),
      fc.nat(20),
      name,
      name,
      (items, served, group, key) => {
        const queue = new TwoLevelQueue<string>();
        for (const [one, other] of items) queue.push(one, other, 'item');
        for (let count = 0; count < served; count += 1) queue.shift();
        const { size } = queue;
        const predicted = queue.turnsBefore(group, key);
        queue.push(group, key, 'another');
        expect(queue.sizeOf(group, key)).toBeGreaterThan(0);
        expect(drain(queue).indexOf('another')).toBeLessThanOrEqual(predicted);
        expect(predicted).toBeLessThanOrEqual(size);
      },
    ),
  );
});

test.each([
  ['a', 'flooding', 101],
  ['a', 'quiet', 3],
  ['b', 'quiet', 3],
  ['c', 'new', 2],
])('before another item of %s, %s, a round of the others is served', (group, key, turns) => {
  const queue = new TwoLevelQueue<string>();
  for (let count = 0; count < 100; count += 1) queue.push('a', 'flooding', `${count}`);
  queue.push('b', 'quiet', 'one');
  if (key === 'quiet' && group === 'a') queue.shift();
  expect(queue.turnsBefore(group, key)).toBe(turns);
});
