import type { AuditEvent } from '../audit/audit-event.model.js';
import { formatInstant } from '../http/instant.js';
import { shownReason } from './credential-state.rules.js';
import type { CredentialRow } from './credential.table.js';

/** The audit event of an administrative change; logins have their own events (contract 3.3). */
export function credentialEvent(
  kind: 'certificate' | 'password',
  action: 'created' | 'changed',
  row: CredentialRow,
  changed: readonly string[],
): AuditEvent {
  return {
    action,
    kind,
    extId: row.extId,
    userExtId: row.userExtId,
    generation: row.generation,
    changed,
    after: administeredMembers(row),
    reason: shownReason(row),
    comment: row.comment,
  };
}

/** Without the secret. A lock is stored separately from the state, because it may end with time. */
function administeredMembers(row: CredentialRow): object {
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
