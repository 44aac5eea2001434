import type { AuditKind } from '../audit/audit-event.model.js';
import type { TextMembers } from '../common/text-members.js';
import { identifier, instant, json, nullable, text, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import { VERSIONED } from '../database/versioned.js';

export type RemovedCounts = Readonly<Partial<Record<AuditKind, number>>>;

/** What another server needs to continue a deletion: the actor and request id for its audit events. */
export interface Deletion {
  readonly userExtId: string;
  readonly clientExtId: string;
  readonly requestId: string;
  readonly address?: string | undefined;
  /** Whether each removed resource gets an audit event of its own, and not only a count of its kind. */
  readonly each?: boolean | undefined;
  /** What has been removed so far without an event of its own. */
  readonly removed?: RemovedCounts | undefined;
}

export const CLIENTS = table(
  'clients',
  {
    extId: identifier(),
    generation: uuid(),
    name: identifier(),
    displayName: nullable(json<TextMembers>()),
    remarks: nullable(text()),
    ...VERSIONED,
    /** The row of a deleted client is kept, so that the extId is not reused. */
    deletedAt: nullable(instant()),
    /** Set while the contents of a deleted client are still being removed. */
    deletion: nullable(json<Deletion>()),
  },
  {
    primaryKey: { name: 'clients_pk', columns: ['extId'] },
    indexes: [
      { name: 'clients_name_unique', columns: ['name'], unique: true, where: 'deleted_at IS NULL' },
      { name: 'clients_deletion', columns: ['extId'], where: 'deletion IS NOT NULL' },
      { name: 'clients_page', columns: ['created', 'extId'], where: 'deleted_at IS NULL' },
    ],
  },
);

/** The members that a request can set. */
export const CLIENT_MEMBERS = ['name', 'displayName', 'remarks'] as const;
export type ClientMembers = Pick<RowOf<typeof CLIENTS>, (typeof CLIENT_MEMBERS)[number]>;

/** The columns that are read of a client that is not deleted. */
export const CLIENT_COLUMNS = CLIENTS.columnNames.filter((name) => name !== 'deletedAt' && name !== 'deletion');
export type ClientRow = Pick<RowOf<typeof CLIENTS>, (typeof CLIENT_COLUMNS)[number]>;

/** The path parameter of a client. */
export interface ClientPath {
  readonly clientExtId: string;
}
