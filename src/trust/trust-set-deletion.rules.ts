import type { ErrorDetail } from '../common/errors.js';
import { printable } from '../common/printable.js';

/** Maximum number of policies that a refusal names. */
export const MAX_NAMED_POLICIES = 10;

export interface NamingPolicy {
  readonly extId: string;
  readonly name: string | null;
}

/** The refusal to delete a set that policies name (contract 11.3); undefined if there are none. */
export function stillNamed(policies: readonly NamingPolicy[]): ErrorDetail | undefined {
  if (policies.length === 0) return undefined;
  const named = policies
    .slice(0, MAX_NAMED_POLICIES)
    .map(({ extId, name }) => (name === null ? extId : `${extId} ("${printable(name, 100)}")`));
  const more = policies.length > MAX_NAMED_POLICIES ? ' and others' : '';
  return {
    code: 'errors.undeletedDependencies',
    message: `Policies name this trust-anchor set: ${named.join(', ')}${more}.`,
  };
}
