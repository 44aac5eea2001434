import type { Request, Response } from 'express';
import { expect, test } from 'vitest';

import { attachState, type RequestState } from './request-state.js';
import { RequestTurns } from './request-turns.js';

/** Without a budget, one request is started in each turn of the event loop. */
const turnsOfOne = (): RequestTurns => new RequestTurns({ budgetMs: 0, share: 0 });

function order(turns: RequestTurns) {
  const started: string[] = [];
  return {
    started,
    arrive(name: string, address: string, path = '/nevisidm/api/core/v1/100/users', response = {}): void {
      const request = { path } as Request;
      attachState(request, { address } as RequestState);
      turns.begin(request, response as Response, () => void started.push(name));
    },
  };
}

async function untilStarted(started: readonly string[], count: number): Promise<void> {
  while (started.length < count) await new Promise((resolve) => setImmediate(resolve));
}

test('a request that arrives alone is started at once', async () => {
  const { started, arrive } = order(turnsOfOne());
  arrive('one', 'a');
  expect(started).toEqual(['one']);
  await new Promise((resolve) => setImmediate(resolve));
  arrive('another', 'a');
  expect(started).toEqual(['one', 'another']);
});

test('of requests that arrive at once, those of another address or for another client are started before the rest', async () => {
  const { started, arrive } = order(turnsOfOne());
  for (const number of [1, 2, 3, 4]) arrive(`a ${number}`, 'a');
  arrive('b', 'b');
  arrive('a for 200', 'a', '/mtls/account/200/certificates');
  arrive('a for 300', 'a', '/nevisidm/api/core/v1/clients/300');
  expect(started).toEqual(['a 1']);
  await untilStarted(started, 7);
  expect(started).toEqual(['a 1', 'a 2', 'b', 'a for 200', 'a for 300', 'a 3', 'a 4']);
});

test('other work runs between two turns', async () => {
  const { started, arrive } = order(turnsOfOne());
  for (const number of [1, 2, 3]) arrive(`${number}`, 'a');
  setImmediate(() => started.push('another'));
  await untilStarted(started, 4);
  expect(started).toEqual(['1', '2', 'another', '3']);
});

test('within the budget, requests are started as they arrive', () => {
  const { started, arrive } = order(new RequestTurns({ budgetMs: 60_000 }));
  for (const number of [1, 2, 3]) arrive(`${number}`, 'a');
  expect(started).toEqual(['1', '2', '3']);
});

test('a request whose caller left while it waited is not started', async () => {
  const { started, arrive } = order(turnsOfOne());
  const left = { closed: false };
  arrive('1', 'a');
  arrive('left', 'a', undefined, left);
  arrive('2', 'a');
  left.closed = true;
  await untilStarted(started, 2);
  expect(started).toEqual(['1', '2']);
});

test('if everything else takes long, more than one request is started in a turn', async () => {
  const { started, arrive } = order(new RequestTurns({ budgetMs: 0, share: 1_000_000 }));
  for (const number of [1, 2, 3, 4]) arrive(`${number}`, 'a');
  expect(started).toEqual(['1']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(started).toEqual(['1', '2', '3', '4']);
});
