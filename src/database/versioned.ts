import { randomUUID } from 'node:crypto';

import { instant, integer } from './column.js';
import { parameter, returns, sql } from './sql.js';

/** The columns of every table with optimistic locking (contract 2.1, 3.2). */
export const VERSIONED = { version: integer(), created: instant(), lastModified: instant() };

/** The columns of a new row. */
export function firstVersion(now: Date) {
  return { generation: randomUUID(), version: 1, created: now, lastModified: now };
}

/** The time of the request. */
export const NOW = parameter('now', instant());

/** For an update's `set`. A retried change never dates a later version before an earlier one. */
export const NEXT_VERSION = sql`version = version + 1, last_modified = greatest(${NOW}, last_modified)`;

/** What an insert or update returns about the new version. */
export interface Written {
  readonly version: number;
  readonly at: Date;
}

export const WRITTEN = returns<Written>('version, last_modified as at');

/** What a deletion returns; it creates no version. */
export const REMOVED = sql`${returns<{ readonly version: null }>('null::integer as version')},
  greatest(${NOW}, last_modified) ${returns<{ readonly at: Date }>('as at')}`;
