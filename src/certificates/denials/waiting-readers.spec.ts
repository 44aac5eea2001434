import { expect, test } from 'vitest';

import { WaitingReaders } from './waiting-readers.js';

const SOON = 60_000;
const { signal } = new AbortController();
const numbers = (of: Readonly<Record<string, number>>) => async () =>
  await Promise.resolve(new Map(Object.entries(of)));

test('15.8 a reader is woken by what comes after its number, and by nothing else', async () => {
  const readers = new WaitingReaders();
  const [early, late] = [readers.enter('100', signal), readers.enter('100', signal)];
  const woken: string[] = [];
  const first = early.wait(4, SOON).then(() => woken.push('early'));
  const second = late.wait(5, SOON).then(() => woken.push('late'));
  await readers.poll(numbers({ '100': 5, '200': 9 }));
  await first;
  expect(woken).toEqual(['early']);
  await readers.poll(numbers({ '100': 6 }));
  await second;
  expect(woken).toEqual(['early', 'late']);
});

test('15.8 nothing is asked while nobody waits, and only about clients whose readers wait', async () => {
  const readers = new WaitingReaders();
  const asked: (readonly string[])[] = [];
  const poll = async () =>
    await readers.poll(async (clientExtIds) => {
      asked.push(clientExtIds);
      return await Promise.resolve(new Map(clientExtIds.map((client) => [client, 1])));
    });
  await poll();
  const waits = ['100', '100', '200'].map(async (client) => await readers.enter(client, signal).wait(0, SOON));
  await poll();
  await Promise.all(waits);
  await poll();
  expect(asked).toEqual([['100', '200']]);
});

test('15.8 readers are bounded for each client and in all, and those who leave make room', () => {
  const readers = new WaitingReaders({ perClient: 2, total: 3 });
  const [first] = ['100', '100'].map((client) => readers.enter(client, signal));
  expect(() => readers.enter('100', signal)).toThrow(/of this client/);
  readers.enter('200', signal);
  expect(() => readers.enter('300', signal)).toThrow(/of all clients/);
  first?.leave();
  first?.leave();
  expect(readers.count).toBe(2);
  readers.enter('100', signal);
  expect(() => readers.enter('100', signal)).toThrow(/of this client/);
  expect(readers.refusals).toEqual({ client_limit: 2, overloaded: 1 });
});

test('15.8 a caller who leaves waits no more, and neither does anybody when the server ends', async () => {
  const readers = new WaitingReaders();
  const leaving = new AbortController();
  const gone = readers.enter('100', leaving.signal).wait(0, SOON);
  const other = readers.enter('100', signal);
  const waiting = other.wait(0, SOON);
  leaving.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  readers.end();
  await waiting;
  await other.wait(0, SOON);
  expect(readers.hasEnded).toBe(true);
});

test('15.8 a reader waits no longer than it asked for', async () => {
  await new WaitingReaders().enter('100', signal).wait(0, 1);
});
