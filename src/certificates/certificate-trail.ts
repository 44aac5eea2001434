import type { TrailEvent } from '../audit/trail-event.js';
import { shownReason } from '../credentials/credential-state.rules.js';
import { administeredMembers } from '../credentials/credential-trail.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { CertificateRow } from './certificate-row.js';

/**
 * The line of the trail for a change: the credential as it now is, its DER only where it is another one. The
 * certificate's own fields are not repeated: they are read from its DER.
 */
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
    reason: shownReason(row),
    comment: row.comment,
  };
}
