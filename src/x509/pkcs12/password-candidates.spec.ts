import { describe, expect, it } from 'vitest';

import { passwordCandidates } from './password-candidates.js';

describe('passwords to try', () => {
  it.each([
    [undefined, [undefined, '']],
    ['', [undefined, '']],
    ['secret', ['secret']],
    ['Grüße', ['Grüße', 'GrÃ¼Ã\u009fe']],
    ['part\0rest', []],
  ])('PKCS#12: for %j', (password, candidates) => {
    expect(passwordCandidates(password)).toEqual(candidates);
  });
});
