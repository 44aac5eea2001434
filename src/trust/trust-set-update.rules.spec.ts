import { describe, expect, it } from 'vitest';

import { decideTrustSetUpdate, repeatedCertificates } from './trust-set-update.rules.js';
import type { TrustSetMembers } from './trust-set.table.js';

const [A, B, C] = ['a', 'b', 'c'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
const SET: TrustSetMembers = { name: 'Corporate', description: 'd', anchors: [A], intermediates: [B] };

describe('decideTrustSetUpdate', () => {
  it.each([
    ['nothing', {}],
    ['what is stored already', { ...SET, anchors: [Buffer.from('a')] }],
  ])('3.1 ok/%s changes nothing', (_, patch) => {
    expect(decideTrustSetUpdate(SET, patch)).toEqual({ kind: 'unchanged' });
  });

  it.each<[string, object, object, string[]]>([
    ['a name', { name: 'New' }, { name: 'New' }, ['name']],
    ['null as the description', { description: null }, { description: null }, ['description']],
    ['anchors', { anchors: [C, A] }, { anchors: [C, A] }, ['anchors']],
    ['no intermediates', { intermediates: [] }, { intermediates: [] }, ['intermediates']],
    [
      'an intermediate that becomes an anchor',
      { anchors: [B], intermediates: [A] },
      { anchors: [B], intermediates: [A] },
      ['anchors', 'intermediates'],
    ],
  ])('11.3 ok/%s', (_, patch, members, changed) => {
    expect(decideTrustSetUpdate(SET, patch)).toEqual({ kind: 'changed', next: { ...SET, ...members }, changed });
  });

  it('11.3 fail/an anchor that is a stored intermediate certificate', () => {
    expect(decideTrustSetUpdate(SET, { anchors: [A, B] })).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.invalidData', field: 'intermediates', index: 0 }],
    });
  });
});

describe('repeatedCertificates', () => {
  it('11.1 fail/every certificate that is there twice, with both positions', () => {
    const errors = repeatedCertificates({ anchors: [A, B, A], intermediates: [C, B, C] });
    expect(errors.map(({ field, index, message }) => [field, index, message])).toEqual([
      ['anchors', 2, 'Certificate 3 of anchors is the same as certificate 1 of anchors; remove one of them.'],
      [
        'intermediates',
        1,
        'Certificate 2 of intermediates is the same as certificate 2 of anchors; remove one of them.',
      ],
      [
        'intermediates',
        2,
        'Certificate 3 of intermediates is the same as certificate 1 of intermediates; remove one of them.',
      ],
    ]);
  });
});
