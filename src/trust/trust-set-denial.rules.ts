import { type Denial, denialIf, type NO_DENIAL } from '../denials/denial.model.js';
import type { TrustSetMembers } from './trust-set.table.js';

/** A gateway has to ask again whatever a policy that names the set has allowed. */
export function denialOfSet(extId: string): Denial {
  return { kind: 'trustAnchorSet', value: extId };
}

/** What a change of a trust-anchor set tells gateways (contract 15.8): only its certificates decide on logins. */
export function denialOfSetChange(
  extId: string,
  changed: readonly (keyof TrustSetMembers)[],
): Denial | typeof NO_DENIAL {
  return denialIf(changed.includes('anchors') || changed.includes('intermediates'), denialOfSet(extId));
}
