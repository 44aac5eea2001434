import { formatInstant } from '../http/instant.js';
import type { CredentialRow } from './credential-row.model.js';

/**
 * What an administration decides of a credential, for `after` of its line in the trail; logins have their own events
 * (contract 3.3). Its secret is not repeated. A lock stands beside the state, because time ends it.
 */
export function administeredMembers(row: CredentialRow): object {
  return {
    created: row.created.toISOString(),
    policyExtId: row.policyExtId,
    state: row.state,
    stateSetBy: row.stateSetBy,
    reason: row.reason,
    detail: row.detail ?? undefined,
    lock: row.lock ?? undefined,
    lockReason: row.lockReason ?? undefined,
    lockedUntil: row.lockedUntil?.toISOString(),
    comment: row.comment ?? undefined,
    validFrom: row.validFrom === null ? undefined : formatInstant(row.validFrom),
    validTo: row.validTo?.toISOString(),
    properties: row.properties ?? undefined,
  };
}
