import { bigint, boolean, identifier, instant, integer, texts } from '../../database/column.js';
import { leftJoined, parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { CERTIFICATE_DENIALS, DENIAL_FEEDS } from '../../denials/certificate-denial.table.js';

const REMOVED = returns<{ readonly removed: number }>('count(*)::integer as removed');

/**
 * The denials after a number, oldest first, with the numbers of the feed; no row if there is no such client. A reader that
 * `isReading` already is also told of the deletion of the client.
 */
export const READ_DENIALS = statement(
  'read_certificate_denials',
  sql`select ${leftJoined(CERTIFICATE_DENIALS.select('d', ['number', 'at', 'kind', 'value']))},
      ${leftJoined(DENIAL_FEEDS.select('f', ['lastNumber', 'removedNumber']))}
    from clients cl
    left join certificate_denial_feeds f on f.client_ext_id = cl.ext_id
    left join lateral (select * from certificate_denials n
        where n.client_ext_id = cl.ext_id and n.number > ${parameter('after', bigint())}
        order by n.number limit ${parameter('limit', integer())}) d on true
    where cl.ext_id = ${parameter('clientExtId', identifier())}
      and (cl.deleted_at is null or ${parameter('isReading', boolean())})
    order by d.number`,
);

/** Of these clients; none of a client that never had a denial. */
export const READ_LAST_NUMBERS = statement(
  'read_last_numbers_of_denials',
  sql`select ${DENIAL_FEEDS.select('f', ['clientExtId', 'lastNumber'])} from certificate_denial_feeds f
    where f.client_ext_id = any(${parameter('clientExtIds', texts())})`,
);

/** The oldest denial without a number. */
export const FIND_UNNUMBERED = statement(
  'find_unnumbered_certificate_denial',
  sql`select ${CERTIFICATE_DENIALS.select('d', ['at'])} from certificate_denials d
    where d.number is null order by d.at limit 1`,
);

/** Of one statement. */
export const MAX_NUMBERED = 1000;

/**
 * Numbers committed denials of all clients. Only the leader runs it, one at a time, so that a higher number never becomes
 * visible before a lower one.
 */
export const NUMBER_DENIALS = statement(
  'number_certificate_denials',
  sql`with found as materialized (select d.client_ext_id, d.id, d.at from certificate_denials d
      where d.number is null order by d.at, d.id limit ${MAX_NUMBERED}),
    placed as (select f.*, row_number() over client as place, count(*) over (partition by f.client_ext_id) as places
      from found f window client as (partition by f.client_ext_id order by f.at, f.id)),
    feeds as (insert into certificate_denial_feeds as f (client_ext_id, last_number, removed_number)
      select p.client_ext_id, count(*), 0 from placed p group by p.client_ext_id order by p.client_ext_id
      on conflict (client_ext_id) do update set last_number = f.last_number + excluded.last_number
      returning f.client_ext_id, f.last_number),
    numbered as (update certificate_denials d set number = f.last_number - p.places + p.place
      from placed p join feeds f on f.client_ext_id = p.client_ext_id
      where d.client_ext_id = p.client_ext_id and d.id = p.id returning 1)
    select ${returns<{ readonly numbered: number }>('count(*)::integer as numbered')} from numbered`,
);

/** Of one statement. */
export const MAX_REMOVED = 1000;

/** Removes old denials, and notes up to which number a cursor no longer finds everything. */
export const REMOVE_OLD_DENIALS = statement(
  'remove_old_certificate_denials',
  sql`with removed as (delete from certificate_denials where ctid = any(array(
      select ctid from certificate_denials
        where at < ${parameter('before', instant())} and number is not null limit ${MAX_REMOVED}))
      returning client_ext_id, number),
    noted as (update certificate_denial_feeds f set removed_number = greatest(f.removed_number, r.number)
      from (select client_ext_id, max(number) as number from removed group by client_ext_id) r
      where f.client_ext_id = r.client_ext_id)
    select ${REMOVED} from removed`,
);
