import { formatInstant } from '../common/instant.js';
import { instant, TEXT_MAP_SCHEMA } from '../http/openapi/schemas.js';
import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { versionedMembers, VersionedResource } from '../http/versioned-resource.js';
import { effectiveState, STATE_CHANGE_REASONS, STATE_NAMES } from './credential-state.rules.js';
import type { CredentialRow } from './credential.table.js';

export class ValidityResource {
  @instant('Start of the validity.')
  readonly from!: string | undefined;

  @instant('End of the validity.')
  readonly to!: string | undefined;
}

/** The members of credentials of every type (contract 2.7). A member without a value is undefined. */
export class CredentialResource extends VersionedResource {
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

  @ApiPropertyOptional({
    type: 'string',
    description: 'The newer credential that ends this one, as the policy says (`rolloverGraceDays`).',
    example: 'cert-124',
  })
  readonly replacedBy!: string | undefined;

  @instant('When it is disabled because `replacedBy` has logged in. Until then it works as before.')
  readonly disabledOn!: string | undefined;

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

  @ApiProperty({ type: ValidityResource })
  readonly validity!: ValidityResource;

  @ApiPropertyOptional(TEXT_MAP_SCHEMA)
  readonly properties!: Readonly<Record<string, string>> | undefined;
}

/** Lists every member that is returned for a credential of any type. */
export function credentialMembers(row: CredentialRow, now: Date) {
  const { stateName, stateChangeReason, stateChangeDetail } = effectiveState(row, now);
  return {
    ...versionedMembers(row),
    extId: row.extId,
    userExtId: row.userExtId,
    policyExtId: row.policyExtId,
    stateName,
    stateChangeReason,
    stateChangeDetail: stateChangeDetail ?? undefined,
    replacedBy: row.replacedBy ?? undefined,
    disabledOn: optionalInstant(row.disabledOn),
    lastSuccessfulLoginDate: optionalInstant(row.lastSuccess),
    successfulLoginCount: row.successes,
    lastFailedLoginDate: optionalInstant(row.lastFailure),
    failedLoginCount: row.failures,
    modificationComment: row.comment ?? undefined,
    validity: { from: optionalInstant(row.validFrom), to: optionalInstant(row.validTo) },
    properties: row.properties ?? undefined,
  };
}

function optionalInstant(time: Date | null): string | undefined {
  return time === null ? undefined : formatInstant(time);
}

/** A password credential as it is returned (contract 2.13), without the password or its hash. */
export class PasswordResource extends CredentialResource {
  @ApiProperty({ enum: ['Password'] })
  readonly type!: 'Password';
}

export function passwordResource(row: CredentialRow, now: Date): PasswordResource {
  return { ...credentialMembers(row, now), type: 'Password' };
}
