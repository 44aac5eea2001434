import { describe, expect, it } from 'vitest';

import {
  changedMembers,
  type ClientColumns,
  type ClientMember,
  mergeClient,
  type SentClient,
} from './client-update.rules.js';

const STORED: ClientColumns = { name: 'Acme', displayName: { EN: 'Acme Ltd', DE: 'Acme AG' }, remarks: 'pilot' };

describe('mergeClient', () => {
  it.each<[string, SentClient, Partial<ClientColumns>, readonly ClientMember[]]>([
    ['ok/nothing sent', {}, {}, []],
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
    const merged = mergeClient(STORED, sent);
    expect(merged).toEqual({ ...STORED, ...expected });
    expect(changedMembers(STORED, merged)).toEqual(changed);
  });

  it('3.1 ok/what is so already changes nothing, in whatever order it comes', () => {
    const sent = { name: 'Acme', remarks: 'pilot', displayName: { DE: 'Acme AG', EN: 'Acme Ltd' } };
    expect(changedMembers(STORED, mergeClient(STORED, sent))).toEqual([]);
  });
});
