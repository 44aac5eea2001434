import type { Request, Response } from 'express';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { appError } from '../common/errors.js';
import { attachState, type RequestState } from './request-state.js';
import { RequestTurns } from './request-turns.js';

/** What each request takes when it is started, by the injected clock. One is started in each turn of the event loop. */
const WORK_MS = 10;

/** More than are started within the window after which waits are predicted. */
const WINDOW = 30;

/** Of which the last waits 500 ms. */
const LIMIT = 50;

let now: number;
let started: string[];
let refusals: { name: string; status: number; headers: object; body: object }[];
let full: Set<string>;
/** Of each question whether the later queue has room: how many others of the client come first. */
let before: number[];
let turns: RequestTurns;

beforeEach(() => {
  now = 0;
  started = [];
  refusals = [];
  full = new Set();
  before = [];
  turns = slowTurns(0);
});

function slowTurns(burst: number | undefined): RequestTurns {
  return new RequestTurns({
    budgetMs: 0,
    share: 0,
    ...(burst === undefined ? {} : { burst }),
    monotonic: () => now,
    requireRoom: (client, others) => {
      before.push(others);
      if (full.has(client)) throw appError({ code: 'errors.unavailable', message: 'Full.' }, { retryAfterSeconds: 2 });
    },
  });
}

// What is left of a test would otherwise run in the next one.
afterEach(async () => {
  while (turns.waitingCount > 0) await turn();
  await turn(3);
});

interface Origin {
  readonly address?: string;
  readonly client?: string;
  readonly path?: string;
}

function arrive(name: string, { address = 'a', client = '100', path }: Origin = {}) {
  const state = { address, id: `id of ${name}`, startedAt: now } as RequestState;
  const answer = { status: 0, headers: {} };
  const response = {
    closed: false,
    writeHead: (status: number, headers: object) => Object.assign(answer, { status, headers }),
    end: (text: string) => refusals.push({ name, ...answer, body: JSON.parse(text) as object }),
  };
  const request = { path: path ?? `/nevisidm/api/core/v1/${client}/users`, socket: {} } as Request;
  attachState(request, state);
  turns.begin(request, response as unknown as Response, () => {
    started.push(name);
    now += WORK_MS;
  });
  return { state, response };
}

function flood(count: number, origin: Origin = {}): void {
  for (let number = 0; number < count; number += 1) arrive('flood', origin);
}

