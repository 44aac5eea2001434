import { expect, test } from 'vitest';

import { acceptsCoding, asksForPage } from './accepted.rules.js';

test.each([
  ['gzip, deflate, br, zstd', 'br', true],
  ['GZIP', 'gzip', true],
  ['gzip;q=0.5, br;q=0', 'br', false],
  ['*', 'br', true],
  ['*, br;q=0', 'br', false],
  ['identity', 'gzip', false],
  ['', 'gzip', false],
  [undefined, 'gzip', false],
  ['brotli', 'br', false],
])('Accept-Encoding %j and %s: %s', (header, coding, accepted) => {
  expect(acceptsCoding(header, coding)).toBe(accepted);
});

test.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['application/json', false],
  ['*/*', false],
  ['text/html;q=0, application/json', false],
  [undefined, false],
])('Accept %j asks for a page: %s', (header, asked) => {
  expect(asksForPage(header)).toBe(asked);
});
