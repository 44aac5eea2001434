import { isDeepStrictEqual } from 'node:util';

import type { ErrorDetail } from '../common/errors.js';
import { parameterErrors } from './policy-types.rules.js';
import { POLICY_MEMBERS, type PolicyMembers, type PolicyRow } from './policy.table.js';

export type PolicyPatch = { readonly [Member in keyof PolicyMembers]?: PolicyMembers[Member] | undefined };

export type CurrentPolicy = PolicyMembers & Pick<PolicyRow, 'policyType'>;

export interface ChangedPolicy {
  readonly kind: 'changed';
  readonly next: PolicyMembers;
  readonly changed: readonly (keyof PolicyMembers)[];
}

export type PolicyDecision =
  | { readonly kind: 'refused'; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] }
  | { readonly kind: 'unchanged' }
  | ChangedPolicy;

/** What a new policy has where nothing was sent. */
const INITIAL: PolicyMembers = { name: null, description: null, defaultPolicy: false, parameters: {} };

/** What was sent over what is stored; of a new policy over what it begins with. `parameters` are replaced whole. */
export function mergePolicy(
  { name, description, defaultPolicy, parameters }: PolicyPatch,
  current: PolicyMembers = INITIAL,
): PolicyMembers {
  return {
    name: name === undefined ? current.name : name,
    description: description === undefined ? current.description : description,
    defaultPolicy: defaultPolicy ?? current.defaultPolicy,
    parameters: parameters ?? current.parameters,
  };
}

/** What a PATCH does to a policy (contract 2.10, 2.11, 3.1). */
export function decidePolicyUpdate(current: CurrentPolicy, patch: PolicyPatch): PolicyDecision {
  const next = mergePolicy(patch, current);
  const changed = POLICY_MEMBERS.filter((member) => !isDeepStrictEqual(next[member], current[member]));
  const errors = [
    ...(changed.includes('parameters') ? parameterErrors(current.policyType, next.parameters) : []),
    ...(changed.includes('defaultPolicy') && !next.defaultPolicy ? [refusalOfDefault('defaultPolicy')] : []),
  ];
  const [first, ...rest] = errors;
  if (first !== undefined) return { kind: 'refused', errors: [first, ...rest] };
  return changed.length === 0 ? { kind: 'unchanged' } : { kind: 'changed', next, changed };
}

/** A type that has a default keeps one; another policy takes the flag, and then this one is free (contract 2.11). */
export function refusalOfDefault(field?: string): ErrorDetail {
  return {
    code: 'errors.deleteDefaultEntityFailure',
    message: 'This is the default of its type. Make another one the default first.',
    ...(field === undefined ? {} : { field }),
  };
}
