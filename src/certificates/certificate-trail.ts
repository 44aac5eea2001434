import type { TrailEvent } from '../audit/trail-event.js';
import { formatInstant } from '../http/instant.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { CertificateRow } from './certificate-row.js';

/** The line of the trail for a change: the credential as it now is, its DER only where it is another one. */
export function trailOf(
  action: 'created' | 'changed',
  row: CertificateRow,
  { certificate, changed }: { readonly certificate: Certificate | undefined; readonly changed: readonly string[] },
): TrailEvent {
  return {
    action,
    kind: 'certificate',
    extId: row.extId,
    userExtId: row.userExtId,
    incarnation: row.incarnation,
    changed,
    after: administeredMembers(row),
    sha256: row.sha256,
    der: certificate?.der,
    reason: row.lock === null ? row.reason : (row.lockReason ?? row.reason),
    comment: row.comment,
  };
}

/**
 * What an administration decides of a credential; logins have their own events (contract 3.3). The certificate's own
 * fields are not repeated: they are read from its DER. A lock stands beside the state, because time ends it.
 */
function administeredMembers(row: CertificateRow): object {
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
