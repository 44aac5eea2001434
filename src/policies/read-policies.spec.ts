import { beforeEach, expect, test } from 'vitest';

import { ReadPolicies } from './read-policies.js';

let parsed: number;
let policies: ReadPolicies<object>;

beforeEach(() => {
  parsed = 0;
  policies = new ReadPolicies((parameters) => {
    parsed += 1;
    return { policy: { ...parameters }, errors: [] };
  });
});

const text = (number: number, length = 10): string => JSON.stringify({ number: `${number}`.padStart(length) });

test('a policy is parsed once, and one that could not be read is no policy', () => {
  expect(policies.read('100', text(1))).toBe(policies.read('100', text(1)));
  expect(parsed).toBe(1);
  expect(() => policies.read('100', 'null')).toThrow('no policy');
  expect(() => new ReadPolicies(() => ({ policy: undefined, errors: [] })).read('100', '{}')).toThrow('cannot be read');
});

test.each([
  ['many', 20_000, 10],
  ['large', 100, 60_000],
])('%s policies of one client drop none of another, and the first of its own', (_, count, length) => {
  const kept = policies.read('100', text(0));
  for (let number = 0; number < count; number += 1) policies.read('hostile', text(number, length));
  expect(parsed).toBe(count + 1);
  expect(policies.read('100', text(0))).toBe(kept);
  expect(parsed).toBe(count + 1);
  policies.read('hostile', text(0, length));
  expect(parsed).toBe(count + 2);
});
