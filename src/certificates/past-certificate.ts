import type { PastVersion } from '../audit/history.queries.js';
import type { StateChangeReason, StateSetBy, StoredState, Lock } from '../credentials/credential-state.rules.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import type { CertificatePath } from './certificate-path.js';
import { certificateColumns } from './certificate-store.js';

/** What `credentialEvent` writes of a credential, as JSON gives it back. */
interface AdministeredMembers {
  readonly created: string;
  readonly policyExtId: string;
  readonly state: StoredState;
  readonly stateSetBy: StateSetBy;
  readonly reason?: StateChangeReason;
  readonly detail?: string;
  readonly lock?: Lock;
  readonly lockReason?: StateChangeReason;
  readonly lockedUntil?: string;
  readonly comment?: string;
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** The row as it was: what the audit log holds of it, and the certificate's own fields read anew from its DER. */
export function pastRow(path: CertificatePath, past: PastVersion): CertificateRow {
  if (past.der === null) throw new Error('A version of a certificate has no certificate in its history.');
  const reading = readCertificate(past.der);
  if (!reading.ok) throw new Error(`A certificate of the audit log cannot be read: ${reading.message}`);
  const members = past.after as unknown as AdministeredMembers;
  return {
    ...certificateColumns(reading.certificate),
    extId: path.extId,
    userExtId: path.userExtId,
    policyExtId: members.policyExtId,
    generation: past.generation,
    state: members.state,
    stateSetBy: members.stateSetBy,
    reason: members.reason ?? (past.reason as StateChangeReason),
    detail: members.detail ?? null,
    lock: members.lock ?? null,
    lockReason: members.lockReason ?? null,
    lockedUntil: instantOf(members.lockedUntil),
    comment: members.comment ?? past.comment,
    validFrom: instantOf(members.validFrom),
    validTo: instantOf(members.validTo),
    properties: members.properties ?? null,
    successes: past.successes,
    failures: past.failures,
    // No answer shows it, and nothing is decided about what is past.
    failuresSinceLock: past.failures,
    lastSuccess: past.lastSuccess,
    lastFailure: past.lastFailure,
    version: past.version,
    created: new Date(members.created),
    lastModified: past.at,
  };
}

function instantOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
