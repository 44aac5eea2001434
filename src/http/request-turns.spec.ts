import type { Request, Response } from 'express';
import { expect, test } from 'vitest';

import { attachState, type RequestState } from './request-state.js';
import { RequestTurns } from './request-turns.js';

/** Without a budget one request is begun in each turn of the event loop. */
const turnsOfOne = (): RequestTurns => new RequestTurns(0, 0);

function order(turns: RequestTurns) {
  const begun: string[] = [];
  return {
    begun,
    arrive(name: string, address: string, path = '/nevisidm/api/core/v1/100/users', response = {}): void {
      const request = { path } as Request;
      attachState(request, { address } as RequestState);
      turns.begin(request, response as Response, () => void begun.push(name));
    },
  };
}

async function untilBegun(begun: readonly string[], count: number): Promise<void> {
  while (begun.length < count) await new Promise((resolve) => setImmediate(resolve));
}

test('a request that comes alone is begun at once', async () => {
  const { begun, arrive } = order(turnsOfOne());
  arrive('one', 'a');
  expect(begun).toEqual(['one']);
  await new Promise((resolve) => setImmediate(resolve));
  arrive('another', 'a');
  expect(begun).toEqual(['one', 'another']);
});

test('of requests that come at once one of another address, or for another client, is begun before the rest', async () => {
  const { begun, arrive } = order(turnsOfOne());
  for (const number of [1, 2, 3, 4]) arrive(`a ${number}`, 'a');
  arrive('b', 'b');
  arrive('a for 200', 'a', '/mtls/account/200/certificates');
  arrive('a for 300', 'a', '/nevisidm/api/core/v1/clients/300');
  expect(begun).toEqual(['a 1']);
  await untilBegun(begun, 7);
  expect(begun).toEqual(['a 1', 'a 2', 'b', 'a for 200', 'a for 300', 'a 3', 'a 4']);
});

test('between two turns everybody else is served', async () => {
  const { begun, arrive } = order(turnsOfOne());
  for (const number of [1, 2, 3]) arrive(`${number}`, 'a');
  setImmediate(() => begun.push('another'));
  await untilBegun(begun, 4);
  expect(begun).toEqual(['1', '2', 'another', '3']);
});

test('within the budget requests are begun as they come', () => {
  const { begun, arrive } = order(new RequestTurns(60_000));
  for (const number of [1, 2, 3]) arrive(`${number}`, 'a');
  expect(begun).toEqual(['1', '2', '3']);
});

test('a request whose caller has left while it waited is not begun', async () => {
  const { begun, arrive } = order(turnsOfOne());
  const gone = { closed: false };
  arrive('1', 'a');
  arrive('gone', 'a', undefined, gone);
  arrive('2', 'a');
  gone.closed = true;
  await untilBegun(begun, 2);
  expect(begun).toEqual(['1', '2']);
});

test('where everything else takes long, more than one request is begun in a turn', async () => {
  const { begun, arrive } = order(new RequestTurns(0, 1_000_000));
  for (const number of [1, 2, 3, 4]) arrive(`${number}`, 'a');
  expect(begun).toEqual(['1']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['1', '2', '3', '4']);
});
