import { describe, expect, it } from 'vitest';

import { later, NOW, ownerOf } from '../../test/support/rule-fixtures.js';
import { isActive, type CredentialOwner } from './credential-owner.rules.js';

describe('isActive', () => {
  it.each<[string, Partial<CredentialOwner>]>([
    ['ok/active without a validity', {}],
    ['ok/empty validity', { validFrom: null, validTo: null }],
    ['ok/from this moment on', { validFrom: NOW }],
    ['ok/to this moment', { validTo: NOW }],
  ])('2.6 %s', (_title, members) => {
    expect(isActive(ownerOf(members), NOW)).toBe(true);
  });

  it.each<[string, Partial<CredentialOwner>]>([
    ['fail/disabled', { state: 'disabled' }],
    ['fail/archived', { state: 'archived' }],
    ['fail/not yet', { validFrom: later(1) }],
    ['fail/no longer', { validTo: later(-1) }],
    ['fail/disabled inside his validity', { state: 'disabled', validFrom: later(-1), validTo: later(1) }],
  ])('2.6 %s', (_title, members) => {
    expect(isActive(ownerOf(members), NOW)).toBe(false);
  });
});
