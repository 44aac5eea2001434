import { expect, it } from 'vitest';

import { NO_DENIAL } from '../denials/denial.model.js';
import { denialOfSetChange } from './trust-set-denial.rules.js';

const DENIED = { kind: 'trustAnchorSet', value: 'set-1' };

it.each<[string, Parameters<typeof denialOfSetChange>[1], object]>([
  ['anchors', ['anchors'], DENIED],
  ['intermediates', ['name', 'intermediates'], DENIED],
  ['name and description', ['name', 'description'], NO_DENIAL],
])('15.8 what a change of a trust-anchor set denies: %s', (_title, changed, expected) => {
  expect(denialOfSetChange('set-1', changed)).toEqual(expected);
});
