import type { PastVersion } from '../audit/history.queries.js';
import type { StateChangeReason, StateSetBy, StoredState, Lock } from '../credentials/credential-state.rules.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import type { CertificatePath } from './certificate-path.js';
import { certificateColumns } from './certificate-store.js';

/** What `credentialEvent` writes about a credential, as parsed from JSON. */
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
  readonly replacedBy?: string;
  readonly disabledOn?: string;
  readonly comment?: string;
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** The row of a past version, from the audit event and the DER of the certificate. */
export function pastRow(path: CertificatePath, past: PastVersion): CertificateRow {
  if (past.der === null) throw new Error('The history contains a version without a certificate.');
  const reading = readCertificate(past.der);
  if (!reading.ok) throw new Error(`A certificate in the audit log cannot be parsed: ${reading.message}`);
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
    replacedBy: members.replacedBy ?? null,
    disabledOn: instantOf(members.disabledOn),
    comment: members.comment ?? past.comment,
    validFrom: instantOf(members.validFrom),
    validTo: instantOf(members.validTo),
    properties: members.properties ?? null,
    successes: past.successes,
    failures: past.failures,
    // Never returned, and nothing is decided on a past version.
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
