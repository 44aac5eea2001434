import { INT32_MAX } from '../common/int32.js';
import { bigint, boolean, type Column, instant, integer } from '../database/column.js';
import { pageOfRows } from '../database/page-rows.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { AUDIT_EVENTS } from './audit-event.table.js';
import { SHOWN_EVENT } from './shown-event.js';

const { clientExtId, extId, kind, userExtId } = AUDIT_EVENTS.parameters;
const INSTANT = parameter<'instant', Date | 'infinity'>('instant', instant() as Column<Date | 'infinity'>);
/** If true, only events since this user was last created. */
const OF_PRESENT_USER = parameter('ofPresentUser', boolean());

/**
 * The generation of the resource that existed at an instant, otherwise the last one before. An extId may be used again, in
 * the instant of its deletion, too. Its first events may have been dropped, so that any event names it.
 */
const GENERATION = sql`generation as (select generation from audit_log
    where client_ext_id = ${clientExtId} and ext_id = ${extId} and kind = ${kind} and generation is not null
      and user_ext_id is not distinct from ${userExtId} and at <= ${INSTANT}
      and (not ${OF_PRESENT_USER} or (action <> 'deleted' and at >= coalesce((select max(d.at) from audit_log d
        where d.client_ext_id = ${clientExtId} and d.ext_id = ${userExtId} and d.kind = 'user'
          and d.action = 'deleted'), '-infinity')))
    order by at desc, action = 'deleted', id desc limit 1)`;

/** A deletion is the newest entry of a history, and creates no version. */
const DELETION_POSITION = INT32_MAX;

/** Comes before every entry of a history. */
export const NEWEST_POSITION = INT32_MAX + 1;

const POSITION = parameter('position', bigint());
/** The time of the version at the position, by which the index is entered. */
const AT = parameter<'at', Date | 'infinity'>('at', instant() as Column<Date | 'infinity'>);
const LIMIT = parameter('limit', integer());
/** The driver returns a bigint as text. */
const AS_POSITION = returns<{ readonly position: string }>('as position');

const DELETION = sql`from audit_log t, generation
    where t.client_ext_id = ${clientExtId} and t.ext_id = ${extId} and t.action = 'deleted'
      and t.generation = generation.generation`;

const VERSIONS = sql`from audit_log t
    where t.client_ext_id = ${clientExtId} and t.ext_id = ${extId}
      and t.generation = (select generation from generation) and t.version is not null`;

/** The versions after a position, newest first, preceded by the deletion. */
export const LIST_HISTORY = statement(
  'list_history',
  sql`with ${GENERATION}
    ${pageOfRows(sql`(select ${SHOWN_EVENT}, ${DELETION_POSITION}::bigint ${AS_POSITION} ${DELETION}
      and ${POSITION} > ${DELETION_POSITION})
    union all
    (select ${SHOWN_EVENT}, t.version::bigint ${AS_POSITION} ${VERSIONS} and t.version < ${POSITION}
      and t.at <= ${AT} order by t.at desc, t.version desc limit ${LIMIT})
    order by position desc limit ${LIMIT}`)}`,
);

export const COUNT_HISTORY = statement(
  'count_history',
  sql`with ${GENERATION}
    select ((select count(*) ${DELETION}) + (select count(*) ${VERSIONS}))::integer
      ${returns<{ readonly total: number }>('as total')}`,
);

/** A version as it was at an instant, with the login counters at that time. */
export interface PastVersion {
  readonly version: number;
  readonly at: Date;
  readonly generation: string;
  /** The value that the feature wrote (`AuditEvent`). */
  readonly after: Readonly<Record<string, unknown>>;
  readonly der: Buffer | null;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly successes: number;
  readonly failures: number;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
}

const PAST_VERSION = returns<PastVersion>(`t.version, t.at, t.generation, t.after, t.reason, t.comment,
      coalesce((select d.der from events d where d.version <= t.version and d.der is not null
        order by d.at desc, d.version desc limit 1),
        (select k.der from audit_certificates k where k.client_ext_id = t.client_ext_id and k.sha256 = t.sha256)) as der,
      m.last_success as "lastSuccess", m.last_failure as "lastFailure",
      (select count(*)::integer from events s where s.action = 'loggedIn' and s.at >= m.replaced) as successes,
      (select count(*)::integer from events f where f.action = 'loginFailed' and f.at >= m.cleared) as failures`);

/**
 * The version with its certificate; no row if the resource did not exist. Logins create no version, so they are counted
 * from their own events since the counters were last reset.
 */
export const READ_VERSION_AT = statement(
  'read_version_at',
  sql`with ${GENERATION},
    events as not materialized (select l.* from audit_log l, generation
      where l.client_ext_id = ${clientExtId} and l.ext_id = ${extId} and l.generation = generation.generation and l.at <= ${INSTANT}),
    marks as (select
        max(at) filter (where der is not null) as replaced,
        max(at) filter (where der is not null or reason = 'unlock' or action = 'loggedIn') as cleared,
        max(at) filter (where action = 'loggedIn') as last_success,
        max(at) filter (where action = 'loginFailed') as last_failure
      from events)
    select ${PAST_VERSION}
    from events t, marks m
    where t.version is not null and not exists (select 1 from events e where e.action = 'deleted')
    order by t.at desc, t.version desc limit 1`,
);

/** No row where retention has dropped nothing. */
export const READ_HELD_FROM = statement(
  'read_audit_retention',
  sql`select ${returns<{ readonly heldFrom: Date }>('held_from as "heldFrom"')} from audit_retention`,
);
