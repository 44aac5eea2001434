import { describe, expect, it } from 'vitest';

import { decideClientUpdate, type SentClient } from './client-update.rules.js';
import type { ClientMembers } from './client.table.js';

const STORED: ClientMembers = { name: 'Acme', displayName: { EN: 'Acme Ltd', DE: 'Acme AG' }, remarks: 'pilot' };

describe('decideClientUpdate', () => {
  it.each<[string, SentClient, Partial<ClientMembers>, readonly (keyof ClientMembers)[]]>([
    ['ok/a new name', { name: 'Acme 2' }, { name: 'Acme 2' }, ['name']],
    [
      'ok/one language',
      { displayName: { FR: 'Acme SA' } },
      { displayName: { EN: 'Acme Ltd', DE: 'Acme AG', FR: 'Acme SA' } },
      ['displayName'],
    ],
    ['ok/null clears a language', { displayName: { DE: null } }, { displayName: { EN: 'Acme Ltd' } }, ['displayName']],
    ['ok/null clears all languages', { displayName: null }, { displayName: null }, ['displayName']],
    ['ok/null clears the remarks', { remarks: null }, { remarks: null }, ['remarks']],
  ])('2.5 %s', (_title, sent, expected, changed) => {
    expect(decideClientUpdate(STORED, sent)).toEqual({ kind: 'changed', next: { ...STORED, ...expected }, changed });
  });

  it('3.1 ok/unchanged members have no effect, in any order', () => {
    const sent = { name: 'Acme', remarks: 'pilot', displayName: { DE: 'Acme AG', EN: 'Acme Ltd' } };
    expect(decideClientUpdate(STORED, sent)).toEqual({ kind: 'unchanged' });
    expect(decideClientUpdate(STORED, {})).toEqual({ kind: 'unchanged' });
  });
});
