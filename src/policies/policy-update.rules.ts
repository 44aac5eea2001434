import type { ErrorDetail } from '../common/errors.js';
import { parameterErrors } from './policy-types.rules.js';

/** What P3 may change. */
export interface PolicyMembers {
  readonly name: string | null;
  readonly description: string | null;
  readonly defaultPolicy: boolean;
  readonly parameters: Readonly<Record<string, string>>;
}

export type PolicyPatch = { readonly [Member in keyof PolicyMembers]?: PolicyMembers[Member] | undefined };

export interface CurrentPolicy extends PolicyMembers {
  readonly policyType: string;
}

export type PolicyDecision =
  | { readonly kind: 'refused'; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly next: PolicyMembers; readonly changed: readonly (keyof PolicyMembers)[] };

/** What a PATCH does to a policy; `parameters` are replaced whole (contract 2.10, 2.11, 3.1). */
export function decidePolicyUpdate(current: CurrentPolicy, patch: PolicyPatch): PolicyDecision {
  const { name, description, defaultPolicy, parameters } = current;
  const next: PolicyMembers = {
    name: patch.name === undefined ? name : patch.name,
    description: patch.description === undefined ? description : patch.description,
    defaultPolicy: patch.defaultPolicy ?? defaultPolicy,
    parameters: patch.parameters ?? parameters,
  };
  const differs: Record<keyof PolicyMembers, boolean> = {
    name: next.name !== name,
    description: next.description !== description,
    defaultPolicy: next.defaultPolicy !== defaultPolicy,
    parameters: !sameParameters(next.parameters, parameters),
  };
  const errors = [
    ...(differs.parameters ? parameterErrors(current.policyType, next.parameters) : []),
    ...(differs.defaultPolicy && !next.defaultPolicy ? [refusalOfDefault('defaultPolicy')] : []),
  ];
  const [first, ...rest] = errors;
  if (first !== undefined) return { kind: 'refused', errors: [first, ...rest] };
  const changed = (Object.keys(differs) as (keyof PolicyMembers)[]).filter((member) => differs[member]);
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

function sameParameters(one: PolicyMembers['parameters'], other: PolicyMembers['parameters']): boolean {
  const values = new Map(Object.entries(other));
  const entries = Object.entries(one);
  return entries.length === values.size && entries.every(([name, value]) => values.get(name) === value);
}
