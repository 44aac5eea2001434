import { describe, expect, it } from 'vitest';

import { passwordCandidates } from './password-candidates.js';

describe('passwordCandidates', () => {
  it.each([
    [undefined, [undefined, '']],
    ['', [undefined, '']],
    ['secret', ['secret']],
    [
      'Gr\u00fc\u00dfe',
      [
        'Gr\u00fc\u00dfe',
        'Gru\u0308\u00dfe',
        'Gr\u00c3\u00bc\u00c3\u009fe',
        Buffer.from('4772fcdf65', 'hex'),
        'Gru\u00cc\u0088\u00c3\u009fe',
      ],
    ],
    ['A\u0308', ['A\u0308', '\u00c4', 'A\u00cc\u0088', '\u00c3\u0084', Buffer.from('c4', 'hex')]],
    ['\u00df', ['\u00df', '\u00c3\u009f', Buffer.from('df', 'hex')]],
    ['世界', ['世界', 'ä¸\u0096ç\u0095\u008c']],
    ['\u00c3\u00bc', ['\u00c3\u00bc', 'A\u0303\u00bc', '\u00c3\u0083\u00c2\u00bc', 'A\u00cc\u0083\u00c2\u00bc']],
    ['part\0rest', []],
  ])('PKCS#12: for %j', (password, candidates) => {
    expect(passwordCandidates(password)).toEqual(candidates);
  });
});