async function turn(count = 1): Promise<void> {
  for (let number = 0; number < count; number += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** How many of these requests were refused. */
function refused(name: string): number {
  return refusals.filter((refusal) => refusal.name === name).length;
}

describe('a request that would wait too long for its turn', () => {
  test('is refused with 503 and Retry-After, once requests have been waiting for a while', async () => {
    flood(WINDOW + LIMIT);
    await turn(WINDOW);
    expect(refusals).toEqual([]);
    flood(LIMIT);
    const { state } = arrive('last');
    expect(refused('last')).toBe(1);
    expect(state.errorCode).toBe('errors.unavailable');
    const message = 'Too many requests of this client are waiting. Try again in 1 s.';
    const body = { errors: [{ code: 'errors.unavailable', message, requestId: 'id of last' }] };
    expect(refusals.at(-1)).toEqual({
      name: 'last',
      status: 503,
      headers: {
        'Retry-After': '1',
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': JSON.stringify(body).length,
      },
      body,
    });
    expect(turns.refusals).toEqual({ client_limit: refusals.length, overloaded: 0 });
    expect(turns.waitingCount).toBeLessThanOrEqual(LIMIT);
  });

  test('9 is not one of 101 that a console sends at once, however long each takes', async () => {
    turns = slowTurns(undefined);
    // Others, so that waits are predicted.
    flood(WINDOW + 10);
    await turn(WINDOW);
    for (let number = 0; number < 101; number += 1) arrive('console');
    expect(refused('console')).toBe(0);
    flood(2 * LIMIT);
    expect(refused('flood')).toBeGreaterThan(0);
  });

  test.each([
    ['another address', { address: 'b' }],
    ['another client of the address', { client: '200' }],
    ['a probe', { path: '/health/ready' }],
    ['Prometheus', { path: '/metrics' }],
  ])('is not one of %s, which waits for a round', async (_, origin) => {
    flood(WINDOW + 2 * LIMIT);
    await turn(WINDOW);
    for (const name of ['one', 'another']) {
      arrive(name, origin);
      const startedBefore = started.length;
      while (!started.includes(name)) await turn();
      expect(started.length - startedBefore).toBeLessThanOrEqual(3);
    }
    arrive('refused');
    expect(refused('refused')).toBe(1);
    expect([refused('one'), refused('another')]).toEqual([0, 0]);
  });

  test('is refused, whosever it is, if too many callers are waiting, and probes are not', async () => {
    for (let address = 0; address < WINDOW + 2 * LIMIT; address += 1) arrive('crowd', { address: `${address}` });
    await turn(WINDOW);
    arrive('last', { address: 'last' });
    arrive('probe', { address: 'last', path: '/health/live' });
    expect([refused('last'), refused('probe')]).toEqual([1, 0]);
    expect(turns.refusals).toEqual({ client_limit: 0, overloaded: 1 });
  });

  test('is served as usual as soon as the others are', async () => {
    flood(WINDOW + 2 * LIMIT);
    await turn(WINDOW);
    arrive('refused');
    expect(refused('refused')).toBe(1);
    await turn(WINDOW + 2 * LIMIT);
    expect(turns.waitingCount).toBe(0);
    flood(2 * LIMIT);
    arrive('later');
    expect(refused('later')).toBe(0);
    while (!started.includes('later')) await turn();
  });
});

test('a single long turn of the event loop refuses nothing', async () => {
  flood(WINDOW + 2 * LIMIT);
  now += 60_000;
  await turn();
  arrive('after it');
  expect(refused('after it')).toBe(0);
});

test('no more than a thousand requests of a client wait', () => {
  flood(1_001);
  expect(turns.waitingCount).toBe(1_000);
  arrive('beyond');
  expect(refused('beyond')).toBe(1);
});

test('beyond two thousand in all, only those wait of whose client none does', () => {
  flood(1_001);
  flood(1_000, { address: 'b' });
  arrive('one', { address: 'c' });
  expect(turns.waitingCount).toBe(2_001);
  arrive('another', { address: 'c' });
  arrive('one of others', { address: 'd' });
  expect([refused('one'), refused('another'), refused('one of others')]).toEqual([0, 1, 0]);
  expect(turns.refusals).toEqual({ client_limit: 0, overloaded: 1 });
});

describe('a request whose client would be refused at the queue for the database', () => {
  test('is refused when it arrives, with the error of that queue', async () => {
    full.add('100');
    arrive('refused');
    arrive('of another client', { client: '200' });
    arrive('without a client', { path: '/nevisidm/api/principal/v1/token' });
    arrive('probe', { path: '/health/ready' });
    expect(refused('refused')).toBe(1);
    expect(refusals).toMatchObject([{ headers: { 'Retry-After': '2' }, body: { errors: [{ message: 'Full.' }] } }]);
    await turn(3);
    expect(started).toEqual(['of another client', 'without a client', 'probe']);
    expect(turns.refusals).toEqual({ client_limit: 0, overloaded: 0 });
  });

  test('is refused at its turn, if the queue has become full meanwhile', async () => {
    flood(1);
    arrive('waiting');
    full.add('100');
    await turn(2);
    expect(refused('waiting')).toBe(1);
  });
});

test('what was started in this turn and the one before comes first at the later queue', async () => {
  turns = new RequestTurns({
    budgetMs: 60_000,
    monotonic: () => now,
    requireRoom: (client, others) => (client === '100' ? void before.push(others) : undefined),
  });
  flood(3);
  flood(1, { client: '200' });
  flood(1, { address: 'b' });
  await turn();
  flood(2);
  await turn();
  flood(1);
  expect(before).toEqual([0, 1, 2, 0, 3, 4, 2]);
});
