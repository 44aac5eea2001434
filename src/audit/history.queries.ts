import type { Statement } from '../database/database.js';
import { withinPageBytes } from '../database/page-rows.js';
import { INT32_MAX } from '../http/members.js';
import { TRAIL_EVENT, TRAIL_OCTETS } from './trail-row.js';

/**
 * The life of a resource that stood, or had last stood, at a moment: an extId used again begins another. $1 client,
 * $2 extId, $3 kind, $4 user, $5 the moment, $6 whether only what has been made since there was last no such user.
 */
const LIFE = `life as (select incarnation from trail
    where client_ext_id = $1 and ext_id = $2 and kind = $3 and user_ext_id is not distinct from $4
      and action = 'created' and at <= $5::timestamptz
      and (not $6::boolean or at >= coalesce((select max(d.at) from trail d where d.client_ext_id = $1
        and d.ext_id = $4 and d.kind = 'user' and d.action = 'deleted'), '-infinity'))
    order by at desc, id desc limit 1)`;

/** A deletion is the newest of a history, and makes no version. */
const DELETION_POSITION = INT32_MAX;

/** Before anything that a history holds. */
export const NEWEST_POSITION = INT32_MAX + 1;

const DELETION = `select ${TRAIL_EVENT}, ${TRAIL_OCTETS}, ${DELETION_POSITION}::bigint as position from trail t, life
    where t.client_ext_id = $1 and t.ext_id = $2 and t.action = 'deleted' and t.incarnation = life.incarnation`;

const VERSIONS = `from trail t
    where t.client_ext_id = $1 and t.incarnation = (select incarnation from life) and t.version is not null`;

/** $7 the position that the page begins behind, $8 how many. */
export const LIST_HISTORY: Statement = {
  name: 'list_history',
  text: `with ${LIFE}
    ${withinPageBytes(`(${DELETION} and $7::bigint > ${DELETION_POSITION})
    union all
    (select ${TRAIL_EVENT}, ${TRAIL_OCTETS}, t.version::bigint as position ${VERSIONS} and t.version < $7 order by t.version desc limit $8)
    order by position desc limit $8`)}`,
};

export const COUNT_HISTORY: Statement = {
  name: 'count_history',
  text: `with ${LIFE}
    select ((select count(*) from (${DELETION}) d) + (select count(*) ${VERSIONS}))::integer as total`,
};

/**
 * The version that stood at $5, with the certificate that it had; no row where the resource was not there. Logins make
 * no version, so what they count is counted from their own lines, since whatever began the counters anew.
 */
export const READ_VERSION_AT: Statement = {
  name: 'read_version_at',
  text: `with ${LIFE},
    lines as not materialized (select l.* from trail l, life
      where l.client_ext_id = $1 and l.incarnation = life.incarnation and l.at <= $5::timestamptz),
    marks as (select
        max(at) filter (where der is not null) as replaced,
        max(at) filter (where der is not null or reason = 'unlock' or action = 'loggedIn') as cleared,
        max(at) filter (where action = 'loggedIn') as last_success,
        max(at) filter (where action = 'loginFailed') as last_failure
      from lines)
    select t.version, t.at, t.incarnation, t.after,
      (select d.der from lines d where d.version <= t.version and d.der is not null order by d.version desc limit 1) as der,
      m.last_success as "lastSuccess", m.last_failure as "lastFailure",
      (select count(*)::integer from lines s where s.action = 'loggedIn' and s.at >= m.replaced) as successes,
      (select count(*)::integer from lines f where f.action = 'loginFailed' and f.at >= m.cleared) as failures
    from lines t, marks m
    where t.version is not null and not exists (select 1 from lines e where e.action = 'deleted')
    order by t.version desc limit 1`,
};
