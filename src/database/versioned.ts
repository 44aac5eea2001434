import { instant, integer } from './column.js';
import { parameter, returns, sql } from './sql.js';

/** The columns of everything that is changed under optimistic locking (contract 2.1, 3.2). */
export const VERSIONED = { version: integer(), created: instant(), lastModified: instant() };

/** The time of the request. */
export const NOW = parameter('now', instant());

/** For an update's `set`. A change that is tried again never dates a later version before an earlier one. */
export const NEXT_VERSION = sql`version = version + 1, last_modified = greatest(${NOW}, last_modified)`;

/** What an insert or update answers of the version that it has made. */
export interface Written {
  readonly version: number;
  readonly at: Date;
}

export const WRITTEN = returns<Written>('version, last_modified as at');

/** What a deletion answers, which makes no version. */
export const REMOVED = sql`${returns<{ readonly version: null }>('null::integer as version')},
  greatest(${NOW}, last_modified) ${returns<{ readonly at: Date }>('as at')}`;
