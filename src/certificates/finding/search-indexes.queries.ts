import { integer, texts } from '../../database/column.js';
import { parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';

const NAMED_INDEXES = sql`from pg_class c join pg_index i on i.indexrelid = c.oid
    where c.relname = any(${parameter('names', texts())})
      and i.indrelid in ('credentials'::regclass, 'users'::regclass)`;

/** Those that exist; one whose build has not ended, or was broken off, is not usable. */
export const FIND_SEARCH_INDEXES = statement(
  'find_search_indexes',
  sql`select ${returns<{ readonly name: string; readonly usable: boolean }>(
    'c.relname as name, i.indisvalid as usable',
  )}
    ${NAMED_INDEXES}`,
);

/**
 * With the schema, unless a search of the name without it finds the same. None of a table of which a session is building an
 * index: each of the two would wait for the other.
 */
export const FIND_FORMER_INDEX = statement(
  'find_former_index',
  sql`select ${returns<{ readonly name: string; readonly identifier: string }>(
    'c.relname as name, c.oid::regclass::text as identifier',
  )}
    ${NAMED_INDEXES}
      and not exists (select 1 from pg_stat_progress_create_index p where p.datname = current_database() and p.relid = i.indrelid)
    order by c.relname limit 1`,
);

export const FIND_TRIGRAMS = statement(
  'find_trigrams',
  sql`select ${returns<{ readonly name: string }>('extname as name')} from pg_extension where extname = 'pg_trgm'`,
);

/** The indexes that any session is building. */
export const FIND_BUILDS = statement(
  'find_index_builds',
  sql`select ${returns<{ readonly name: string }>('c.relname as name')}
    from pg_stat_progress_create_index p join pg_class c on c.oid = p.index_relid
    where p.datname = current_database()`,
);

export const CANCEL_INDEX_CHANGE = statement(
  'cancel_index_change',
  sql`select ${returns<{ readonly cancelled: boolean }>('pg_cancel_backend(')}${parameter('pid', integer())}) as cancelled`,
);
