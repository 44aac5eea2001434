import fc from 'fast-check';
import { expect, test } from 'vitest';

import { mergeMembers, mergeProperties, type SentTextMembers, type TextMembers } from './text-members.js';

const name = fc.oneof(fc.constantFrom('city', 'street', '__proto__', 'constructor'), fc.string({ maxLength: 3 }));
const text = fc.string({ minLength: 1, maxLength: 4 });
const none = fc.constant(null);

function members<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> {
  return fc
    .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 6 })
    .map((entries) => Object.fromEntries(entries));
}

/** What is stored: an object without members is stored as null. */
const stored: fc.Arbitrary<TextMembers | null> = fc.oneof(
  none,
  members(text).filter((object) => Object.keys(object).length > 0),
);
const sentObject: fc.Arbitrary<SentTextMembers> = members(fc.oneof(text, none, fc.constant(undefined)));
const sent = fc.oneof(sentObject, none, fc.constant(undefined));

const valueOf = (object: object | null, key: string): unknown =>
  object !== null && Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;

const merges = [mergeMembers, mergeProperties];

test('2.5 merging the same members twice is the same as merging them once', () => {
  fc.assert(
    fc.property(fc.constantFrom(...merges), stored, sent, (merge, current, patch) => {
      const once = merge(current, patch);
      expect(merge(once, patch)).toEqual(once);
    }),
  );
});

test('2.5 a sent text is stored, null removes, and an absent member keeps its value', () => {
  fc.assert(
    fc.property(fc.constantFrom(...merges), stored, sentObject, (merge, current, patch) => {
      const merged = merge(current, patch);
      for (const key of new Set([...Object.keys(current ?? {}), ...Object.keys(patch)])) {
        const value = valueOf(patch, key);
        const expected = value === undefined ? valueOf(current, key) : (value ?? undefined);
        expect(valueOf(merged, key)).toBe(expected);
      }
      const known = [...Object.keys(current ?? {}), ...Object.keys(patch)];
      expect(Object.keys(merged ?? {}).filter((key) => !known.includes(key))).toEqual([]);
    }),
  );
});

test('2.5 null removes everything, nothing sent changes nothing, and no result is empty', () => {
  fc.assert(
    fc.property(fc.constantFrom(...merges), stored, sent, (merge, current, patch) => {
      expect(merge(current, null)).toBeNull();
      expect(merge(current, undefined)).toBe(current);
      expect(merge(current, {})).toEqual(current);
      expect(merge(current, patch)).not.toEqual({});
    }),
  );
});

test('2.5 sending back what was read changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...merges), stored, (merge, current) => {
      expect(merge(current, current ?? {})).toEqual(current);
    }),
  );
});

test('2.5 of two requests with different members the order does not matter', () => {
  fc.assert(
    fc.property(fc.constantFrom(...merges), stored, sentObject, sentObject, (merge, current, one, two) => {
      const other = Object.fromEntries(Object.entries(two).filter(([key]) => !Object.hasOwn(one, key)));
      expect(merge(merge(current, one), other)).toEqual(merge(merge(current, other), one));
    }),
  );
});

test('2.5 an empty text removes a property as null does', () => {
  fc.assert(
    fc.property(stored, sentObject, (current, patch) => {
      const emptied = Object.fromEntries(
        Object.entries(patch).map(([key, value]) => [key, value === null ? '' : value]),
      );
      expect(mergeProperties(current, emptied)).toEqual(mergeProperties(current, patch));
    }),
  );
});
