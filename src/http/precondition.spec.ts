import { describe, expect, it } from 'vitest';

import { matches } from '../common/expected-version.js';
import { parseIfMatch } from './precondition.js';

describe('3.5 If-Match compares character by character', () => {
  it.each([
    ['"3"', true],
    ['*', true],
    ['"1", "3"', true],
    ['W/"3" , "3"', true],
    ['"3",', true],
    [',"3"', true],
    [' , ,\t"1",, "3" ,', true],
    [',"1",', false],
    ['"03"', false],
    ['W/"3"', false],
    ['"3-gzip"', false],
    ['"3 "'.replace(' ', '\u00a0'), false],
    ['"1","2"', false],
  ])('%s and version 3: %s', (header, expected) => {
    expect(matches(parseIfMatch(header), 3)).toBe(expected);
  });
});

describe('3.5 an invalid list of entity tags is refused', () => {
  it.each([
    '',
    ' ',
    ',',
    ' , ,',
    '3',
    '"3',
    '"3" "3"',
    '*,',
    '"3",*',
    'w/"3"',
    '"3",\u00a0"4"',
    `${',\t'.repeat(8_000)}x`,
  ])('%j', (header) => {
    expect(() => parseIfMatch(header)).toThrow('If-Match must be');
  });
});

describe('3.5 the refusal says whether the tag is one of this server', () => {
  it.each([
    ['"7"', /different version/],
    ['W/"3", "7"', /different version/],
    ['W/"3"', /weak.*proxy/],
    ['"3-gzip"', /no entity tag of this server.*proxy/],
    ['"03"', /no entity tag of this server/],
  ])('%s', (header, message) => {
    expect(parseIfMatch(header).mismatch).toMatch(message);
  });
});
