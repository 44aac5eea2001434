import { octetsOf } from '../database/page-rows.js';
import { returns, sql } from '../database/sql.js';
import { AUDIT_EVENTS, type AuditEventRow } from './audit-event.table.js';

const SHOWN_COLUMNS = [
  'id',
  'at',
  'actor',
  'actorClient',
  'address',
  'action',
  'kind',
  'extId',
  'userExtId',
  'version',
  'changes',
  'reason',
  'comment',
  'code',
  'requestId',
] as const satisfies readonly (keyof AuditEventRow)[];

/** The columns of an audit event that are returned. */
export type ShownEvent = Pick<AuditEventRow, (typeof SHOWN_COLUMNS)[number]>;

/** Selects them from the table `t`, for a page. */
export const SHOWN_EVENT = sql`${AUDIT_EVENTS.select('t', SHOWN_COLUMNS)},
    ${returns<unknown>(octetsOf('t', { plain: ['actor', 'comment'], composite: ['changes'] }))}`;
