import { expect, test } from 'vitest';

import { CallerLeftError } from '../common/errors.js';
import { PathTurns } from './path-turns.js';

test('12.2 one client is served at a time, and the others in turn', async () => {
  const turns = new PathTurns();
  const order: string[] = [];
  const run = async (client: string) => await turns.run(client, undefined, () => order.push(client));
  await Promise.all([run('a'), run('a'), run('a'), run('b')]);
  expect(order).toEqual(['a', 'a', 'b', 'a']);
});

test('12.2 a search that waits is dropped when its caller leaves', async () => {
  const turns = new PathTurns();
  const controller = new AbortController();
  const left = new CallerLeftError();
  const done: string[] = [];
  const first = turns.run('a', undefined, () => done.push('first'));
  const second = turns.run('a', controller.signal, () => done.push('second'));
  expect(turns.queue.waitingCount).toBe(1);
  controller.abort(left);
  await expect(second).rejects.toBe(left);
  await first;
  expect(done).toEqual(['first']);
  expect(turns.queue).toMatchObject({ waitingCount: 0, heldCount: 0 });
});

test.each([
  ['12.2 what else waits is served after each long search', 1, ['search', 'other', 'search', 'other', 'search']],
  ['12.2 short searches follow each other until they have taken as long', 0.5, ['search', 'search', 'other', 'search']],
])('%s', async (_, milliseconds, expected) => {
  let now = 0;
  const turns = new PathTurns(() => now);
  const order: string[] = [];
  const search = async () =>
    await turns.run('a', undefined, () => {
      now += milliseconds;
      order.push('search');
    });
  const searches = [search(), search(), search()];
  setImmediate(() => {
    order.push('other');
    setImmediate(() => order.push('other'));
  });
  await Promise.all(searches);
  expect(order).toEqual(expected);
});
