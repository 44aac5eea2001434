import { type Denial, denialIf, type NO_DENIAL } from '../denials/denial.model.js';
import type { PolicyMembers, PolicyRow } from './policy.table.js';

/** What a change of a policy tells gateways (contract 15.8): only parameters decide on logins. */
export function denialOfPolicy(
  { extId, policyType }: Pick<PolicyRow, 'extId' | 'policyType'>,
  changed: readonly (keyof PolicyMembers)[],
): Denial | typeof NO_DENIAL {
  const isPossible = policyType === 'CertificatePolicy' && changed.includes('parameters');
  return denialIf(isPossible, { kind: 'policy', value: extId });
}
