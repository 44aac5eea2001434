import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { formatInstant } from '../http/instant.js';
import type { PolicyRow } from './policy-row.js';
import { notEnforcedBy, POLICY_TYPES } from './policy-types.rules.js';

/** A policy configuration as it leaves the server (contract 2.10). */
export class PolicyResource {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-01T12:00:00Z' })
  readonly created!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-02T08:15:00Z' })
  readonly lastModified!: string;

  @ApiProperty({ type: 'integer', format: 'int32', minimum: 1, example: 3 })
  readonly version!: number;

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

  @ApiProperty({ description: 'Whether it judges what names no policy.', example: false })
  readonly defaultPolicy!: boolean;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { certificateUploadCheck: 'strict', maxValidityDays: '397' },
  })
  readonly parameters!: Readonly<Record<string, string>>;

  @ApiPropertyOptional({
    type: [String],
    description: 'Names of parameters that are stored without effect. Only a PwdPolicy has them.',
  })
  readonly notEnforced!: readonly string[] | undefined;
}

/** Names every member that leaves. */
export function policyResource(row: PolicyRow): PolicyResource {
  const idle = notEnforcedBy(row.policyType, row.parameters);
  return {
    created: formatInstant(row.created),
    lastModified: formatInstant(row.lastModified),
    version: row.version,
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
