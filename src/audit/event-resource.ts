import { ERROR_CODE_NAMES } from '../http/openapi/error-responses.js';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '../http/openapi/swagger.js';
import { AUDIT_ACTIONS, AUDIT_KINDS } from './audit-event.model.js';
import type { ValueChange } from './changes.rules.js';
import type { ShownEvent } from './shown-event.js';

const VALUE = {
  description: 'Absent if there is no value, or if it is not shown.',
  anyOf: [
    { type: 'string' },
    { type: 'boolean' },
    { type: 'integer' },
    { type: 'object', additionalProperties: true },
    { type: 'array', items: { type: 'string' } },
  ],
};

/** A member of a resource before and after a change. */
class ValueChangeResource {
  @ApiPropertyOptional(VALUE)
  readonly from?: unknown;

  @ApiPropertyOptional(VALUE)
  readonly to?: unknown;
}

/** An audit event, or a version of a history, as it is returned (contract 10.3). */
@ApiExtraModels(ValueChangeResource)
export class AuditEventResource {
  @ApiProperty({ type: 'string', format: 'uuid', description: 'Of the event itself.' })
  readonly id!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'In milliseconds, so that events within one second keep their order.',
    example: '2026-06-01T12:00:00.250Z',
  })
  readonly at!: string;

  @ApiProperty({ description: "The caller's `sub`.", example: 'helper-7' })
  readonly actor!: string;

  @ApiProperty({ description: "The caller's own client.", example: 'client-123' })
  readonly actorClientExtId!: string;

  @ApiPropertyOptional({ type: 'string', description: 'Where the request came from.', example: '192.0.2.17' })
  readonly address!: string | undefined;

  @ApiProperty({ enum: AUDIT_ACTIONS, description: 'What was done.', example: 'changed' })
  readonly action!: string;

  @ApiProperty({ enum: AUDIT_KINDS, description: 'The kind of resource.', example: 'certificate' })
  readonly kind!: string;

  @ApiProperty({ description: 'Of the resource; of a key store its `id`.', example: 'cert-123' })
  readonly extId!: string;

  @ApiPropertyOptional({ type: 'string', description: 'The user whose resource it is.', example: 'user-123' })
  readonly userExtId!: string | undefined;

  @ApiPropertyOptional({ type: 'integer', format: 'int32', description: 'The version that this event created.' })
  readonly version!: number | undefined;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(ValueChangeResource) },
    description:
      'Each member that changed, with both values. Of an object, only the members that differ; of a certificate, its ' +
      'SHA-256 fingerprint; of a long text, the first 200 characters; of a secret, no value.',
    example: { stateName: { from: 'active', to: 'disabled' } },
  })
  readonly changes!: Readonly<Record<string, ValueChange>> | undefined;

  @ApiPropertyOptional({
    type: 'string',
    description: 'Why the credential is in its state: its `stateChangeReason`.',
    example: 'changed-by-admin',
  })
  readonly reason!: string | undefined;

  @ApiPropertyOptional({ type: 'string', maxLength: 1000, description: 'The `modificationComment` of the resource.' })
  readonly comment!: string | undefined;

  @ApiPropertyOptional({ type: 'string', enum: ERROR_CODE_NAMES, description: 'The error code of a refusal.' })
  readonly code!: string | undefined;

  @ApiProperty({ description: 'As in the response and the log.', example: '0b5e1f6c-8a2d-4e0b-9a53-3f1f7c1f9f10' })
  readonly requestId!: string;
}

/** Lists every member that is returned. */
export function eventResource(row: ShownEvent): AuditEventResource {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    actorClientExtId: row.actorClient,
    address: row.address ?? undefined,
    action: row.action,
    kind: row.kind,
    extId: row.extId,
    userExtId: row.userExtId ?? undefined,
    version: row.version ?? undefined,
    changes: row.changes === null ? undefined : mapped(row.changes),
    reason: row.reason ?? undefined,
    comment: row.comment ?? undefined,
    code: row.code ?? undefined,
    requestId: row.requestId,
  };
}

/** What an event of before has no values for, is named all the same. */
function mapped(changes: Readonly<Record<string, ValueChange | null>>): Readonly<Record<string, ValueChange>> {
  return Object.fromEntries(Object.entries(changes).map(([member, change]) => [member, change ?? {}]));
}
