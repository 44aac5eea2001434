import type { AuditEventResource } from '../../api/generated/types.gen.js';

export type Problem = 'refused' | 'disabledByPolicy' | 'revoked';

/** What an audit event of a certificate says about a policy or a revocation; undefined: nothing. */
export function problemOf({ action, code, reason, changes }: AuditEventResource): Problem | undefined {
  if (action === 'refused') return code === 'errors.certificatePolicyViolated' ? 'refused' : undefined;
  // A later change of another member still has the reason of the state.
  if (action !== 'created' && changes?.['stateName'] === undefined) return undefined;
  if (reason === 'cert-revoked') return 'revoked';
  return reason === 'policy-check-failed' ? 'disabledByPolicy' : undefined;
}

/** The newest problems of several lists of events. */
export function newestProblems(
  lists: readonly (readonly AuditEventResource[])[],
  count: number,
): readonly AuditEventResource[] {
  return lists
    .flat()
    .filter((event) => problemOf(event) !== undefined)
    .toSorted((one, other) => other.at.localeCompare(one.at))
    .slice(0, count);
}
