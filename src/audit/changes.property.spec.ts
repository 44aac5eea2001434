import fc from 'fast-check';
import { expect, test } from 'vitest';

import { type Changes, changesOf } from './changes.rules.js';

type Value = string | number | boolean | Date | null | undefined | readonly string[] | Readonly<Record<string, string>>;
type Members = Readonly<Record<string, Value>>;

const NAMES = ['name', 'count', 'flag', 'at', 'list', 'map'] as const;

const texts = (text: fc.Arbitrary<string>) => fc.dictionary(fc.string({ maxLength: 3 }), text, { maxKeys: 4 });

const none = <Some>(some: fc.Arbitrary<Some>) => fc.oneof(some, fc.constantFrom(null, undefined));

/** Resources whose members have the type that belongs to their name, or no value. */
function resourceOf(text: fc.Arbitrary<string>): fc.Arbitrary<Members> {
  return fc.record({
    name: none(text),
    count: none(fc.integer()),
    flag: none(fc.boolean()),
    at: none(fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })),
    list: none(fc.array(text, { maxLength: 3 })),
    map: none(texts(text)),
  });
}

const short = fc.string({ unit: 'binary', maxLength: 5 });
const long = fc.string({ unit: fc.constantFrom('x', '🔑', 'é'), minLength: 150, maxLength: 450 });
const named = fc.subarray([...NAMES]);

/** As it is in JSON. No value, and an object without members, are undefined. */
function plain(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && Object.keys(value).length === 0 && !Array.isArray(value) ? undefined : value;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The value of a member after its change. */
function applied(before: unknown, { from, to }: Changes[string]): unknown {
  if (!isMap(before) && !isMap(to)) return to;
  const kept = Object.entries(isMap(before) ? before : {}).filter(
    ([key]) => !Object.hasOwn((from ?? {}) as object, key),
  );
  return Object.fromEntries([...kept, ...Object.entries((to ?? {}) as object)]);
}

test('10.3 applying the changes to what was before gives what is after', () => {
  fc.assert(
    fc.property(named, fc.option(resourceOf(short), { nil: undefined }), resourceOf(short), (names, before, after) => {
      const changes = changesOf(names, before, after);
      expect(Object.keys(changes)).toEqual(names);
      for (const name of names) {
        expect(plain(applied(before?.[name], changes[name] ?? {}))).toEqual(plain(after[name]));
      }
    }),
    { numRuns: 500 },
  );
});

test('10.3 the changes of the opposite direction have from and to exchanged', () => {
  fc.assert(
    fc.property(resourceOf(short), resourceOf(short), (one, other) => {
      const there = changesOf(NAMES, one, other);
      const back = changesOf(NAMES, other, one);
      for (const name of NAMES) {
        expect([back[name]?.from, back[name]?.to]).toEqual([there[name]?.to, there[name]?.from]);
      }
    }),
  );
});

test('10.3 no text has more than 200 characters of the value, and none is cut within a character', () => {
  fc.assert(
    fc.property(resourceOf(long), resourceOf(long), (before, after) => {
      const sources = [before, after].flatMap(textsIn);
      for (const text of textsIn(changesOf(NAMES, before, after))) {
        expect(text.isWellFormed()).toBe(true);
        const characters = Array.from(text);
        if (sources.includes(text)) expect(characters.length).toBeLessThanOrEqual(200);
        else expect([characters.length, characters.at(-1)]).toEqual([201, '…']);
        expect(sources.some((source) => source.startsWith(characters.slice(0, 200).join('')))).toBe(true);
      }
    }),
  );
});

test('10.3 a secret is named without its value: what is not among the members does not appear', () => {
  const secrets = fc.record({ password: fc.constant('S3CRET-before'), key: fc.constant('S3CRET-key') });
  fc.assert(
    fc.property(named, resourceOf(short), resourceOf(short), secrets, (names, before, after, secret) => {
      const changes = changesOf(names, { ...before, ...secret }, { ...after, ...secret });
      expect(JSON.stringify(changes)).not.toContain('S3CRET');
      expect(changesOf([...names, 'password'], before, after)['password']).toEqual({});
    }),
  );
});

/** Every text in a value, apart from the names of members. Instants are not texts. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT.*Z$/.test(value) ? [] : [value];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.values(value).flatMap(textsIn);
}
