import { describe, expect, it } from 'vitest';

import { evaluateNames, evaluateReplacements } from './key-store-batch.rules.js';

const name = (text: string) => ({ name: text });

describe('evaluateNames', () => {
  it.each([
    ['ok/other names', ['c', 'd'], []],
    ['ok/case counts', ['A'], []],
    ['fail/a taken name', ['c', 'a'], [[1, 'errors.duplicateName']]],
    ['fail/a repeated name', ['c', 'c'], [[1, 'errors.duplicateName']]],
    [
      'fail/taken and repeated names, an error for each',
      ['a', 'a'],
      [
        [0, 'errors.duplicateName'],
        [1, 'errors.duplicateName'],
      ],
    ],
  ] as const)('L3 %s', (_title, names, expected) => {
    const errors = evaluateNames(names.map(name), new Set(['a', 'b']));
    expect(errors.map(({ index, code }) => [index, code])).toEqual(expected);
  });
});

describe('evaluateReplacements', () => {
  const rows = [
    { id: 1, name: 'a' },
    { id: 2, name: 'b' },
  ];

  it.each([
    ['ok/under its own name', [{ id: 1, name: 'a' }], []],
    ['ok/under a free name', [{ id: 1, name: 'c' }], []],
    ['fail/an unknown id', [{ id: 3, name: 'c' }], [[0, 'id']]],
    ['fail/the name of another key store', [{ id: 1, name: 'b' }], [[0, 'name']]],
    [
      'fail/a repeated id',
      [
        { id: 1, name: 'a' },
        { id: 1, name: 'c' },
      ],
      [[1, 'id']],
    ],
    [
      'fail/a repeated new name',
      [
        { id: 1, name: 'c' },
        { id: 2, name: 'c' },
      ],
      [[1, 'name']],
    ],
    [
      'fail/two key stores exchange names',
      [
        { id: 1, name: 'b' },
        { id: 2, name: 'a' },
      ],
      [
        [0, 'name'],
        [1, 'name'],
      ],
    ],
    [
      'fail/several errors of one item',
      [{ id: 3, name: 'b' }],
      [
        [0, 'id'],
        [0, 'name'],
      ],
    ],
  ])('L5 %s', (_title, items, expected) => {
    expect(evaluateReplacements(items, rows).map(({ index, field }) => [index, field])).toEqual(expected);
  });
});
