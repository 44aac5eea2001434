import { expect, it, test } from 'vitest';

import { NO_DENIAL } from '../denials/denial.model.js';
import { denialOf, denialOfChange, type DeniableCredential } from './certificate-denial.rules.js';

const TIME = new Date('2026-06-01T12:00:00Z');
const ACTIVE: DeniableCredential = {
  sha256: Buffer.from('ab01', 'hex'),
  policyExtId: 'default',
  state: 'active',
  lock: null,
  lockedUntil: null,
  validFrom: null,
  validTo: TIME,
  disabledOn: null,
};
const DENIED = { kind: 'certificate', value: 'AB:01' };

test('15.8 a certificate is named by its fingerprint', () => {
  expect(denialOf(ACTIVE)).toEqual(DENIED);
});

it.each<[string, Partial<DeniableCredential>, Partial<DeniableCredential>, object]>([
  ['nothing that decides', {}, {}, NO_DENIAL],
  ['equal times', { validFrom: TIME }, { validFrom: new Date(TIME) }, NO_DENIAL],
  ['disabled', {}, { state: 'disabled' }, DENIED],
  ['locked', {}, { lock: 'fail-locked' }, DENIED],
  ['locked for longer', { lock: 'tmp-locked', lockedUntil: null }, { lock: 'tmp-locked', lockedUntil: TIME }, DENIED],
  ['replaced: the former certificate', {}, { sha256: Buffer.from('cd02', 'hex') }, DENIED],
  ['moved to another policy', {}, { policyExtId: 'strict' }, DENIED],
  ['valid from later on', {}, { validFrom: TIME }, DENIED],
  ['valid until another time', {}, { validTo: null }, DENIED],
  ['ended by a newer one', {}, { disabledOn: TIME }, DENIED],
  ['from another state that allows logins', { state: 'initial' }, { state: 'disabled' }, DENIED],
  ['enabled', { state: 'disabled' }, { state: 'active' }, NO_DENIAL],
  ['replaced while it is disabled', { state: 'disabled' }, { sha256: Buffer.from('cd02', 'hex') }, NO_DENIAL],
  ['reset-code, which allows no login', { state: 'reset-code' }, { state: 'disabled' }, NO_DENIAL],
])('15.8 what a change of a credential denies: %s', (_title, before, after, expected) => {
  expect(denialOfChange({ ...ACTIVE, ...before }, { ...ACTIVE, ...before, ...after })).toEqual(expected);
});
