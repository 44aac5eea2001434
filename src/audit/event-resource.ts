import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { ERROR_CODE_NAMES } from '../http/openapi/error-responses.js';
import { AUDIT_ACTIONS, AUDIT_KINDS } from './audit-event.model.js';
import type { ShownEvent } from './shown-event.js';

/** An audit event, or a version of a history, as it leaves the server (contract 10.3). */
export class AuditEventResource {
  @ApiProperty({ type: 'string', format: 'uuid' })
  readonly id!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'To the millisecond, so that events of one second keep their order.',
    example: '2026-06-01T12:00:00.250Z',
  })
  readonly at!: string;

  @ApiProperty({ description: "The caller's `sub`.", example: 'helper-7' })
  readonly actor!: string;

  @ApiProperty({ description: "The caller's own client.", example: 'client-123' })
  readonly actorClientExtId!: string;

  @ApiProperty({ enum: AUDIT_ACTIONS, example: 'changed' })
  readonly action!: string;

  @ApiProperty({ enum: AUDIT_KINDS, example: 'certificate' })
  readonly kind!: string;

  @ApiProperty({ example: 'cert-123' })
  readonly extId!: string;

  @ApiPropertyOptional({ type: 'string', example: 'user-123' })
  readonly userExtId!: string | undefined;

  @ApiPropertyOptional({ type: 'integer', format: 'int32', description: 'The version that this made.' })
  readonly version!: number | undefined;

  @ApiPropertyOptional({ type: [String], description: 'Members that are different now.', example: ['stateName'] })
  readonly changed!: readonly string[] | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'changed-by-admin' })
  readonly reason!: string | undefined;

  @ApiPropertyOptional({ type: 'string', maxLength: 1000 })
  readonly comment!: string | undefined;

  @ApiPropertyOptional({ type: 'string', enum: ERROR_CODE_NAMES, description: 'The error code of a refusal.' })
  readonly code!: string | undefined;

  @ApiProperty({ example: '0b5e1f6c-8a2d-4e0b-9a53-3f1f7c1f9f10' })
  readonly requestId!: string;
}

/** Names every member that leaves. */
export function eventResource(row: ShownEvent): AuditEventResource {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    actorClientExtId: row.actorClient,
    action: row.action,
    kind: row.kind,
    extId: row.extId,
    userExtId: row.userExtId ?? undefined,
    version: row.version ?? undefined,
    changed: row.changed ?? undefined,
    reason: row.reason ?? undefined,
    comment: row.comment ?? undefined,
    code: row.code ?? undefined,
    requestId: row.requestId,
  };
}
