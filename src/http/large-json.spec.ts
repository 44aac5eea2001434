import { describe, expect, it } from 'vitest';

import { byteArraysOf, MAX_DEPTH, MAX_VALUES, parseLargeJson } from './large-json.js';

const parse = (text: string) => parseLargeJson(Buffer.from(text));
const numbers = (count: number, value = 7): number[] => Array.from({ length: count }, () => value);
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('7.1 large JSON with few values is read', () => {
  it.each([
    ['a text of a MiB', JSON.stringify({ p12: 'A'.repeat(1_048_576) })],
    ['texts with structural characters', JSON.stringify({ text: '[{:"\\'.repeat(20_000) })],
    ['the maximum number of values', JSON.stringify({ list: numbers(MAX_VALUES - 1, 256) })],
    ['the maximum number of levels', nested(MAX_DEPTH)],
    ['a member __proto__', '{"__proto__":{"a":1}}'],
    [
      'an array of values that are not bytes',
      JSON.stringify({ list: [...numbers(2_000), 256, -1, 1.5, '1', null, true] }),
    ],
  ])('%s', (_, text) => {
    const parsed = parse(text);
    expect(parsed.kind === 'parsed' && JSON.stringify(parsed.value)).toBe(text);
  });

  it.each(['p12', '__proto__'])('7.1 many byte values under %s become bytes that are not copied', (name) => {
    const parsed = parse(`[{"${name}":${JSON.stringify(numbers(262_144, 255))}}]`);
    if (parsed.kind !== 'parsed') throw new Error(parsed.kind);
    const [item] = parsed.value as [object];
    expect(Object.getOwnPropertyDescriptor(item, name)?.value).toEqual(new Uint8Array(262_144).fill(255));
    expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
    expect(byteArraysOf(parsed.value)).toHaveLength(1);
  });
});

describe('7.1 large JSON with too many values is refused', () => {
  it.each([
    ['objects', `[${'{},'.repeat(MAX_VALUES)}{}]`],
    ['members', JSON.stringify(Object.fromEntries(numbers(MAX_VALUES + 1).map((_, index) => [`m${index}`, 1])))],
    ['numbers', JSON.stringify(numbers(MAX_VALUES + 1))],
    ['texts', JSON.stringify({ list: numbers(MAX_VALUES + 1).map(String) })],
    ['levels', nested(MAX_DEPTH + 1)],
    ['objects without end', '[{},'.repeat(MAX_VALUES)],
  ])('%s', (_, text) => {
    expect(parse(text)).toEqual({ kind: 'tooComplex' });
  });
});

it('7.1 the error on malformed large JSON has the position', () => {
  expect(parse('{"a":1,}')).toEqual({ kind: 'malformed', message: 'is not JSON: see line 1, column 8' });
});
