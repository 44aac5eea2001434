import { bytes, identifier, instant, integer, json, nullable, text, texts, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import type { AuditAction, AuditKind } from './audit-event.model.js';

/** An event of the audit log. Written by the statements of this folder only. */
export const AUDIT_EVENTS = table(
  'trail',
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
    incarnation: nullable(uuid()),
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
    primaryKey: { name: 'trail_pk', columns: ['clientExtId', 'id'] },
    uniques: [{ name: 'trail_version_unique', columns: ['clientExtId', 'incarnation', 'version'] }],
    indexes: [
      { name: 'trail_time', columns: ['clientExtId', 'at', 'id'] },
      { name: 'trail_resource', columns: ['clientExtId', 'extId', 'at', 'id'] },
    ],
  },
);

export type AuditEventRow = RowOf<typeof AUDIT_EVENTS>;

/** What the request says; the client, the time and the version are those of the changed row. */
export const EVENT_COLUMNS = [
  'id',
  'actor',
  'actorClient',
  'action',
  'code',
  'kind',
  'extId',
  'userExtId',
  'incarnation',
  'changed',
  'after',
  'sha256',
  'der',
  'reason',
  'comment',
  'requestId',
] as const satisfies readonly (keyof AuditEventRow)[];
