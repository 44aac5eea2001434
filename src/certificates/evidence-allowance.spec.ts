import { expect, test } from 'vitest';

import type { Caller } from '../common/actor.js';
import { systemCaller } from '../common/actor.js';
import { EvidenceAllowances } from './evidence-allowance.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const callerAt = (now: Date, user = 'admin-1'): Caller => systemCaller('100', now, 'request', user);

test('13.3 a caller may have evidence fetched for ten explanations and dry runs a minute, each caller for themselves', () => {
  const allowances = new EvidenceAllowances();
  const asks = (caller: Caller) => allowances.forChange(caller, true).begin() !== undefined;
  const answers = Array.from({ length: 11 }, () => asks(callerAt(NOW)));
  expect(answers).toEqual([...Array.from({ length: 10 }, () => true), false]);
  expect(asks(callerAt(NOW, 'admin-2'))).toBe(true);
  expect(asks(callerAt(new Date(NOW.getTime() + 6_000)))).toBe(true);
  expect(allowances.forChange(callerAt(NOW), false).begin()).toBeDefined();
});

test('13.3 a request counts once, when it first asks a source', () => {
  const allowances = new EvidenceAllowances();
  for (let index = 0; index < 20; index += 1) allowances.forQuestion(callerAt(NOW), NOW);
  const caller = callerAt(NOW);
  const allowance = allowances.forQuestion(caller, caller.now);
  for (let index = 0; index < 20; index += 1) expect(allowance.begin()).toBeDefined();
  expect(allowance.note).toBeUndefined();
});

test('13.3 with another time than now, nothing is asked for, and it says so', () => {
  const allowance = new EvidenceAllowances().forQuestion(callerAt(NOW), new Date(NOW.getTime() + 1));
  expect(allowance.begin()).toBeUndefined();
  expect(allowance.note).toContain('nothing is fetched for another time');
});

test('13.3 what is fetched ends when the caller leaves', () => {
  const controller = new AbortController();
  const caller = { ...callerAt(NOW), signal: controller.signal };
  const signal = new EvidenceAllowances().forChange(caller, false).begin();
  expect(signal?.aborted).toBe(false);
  controller.abort();
  expect(signal?.aborted).toBe(true);
});
