import { describe, expect, it } from 'vitest';

import { passwordCandidates } from './password-candidates.js';

describe('passwords to try', () => {
  it.each([
    [undefined, [undefined, '']],
    ['', [undefined, '']],
    ['secret', ['secret']],
    ['Grüße', ['Grüße', 'GrÃ¼Ã\u009fe', Buffer.from('4772fcdf65', 'hex')]],
    ['Ä', ['Ä', 'Ã\u0084', Buffer.from('c4', 'hex')]],
    ['世界', ['世界', 'ä¸\u0096ç\u0095\u008c']],
    ['Ã¼', ['Ã¼', 'Ã\u0083Â¼']],
    ['part\0rest', []],
  ])('PKCS#12: for %j', (password, candidates) => {
    expect(passwordCandidates(password)).toEqual(candidates);
  });
});
