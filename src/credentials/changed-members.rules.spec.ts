import { expect, it } from 'vitest';

import { credentialOf, later, NOW } from '../../test/support/rule-fixtures.js';
import { changedMembers, type ChangedMember } from './changed-members.rules.js';

type Columns = Parameters<typeof credentialOf>[0];

it.each<[string, Columns, Columns, readonly ChangedMember[]]>([
  ['nothing', {}, {}, []],
  ['an equal instant', { validTo: later(0) }, { validTo: later(0) }, []],
  ['an end of the validity', { validTo: later(0) }, { validTo: later(1) }, ['validity']],
  ['an end of the validity that is removed', { validTo: NOW }, { validTo: null }, ['validity']],
  ['a start of the validity that is added', { validFrom: null }, { validFrom: NOW }, ['validity']],
  ['no validity before and after', { validFrom: null, validTo: null }, { validFrom: null, validTo: null }, []],
  ['a comment', {}, { comment: 'by hand' }, ['modificationComment']],
  ['a lock over the state', {}, { lock: 'fail-locked' }, ['stateName']],
  ['a lock that had ended', { lock: 'tmp-locked', lockedUntil: NOW }, {}, []],
  [
    'a state with its reason and detail',
    {},
    { state: 'disabled', reason: 'policy-check-failed', detail: 'keyTypes: …' },
    ['stateName', 'stateChangeReason', 'stateChangeDetail'],
  ],
])('3.1 what changed for a reader: %s', (_title, before, after, expected) => {
  expect(changedMembers(credentialOf(before), credentialOf(after), NOW)).toEqual(expected);
});
