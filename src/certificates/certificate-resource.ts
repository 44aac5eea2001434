import { formatInstant } from '../http/instant.js';
import { colonHex } from '../x509/certificate/colon-hex.js';
import { toPem } from '../x509/certificate/pem.js';
import type { CertificateRow } from './certificate-row.js';
import { effectiveState } from './credential-state.rules.js';

export type FingerprintAlgorithm = 'sha256' | 'sha1';

/** A certificate credential as it leaves the server (contract 2.7, 2.8). A member without a value is undefined. */
export interface CertificateResource {
  readonly created: string;
  readonly lastModified: string;
  readonly version: number;
  readonly extId: string;
  readonly userExtId: string;
  readonly policyExtId: string;
  readonly stateName: string;
  readonly stateChangeReason: string;
  readonly stateChangeDetail: string | undefined;
  readonly lastSuccessfulLoginDate: string | undefined;
  readonly successfulLoginCount: number;
  readonly lastFailedLoginDate: string | undefined;
  readonly failedLoginCount: number;
  readonly modificationComment: string | undefined;
  readonly type: 'Certificate';
  readonly validity: { readonly from: string | undefined; readonly to: string | undefined };
  readonly subjectDN: string | undefined;
  readonly issuerDN: string | undefined;
  readonly fingerprint: string;
  readonly serial: string | undefined;
  readonly subjectKeyIdentifier: string | undefined;
  readonly certificate: string;
  readonly properties: Readonly<Record<string, string>> | undefined;
}

/** Names every member that leaves; what is not here stays inside. */
export function certificateResource(
  row: CertificateRow,
  now: Date,
  fingerprintAlgorithm: FingerprintAlgorithm,
): CertificateResource {
  const { stateName, stateChangeReason, stateChangeDetail } = effectiveState(row, now);
  return {
    created: formatInstant(row.created),
    lastModified: formatInstant(row.lastModified),
    version: row.version,
    extId: row.extId,
    userExtId: row.userExtId,
    policyExtId: row.policyExtId,
    stateName,
    stateChangeReason,
    stateChangeDetail: stateChangeDetail ?? undefined,
    lastSuccessfulLoginDate: optionalInstant(row.lastSuccess),
    successfulLoginCount: row.successes,
    lastFailedLoginDate: optionalInstant(row.lastFailure),
    failedLoginCount: row.failures,
    modificationComment: row.comment ?? undefined,
    type: 'Certificate',
    validity: { from: optionalInstant(row.validFrom), to: optionalInstant(row.validTo) },
    subjectDN: row.subjectDn ?? undefined,
    issuerDN: row.issuerDn ?? undefined,
    fingerprint: colonHex(fingerprintAlgorithm === 'sha1' ? row.sha1 : row.sha256),
    serial: row.serial ?? undefined,
    subjectKeyIdentifier: row.ski === null ? undefined : colonHex(row.ski),
    certificate: toPem(row.der),
    properties: row.properties ?? undefined,
  };
}

function optionalInstant(moment: Date | null): string | undefined {
  return moment === null ? undefined : formatInstant(moment);
}
