import { describe, expect, it } from 'vitest';

import { hasTooManyProperties, mergeMembers, mergeProperties, sentOr, type SentTextMembers } from './text-members.js';

const STORED = { city: 'Bern', street: 'Marktgasse' };

describe('mergeMembers', () => {
  it.each<[string, SentTextMembers | null | undefined, object | null]>([
    ['ok/not sent', undefined, STORED],
    ['ok/empty', {}, STORED],
    ['ok/one member', { city: 'Basel' }, { city: 'Basel', street: 'Marktgasse' }],
    ['ok/another member', { postalCode: '3011' }, { ...STORED, postalCode: '3011' }],
    ['ok/null clears a member', { city: null }, { street: 'Marktgasse' }],
    ['ok/null for an absent member', { locality: null }, STORED],
    ['ok/an undefined member is not sent', { city: undefined }, STORED],
    ['ok/an empty text is a text', { city: '' }, { city: '', street: 'Marktgasse' }],
    ['ok/nothing is left', { city: null, street: null }, null],
    ['ok/null clears the whole', null, null],
  ])('2.5 %s', (_title, sent, expected) => {
    expect(mergeMembers(STORED, sent)).toEqual(expected);
  });

  it('2.5 ok/where nothing was stored', () => {
    expect(mergeMembers(null, { city: 'Bern' })).toEqual({ city: 'Bern' });
    expect(mergeMembers(null, {})).toBeNull();
    expect(mergeMembers(null, undefined)).toBeNull();
  });

  it('3.7 ok/names of prototype members are ordinary names', () => {
    const sent = JSON.parse('{"__proto__":"x"}') as SentTextMembers;
    expect(Object.keys(mergeMembers({ a: 'b' }, sent) ?? {})).toEqual(['a', '__proto__']);
  });
});

describe('mergeProperties', () => {
  it.each<[string, SentTextMembers | null | undefined, object | null]>([
    ['ok/not sent', undefined, STORED],
    ['ok/null removes', { city: null }, { street: 'Marktgasse' }],
    ['ok/an empty text removes', { city: '' }, { street: 'Marktgasse' }],
    ['ok/all in one', { city: '', street: 'Spitalgasse', floor: '3' }, { street: 'Spitalgasse', floor: '3' }],
    ['ok/null removes all', null, null],
  ])('2.5 %s', (_title, sent, expected) => {
    expect(mergeProperties(STORED, sent)).toEqual(expected);
  });
});

function names(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 'x']));
}

it('2.14 at most 100 names', () => {
  expect(hasTooManyProperties(null)).toBe(false);
  expect(hasTooManyProperties(names(100))).toBe(false);
  expect(hasTooManyProperties(names(101))).toBe(true);
});

it('3.1 absent members are kept, null clears', () => {
  expect(sentOr(undefined, 'stored')).toBe('stored');
  expect(sentOr('sent', 'stored')).toBe('sent');
  expect(sentOr<string>(null, 'stored')).toBeNull();
});
