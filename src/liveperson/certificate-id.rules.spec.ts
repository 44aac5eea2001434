import { expect, it } from 'vitest';

import { readCertificateId } from './certificate-id.rules.js';

it.each<[string, unknown, number | undefined]>([
  ['ok/the id of the documented sample', 2_628_739_923, 2_628_739_923],
  ['ok/the id of the sample of the upload by file, which fits into 32 bits', 937_706_832, 937_706_832],
  ['ok/a numeric string', '2628739923', 2_628_739_923],
  ['ok/the largest', 9_007_199_254_740_991, 9_007_199_254_740_991],
  ['ok/the largest as a string', '9007199254740991', 9_007_199_254_740_991],
  ['fail/one more', '9007199254740992', undefined],
  ['fail/zero', 0, undefined],
  ['fail/a negative one', -1, undefined],
  ['fail/a fraction', 1.5, undefined],
  ['fail/a leading zero', '01', undefined],
  ['fail/hexadecimal', '0x10', undefined],
  ['fail/white space', ' 1', undefined],
  ['fail/an empty text', '', undefined],
  ['fail/true', true, undefined],
  ['fail/null', null, undefined],
])('L5 id: %s', (_title, sent, expected) => {
  expect(readCertificateId(sent)).toBe(expected);
});
