import { TEXT_MAP_SCHEMA } from '../http/openapi/schemas.js';
import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { VersionedResource, versionedMembers } from '../http/versioned-resource.js';
import { notEnforcedBy, POLICY_TYPES } from './policy-types.rules.js';
import type { PolicyRow } from './policy.table.js';

/** A policy configuration as it is returned (contract 2.10). */
export class PolicyResource extends VersionedResource {
  @ApiProperty({ example: 'policy-123' })
  readonly extId!: string;

  @ApiProperty({ example: 'client-123' })
  readonly clientExtId!: string;

  @ApiProperty({ enum: POLICY_TYPES, example: 'CertificatePolicy' })
  readonly policyType!: string;

  @ApiPropertyOptional({ type: 'string', maxLength: 100, example: 'Strict' })
  readonly name!: string | undefined;

  @ApiPropertyOptional({ type: 'string', maxLength: 1000 })
  readonly description!: string | undefined;

  @ApiProperty({ description: 'Whether it applies to credentials created without a policy.', example: false })
  readonly defaultPolicy!: boolean;

  @ApiProperty({
    ...TEXT_MAP_SCHEMA,
    example: { certificateUploadCheck: 'strict', maxValidityDays: '397' },
  })
  readonly parameters!: Readonly<Record<string, string>>;

  @ApiPropertyOptional({
    type: [String],
    description: 'Names of parameters that are stored without effect. Only in a PwdPolicy.',
  })
  readonly notEnforced!: readonly string[] | undefined;
}

/** Lists every member that is returned. */
export function policyResource(row: Omit<PolicyRow, 'trustSetExtId' | 'evaluationVersion'>): PolicyResource {
  const idle = notEnforcedBy(row.policyType, row.parameters);
  return {
    ...versionedMembers(row),
    extId: row.extId,
    clientExtId: row.clientExtId,
    policyType: row.policyType,
    name: row.name ?? undefined,
    description: row.description ?? undefined,
    defaultPolicy: row.defaultPolicy,
    parameters: row.parameters,
    notEnforced: idle.length === 0 ? undefined : idle,
  };
}
