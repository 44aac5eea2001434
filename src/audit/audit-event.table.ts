import { bytes, identifier, instant, integer, json, nullable, text, texts, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import type { AuditAction, AuditKind } from './audit-event.model.js';

/** The audit log. Only the statements in this folder write it. */
export const AUDIT_EVENTS = table(
  'audit_events',
  {
    clientExtId: identifier(),
    id: uuid(),
    at: instant(),
    actor: identifier(),
    actorClient: identifier(),
    action: identifier<AuditAction>(),
    code: nullable(identifier()),
    kind: identifier<AuditKind>(),
    extId: identifier(),
    userExtId: nullable(identifier()),
    generation: nullable(uuid()),
    version: nullable(integer()),
    changed: nullable(texts()),
    after: nullable(json<object>()),
    sha256: nullable(bytes()),
    der: nullable(bytes()),
    reason: nullable(identifier()),
    comment: nullable(text()),
    requestId: identifier(),
  },
  {
    primaryKey: { name: 'audit_events_pk', columns: ['clientExtId', 'id'] },
    uniques: [{ name: 'audit_events_version_unique', columns: ['clientExtId', 'generation', 'version'] }],
    indexes: [
      { name: 'audit_events_time', columns: ['clientExtId', 'at', 'id'] },
      { name: 'audit_events_resource', columns: ['clientExtId', 'extId', 'at', 'id'] },
    ],
  },
);

export type AuditEventRow = RowOf<typeof AUDIT_EVENTS>;

/** The columns that come from the request; the client, the time and the version are those of the changed row. */
export const EVENT_COLUMNS = [
  'id',
  'actor',
  'actorClient',
  'action',
  'code',
  'kind',
  'extId',
  'userExtId',
  'generation',
  'changed',
  'after',
  'sha256',
  'der',
  'reason',
  'comment',
  'requestId',
] as const satisfies readonly (keyof AuditEventRow)[];
