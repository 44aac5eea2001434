import { describe, expect, it } from 'vitest';

import {
  anyText,
  boolean,
  integer,
  integerOrOff,
  known,
  listOf,
  oneOf,
  type ParameterType,
  type Reading,
} from './parameter-types.rules.js';

const COLOURS = known(
  'a list of colours',
  new Map([
    ['green', 1],
    ['blue', 2],
  ]),
  new Map([['azure', 'blue']]),
);

it.each<[string, ParameterType<unknown>, string]>([
  ['boolean', boolean, '`true`, `false`'],
  ['one word', oneOf(['strict', 'threshold']), '`strict`, `threshold`'],
  ['whole number', integer(1, 9), '`1` to `9`'],
  ['whole number', integerOrOff(1, 9), '`1` to `9`, or `-1` for off'],
  ['list', listOf(',', boolean), 'at most 100 entries of at most 250 characters; each is `true`, `false`'],
  ['text', anyText('the name of an issuer'), 'the name of an issuer'],
  ['one word', COLOURS, 'one of `green`, `blue`'],
])('2.12 the reference calls a type "%s" and lists the values that it takes', (name, type, allowed) => {
  expect([type.name, type.allowed]).toEqual([name, allowed]);
});

it('2.12 the reference lists the separators of a list', () => {
  expect(listOf('|;,', boolean).separators).toBe('|;,');
});

it.each<[string, ParameterType<unknown>, ParameterType<unknown>['form']]>([
  ['a boolean', boolean, { kind: 'choice', choices: ['true', 'false'] }],
  ['one word', oneOf(['strict', 'threshold']), { kind: 'choice', choices: ['strict', 'threshold'] }],
  ['a number', integer(1, 9), { kind: 'number', minimum: 1, maximum: 9, off: false }],
  ['a number, or off', integerOrOff(1, 9), { kind: 'number', minimum: 1, maximum: 9, off: true }],
  ['a word of a vocabulary', COLOURS, { kind: 'choice', choices: ['green', 'blue'] }],
  ['text', anyText('x'), { kind: 'text', suggestions: [] }],
  ['a list', listOf(',', COLOURS), { kind: 'list', entry: { kind: 'choice', choices: ['green', 'blue'] } }],
])('2.12 the console is told what it can offer for %s', (_title, { form }, expected) => {
  expect(form).toEqual(expected);
});

describe('2.12 a value is read, or the error says what is expected', () => {
  it.each<[string, ParameterType<unknown>, string, Reading<unknown>]>([
    ['ok/the smallest number', integer(1, 9), '1', { value: 1 }],
    ['ok/the largest number', integer(1, 9), '9', { value: 9 }],
    ['fail/a number below', integer(1, 9), '0', { expected: 'a whole number from 1 to 9' }],
    ['fail/a number above', integer(1, 9), '10', { expected: 'a whole number from 1 to 9' }],
    ['ok/off', integerOrOff(1, 9), '-1', { value: undefined }],
    [
      'fail/neither off nor a number',
      integerOrOff(1, 9),
      '0',
      { expected: 'a whole number from 1 to 9, or -1 for off' },
    ],
    ['ok/a word', COLOURS, 'blue', { value: 2 }],
    ['fail/a word that is nearly right', COLOURS, 'gren', { expected: 'a list of colours, perhaps green' }],
    ['fail/another name of a word', COLOURS, 'azure', { expected: 'a list of colours, perhaps blue' }],
    ['fail/a word like no other', COLOURS, 'transparent', { expected: 'a list of colours' }],
    ['ok/any text, also an empty one', anyText('x'), '', { value: '' }],
  ])('%s', (_title, type, text, expected) => {
    expect(type.read(text)).toEqual(expected);
  });
});

const entries = (count: number): string => Array.from({ length: count }, () => 'a').join('|');

describe('2.12 a list', () => {
  const list = listOf('|;', anyText('x'));
  const noEmptyEntry = 'a list without an empty entry; omit the parameter if nothing is required';

  it.each<[string, string, readonly string[]]>([
    ['ok/every separator separates', 'a|b;c', ['a', 'b', 'c']],
    ['ok/entries are trimmed', ' a | b ', ['a', 'b']],
    ['ok/a backslash escapes a separator', 'a\\|b|c', ['a|b', 'c']],
    ['ok/a backslash escapes a backslash', 'a\\\\|b', ['a\\', 'b']],
    ['ok/a backslash before anything else stays', 'a\\b', ['a\\b']],
    ['ok/a backslash at the end stays', 'a\\', ['a\\']],
    ['ok/100 entries', entries(100), Array.from({ length: 100 }, () => 'a')],
    ['ok/an entry of 250 characters', 'x'.repeat(250), ['x'.repeat(250)]],
    ['ok/an entry of 250 characters of two code units', '\u{1f468}'.repeat(250), ['\u{1f468}'.repeat(250)]],
  ])('%s', (_title, text, value) => {
    expect(list.read(text)).toEqual({ value });
  });

  it.each<[string, string, Reading<unknown>]>([
    ['fail/101 entries', entries(101), { expected: 'at most 100 entries' }],
    ['fail/an empty entry', 'a|', { expected: noEmptyEntry }],
    ['fail/an empty list', '', { expected: noEmptyEntry }],
    ['fail/251 characters', 'x'.repeat(251), { expected: 'entries of at most 250 characters', found: 'x'.repeat(251) }],
  ])('%s', (_title, text, expected) => {
    expect(list.read(text)).toEqual(expected);
  });

  it('fail/the error names the entry that is wrong', () => {
    expect(listOf(',', boolean).read('true,maybe')).toEqual({ expected: 'true or false', found: 'maybe' });
  });
});
