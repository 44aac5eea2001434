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

/** The values of a new policy for members that were not sent. */
const INITIAL: PolicyMembers = { name: null, description: null, defaultPolicy: false, parameters: {} };

/**
 * Merges the sent members into the stored ones, or into the initial ones of a new policy. `parameters` are replaced as
 * a whole.
 */
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

/** Decides on a PATCH of a policy (contract 2.10, 2.11, 3.1). */
export function decidePolicyUpdate(current: CurrentPolicy, patch: PolicyPatch): PolicyDecision {
  const next = mergePolicy(patch, current);
  const changed = POLICY_MEMBERS.filter((member) => !isDeepStrictEqual(next[member], current[member]));
  const errors = [
    ...(changed.includes('parameters') ? parameterErrors(current.policyType, next.parameters) : []),
    ...(changed.includes('defaultPolicy') && !next.defaultPolicy ? [defaultPolicyRefusal('defaultPolicy')] : []),
  ];
  const [first, ...rest] = errors;
  if (first !== undefined) return { kind: 'refused', errors: [first, ...rest] };
  return changed.length === 0 ? { kind: 'unchanged' } : { kind: 'changed', next, changed };
}

/**
 * A type that has a default always keeps one; it changes only when another policy becomes the default (contract 2.11).
 */
export function defaultPolicyRefusal(field?: string): ErrorDetail {
  return {
    code: 'errors.deleteDefaultEntityFailure',
    message: 'This is the default of its type. Make another one the default first.',
    ...(field === undefined ? {} : { field }),
  };
}
