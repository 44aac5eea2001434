import { bytes, identifier, instant, integer, json, nullable, text, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import type { AuditAction, AuditKind } from './audit-event.model.js';
import type { ValueChange } from './changes.rules.js';

/**
 * The audit log, in partitions by month of `at` (`partitions.ts`). Only the statements in this folder
 * write it. They read the view `audit_log`, which has the same columns: while events of an older schema are being moved into
 * the partitions, it joins both. That a version exists once is ensured by the condition of the change that makes it.
 */
export const AUDIT_EVENTS = table(
  'audit_events',
  {
    clientExtId: identifier(),
    id: uuid(),
    at: instant(),
    actor: identifier(),
    actorClient: identifier(),
    /** Of the client, as far as `TRUSTED_PROXIES` let it be known. */
    address: nullable(identifier()),
    action: identifier<AuditAction>(),
    code: nullable(identifier()),
    kind: identifier<AuditKind>(),
    extId: identifier(),
    userExtId: nullable(identifier()),
    generation: nullable(uuid()),
    version: nullable(integer()),
    /** Null for a member of an event that was written before values were kept. */
    changes: nullable(json<Readonly<Record<string, ValueChange | null>>>()),
    after: nullable(json<object>()),
    sha256: nullable(bytes()),
    der: nullable(bytes()),
    reason: nullable(identifier()),
    comment: nullable(text()),
    requestId: identifier(),
  },
  {
    primaryKey: { name: 'audit_events_pk', columns: ['clientExtId', 'at', 'id'] },
    // A resource or a user has few events of one instant, so that their order by id is worth no space in an index.
    indexes: [
      { name: 'audit_events_resource', columns: ['clientExtId', 'extId', 'at'] },
      { name: 'audit_events_user', columns: ['clientExtId', 'userExtId', 'at'] },
      { name: 'audit_events_actor', columns: ['clientExtId', 'actor', 'at', 'id'] },
    ],
  },
);

export type AuditEventRow = RowOf<typeof AUDIT_EVENTS>;

/** The columns that come from the request; the client, the time and the version are those of the changed row. */
export const EVENT_COLUMNS = [
  'id',
  'actor',
  'actorClient',
  'address',
  'action',
  'code',
  'kind',
  'extId',
  'userExtId',
  'generation',
  'changes',
  'after',
  'sha256',
  'der',
  'reason',
  'comment',
  'requestId',
] as const satisfies readonly (keyof AuditEventRow)[];
