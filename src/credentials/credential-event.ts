import type { AuditEvent } from '../audit/audit-event.model.js';
import { changesOf } from '../audit/changes.rules.js';
import { formatInstant } from '../common/instant.js';
import { credentialMembers } from './credential-resource.js';
import { shownReason } from './credential-state.rules.js';
import type { CredentialRow } from './credential.table.js';

/** A change of a credential. `before` is undefined where it was created. */
export interface CredentialChange<Row extends CredentialRow> {
  readonly before: Row | undefined;
  readonly row: Row;
  readonly changed: readonly string[];
  readonly now: Date;
}

/** The audit event of an administrative change; logins have their own events (contract 3.3). */
export function credentialEvent(
  kind: 'certificate' | 'password',
  { before, row, changed, now }: CredentialChange<CredentialRow>,
): AuditEvent {
  const was = before === undefined ? undefined : credentialMembers(before, now);
  return {
    action: before === undefined ? 'created' : 'changed',
    kind,
    extId: row.extId,
    userExtId: row.userExtId,
    generation: row.generation,
    changes: changesOf(changed, was, credentialMembers(row, now)),
    after: administeredMembers(row),
    reason: shownReason(row),
    comment: row.comment,
  };
}

/** Neither its secret nor what has a column of the event is secret. A lock is stored separately from the state, because it may end with time. */
function administeredMembers(row: CredentialRow): object {
  return {
    created: row.created.toISOString(),
    policyExtId: row.policyExtId,
    state: row.state,
    stateSetBy: row.stateSetBy,
    reason: shownReason(row) === row.reason ? undefined : row.reason,
    detail: row.detail ?? undefined,
    lock: row.lock ?? undefined,
    lockReason: row.lockReason ?? undefined,
    lockedUntil: row.lockedUntil?.toISOString(),
    replacedBy: row.replacedBy ?? undefined,
    disabledOn: row.disabledOn?.toISOString(),
    validFrom: row.validFrom === null ? undefined : formatInstant(row.validFrom),
    validTo: row.validTo?.toISOString(),
    properties: row.properties ?? undefined,
  };
}
