import { describe, expect, it } from 'vitest';

import { matches, mismatchMessage, parseIfMatch } from './precondition.js';

describe('3.5 If-Match compares character by character', () => {
  it.each([
    ['"3"', true],
    ['*', true],
    ['"1", "3"', true],
    ['W/"3" , "3"', true],
    ['"03"', false],
    ['W/"3"', false],
    ['"3-gzip"', false],
    ['"3 "'.replace(' ', '\u00a0'), false],
    ['"1","2"', false],
  ])('%s and version 3: %s', (header, expected) => {
    expect(matches(parseIfMatch(header), 3)).toBe(expected);
  });
});

describe("3.5 a tag that is none of this server's is said to be so", () => {
  it.each([
    ['"7"', /another version/],
    ['W/"3", "7"', /another version/],
    ['W/"3"', /weak.*proxy/],
    ['"3-gzip"', /no entity tag of this server.*proxy/],
    ['"03"', /no entity tag of this server/],
  ])('%s', (header, message) => {
    expect(mismatchMessage(parseIfMatch(header))).toMatch(message);
  });
});
