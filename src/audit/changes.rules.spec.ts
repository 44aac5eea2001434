import { expect, test } from 'vitest';

import { changesOf } from './changes.rules.js';

const LONG = '🔑'.repeat(201);

test.each<[string, readonly string[], object | undefined, object, object]>([
  ['a text', ['state'], { state: 'active' }, { state: 'disabled' }, { state: { from: 'active', to: 'disabled' } }],
  ['a value that was absent', ['comment'], { comment: null }, { comment: 'new' }, { comment: { to: 'new' } }],
  ['a value that was cleared', ['comment'], { comment: 'old' }, {}, { comment: { from: 'old' } }],
  ['a creation', ['name', 'count'], undefined, { name: 'n', count: 0 }, { name: { to: 'n' }, count: { to: 0 } }],
  ['only the named members', ['a'], { a: 1, b: 1 }, { a: 2, b: 2 }, { a: { from: 1, to: 2 } }],
  ['a boolean', ['flag'], { flag: true }, { flag: false }, { flag: { from: true, to: false } }],
  [
    'an instant',
    ['validTo'],
    {},
    { validTo: new Date('2026-06-01T12:00:00.250Z') },
    { validTo: { to: '2026-06-01T12:00:00.250Z' } },
  ],
  [
    'what differs inside an object',
    ['parameters'],
    { parameters: { same: '1', changed: 'a', removed: 'x' } },
    { parameters: { same: '1', changed: 'b', added: 'y' } },
    { parameters: { from: { changed: 'a', removed: 'x' }, to: { changed: 'b', added: 'y' } } },
  ],
  ['the first member of an object', ['name'], { name: {} }, { name: { first: 'J' } }, { name: { to: { first: 'J' } } }],
  [
    'a member inside an object that is cleared',
    ['name'],
    { name: { first: 'J', last: 'D' } },
    { name: { first: null, last: 'D' } },
    { name: { from: { first: 'J' } } },
  ],
  ['an object that is cleared', ['name'], { name: { first: 'J' } }, { name: null }, { name: { from: { first: 'J' } } }],
  ['a list as a whole', ['list'], { list: ['a'] }, { list: ['a', 'b'] }, { list: { from: ['a'], to: ['a', 'b'] } }],
  ['a member of which no value is known', ['password'], {}, {}, { password: {} }],
  ['a long text, cut at 200 characters', ['t'], {}, { t: LONG }, { t: { to: `${'🔑'.repeat(200)}…` } }],
  ['a text of 200 characters', ['t'], {}, { t: '🔑'.repeat(200) }, { t: { to: '🔑'.repeat(200) } }],
  [
    'a long text inside an object',
    ['p'],
    {},
    { p: { t: 'x'.repeat(201) } },
    { p: { to: { t: `${'x'.repeat(200)}…` } } },
  ],
])('10.3 changes name %s', (_, names, before, after, expected) => {
  expect(changesOf(names, before, after)).toStrictEqual(expected);
});
