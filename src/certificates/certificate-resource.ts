import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { effectiveState, STATE_CHANGE_REASONS, STATE_NAMES } from '../credentials/credential-state.rules.js';
import { formatInstant } from '../http/instant.js';
import { instant } from '../http/openapi/instant.decorator.js';
import { colonHex } from '../x509/certificate/colon-hex.js';
import { toPem } from '../x509/certificate/pem.js';
import type { CertificateRow } from './certificate-row.js';

export type FingerprintAlgorithm = 'sha256' | 'sha1';

export class ValidityResource {
  @instant('Start of the validity.')
  readonly from!: string | undefined;

  @instant('End of the validity.')
  readonly to!: string | undefined;
}

/** A certificate credential as it leaves the server (contract 2.7, 2.8). A member without a value is undefined. */
export class CertificateResource {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-01T12:00:00Z' })
  readonly created!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-02T08:15:00Z' })
  readonly lastModified!: string;

  @ApiProperty({ type: 'integer', format: 'int32', minimum: 1, example: 3 })
  readonly version!: number;

  @ApiProperty({ example: 'cert-123' })
  readonly extId!: string;

  @ApiProperty({ example: 'user-123' })
  readonly userExtId!: string;

  @ApiProperty({ example: 'strict' })
  readonly policyExtId!: string;

  @ApiProperty({ enum: STATE_NAMES, example: 'active' })
  readonly stateName!: string;

  @ApiProperty({ enum: STATE_CHANGE_REASONS, example: 'cert-uploaded' })
  readonly stateChangeReason!: string;

  @ApiPropertyOptional({ type: 'string', maxLength: 1000, description: 'Which rules of the policy failed.' })
  readonly stateChangeDetail!: string | undefined;

  @instant('Last successful login with this credential.')
  readonly lastSuccessfulLoginDate!: string | undefined;

  @ApiProperty({ type: 'integer', format: 'int32', minimum: 0 })
  readonly successfulLoginCount!: number;

  @instant('Last failed login with this credential.')
  readonly lastFailedLoginDate!: string | undefined;

  @ApiProperty({ type: 'integer', format: 'int32', minimum: 0 })
  readonly failedLoginCount!: number;

  @ApiPropertyOptional({ type: 'string', maxLength: 1000 })
  readonly modificationComment!: string | undefined;

  @ApiProperty({ enum: ['Certificate'] })
  readonly type!: 'Certificate';

  @ApiProperty({ type: ValidityResource })
  readonly validity!: ValidityResource;

  @ApiPropertyOptional({ type: 'string', example: 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH' })
  readonly subjectDN!: string | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'CN=Acme Issuing CA,O=Acme AG,C=CH' })
  readonly issuerDN!: string | undefined;

  @ApiProperty({ description: 'Digest of the DER, upper-case hex bytes with colons.', example: 'AB:CD:…' })
  readonly fingerprint!: string;

  @ApiPropertyOptional({ type: 'string', description: 'Upper-case hex.', example: '0A1B2C' })
  readonly serial!: string | undefined;

  @ApiPropertyOptional({ type: 'string', description: 'Upper-case hex bytes with colons.' })
  readonly subjectKeyIdentifier!: string | undefined;

  @ApiProperty({ description: 'One PEM block.' })
  readonly certificate!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  readonly properties!: Readonly<Record<string, string>> | undefined;
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
