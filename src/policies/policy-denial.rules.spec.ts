import { expect, it } from 'vitest';

import { NO_DENIAL } from '../denials/denial.model.js';
import { denialOfPolicy } from './policy-denial.rules.js';

const DENIED = { kind: 'policy', value: 'strict' };

it.each<[string, string, Parameters<typeof denialOfPolicy>[1], object]>([
  ['its parameters', 'CertificatePolicy', ['name', 'parameters'], DENIED],
  [
    'its name, description or being the default',
    'CertificatePolicy',
    ['name', 'description', 'defaultPolicy'],
    NO_DENIAL,
  ],
  ['the parameters of a policy for passwords', 'PwdPolicy', ['parameters'], NO_DENIAL],
])('15.8 what a change of a policy denies: %s', (_title, policyType, changed, expected) => {
  expect(denialOfPolicy({ extId: 'strict', policyType }, changed)).toEqual(expected);
});
