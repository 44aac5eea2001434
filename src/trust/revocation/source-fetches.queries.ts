import { instant, nullable } from '../../database/column.js';
import { ADVISORY_LOCKS } from '../../database/locks.js';
import { parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { NOW } from '../../database/versioned.js';
import { REVOCATION_ANSWERS } from './revocation-answer.table.js';

const { clientExtId } = REVOCATION_ANSWERS.parameters;
const KEY = ['clientExtId', 'issuerKeySha256', 'sourceSha256'] as const;
const BY_KEY = REVOCATION_ANSWERS.matches('a', KEY);

/** Sources of a client; what was used longest ago is dropped first. */
const MAX_SOURCES = 10_000;

/** Of the answers of a client together. */
const MAX_OCTETS = 200 * 1024 * 1024;

/** Longer than a fetch may take, so that a server that ended does not block the source for long. */
const CLAIM = returns(`clock_timestamp() + interval '10 s'`);
const IS_CLAIMED = returns('coalesce(a.claimed_until > clock_timestamp(), false)');
const IS_FAILED = sql`coalesce(a.failed_until > ${NOW}, false)`;

/** Whoever asks again so soon gets what is stored; later the source is asked again, as what is stored may prove nothing. */
const IS_FRESH = sql`coalesce(a.fetched_at > ${NOW} - interval '1 min', false)`;

/** Waits for a deletion of the client, and then finds none. */
export const SHARE_CLIENT = statement(
  'share_client_of_revocation',
  sql`select 1 from clients where ext_id = ${clientExtId} and deleted_at is null for share`,
);

/** Whoever adds to the answers of a client counts them. */
export const LOCK_ANSWERS = statement(
  'lock_revocation_answers',
  sql`select 1 from pg_advisory_xact_lock(hashtextextended(${clientExtId}, ${ADVISORY_LOCKS.revocationAnswers}))`,
);

const FREE = sql`not ${IS_CLAIMED} and not ${IS_FAILED}`;

/** So that only this server asks the source. No row if another one does, if it has just failed, or has answered meanwhile. */
export const CLAIM_SOURCE = statement(
  'claim_revocation_source',
  sql`insert into revocation_answers as a (client_ext_id, issuer_key_sha256, source_sha256, kind, url, request, octets,
      used_at, claimed_until, failures)
    values (${REVOCATION_ANSWERS.values([...KEY, 'kind', 'url', 'request'])}, 0, ${NOW}, ${CLAIM}, 0)
    on conflict (client_ext_id, issuer_key_sha256, source_sha256) do update
      set claimed_until = ${CLAIM}, used_at = greatest(a.used_at, excluded.used_at)
      where ${FREE} and not ${IS_FRESH}
    returning ${returns<{ readonly isNew: boolean }>('(xmax = 0) as "isNew"')}`,
);

/** Likewise, of an answer that is current and has to be refreshed. */
export const CLAIM_REFRESH = statement(
  'claim_revocation_refresh',
  sql`update revocation_answers a set claimed_until = ${CLAIM}
    where ${BY_KEY} and a.refresh_at <= ${NOW} and ${FREE} returning ${REVOCATION_ANSWERS.select('a', ['kind'])}`,
);

/** Why a source could not be claimed. */
export const READ_SOURCE_STATE = statement(
  'read_revocation_source_state',
  sql`select ${REVOCATION_ANSWERS.select('a', ['issuerKeySha256', 'sourceSha256', 'kind', 'sha256', 'failure'])},
      ${IS_CLAIMED} ${returns<{ readonly isClaimed: boolean }>('as "isClaimed"')},
      ${IS_FAILED} ${returns<{ readonly isFailed: boolean }>('as "isFailed"')},
      ${IS_FRESH} ${returns<{ readonly isFresh: boolean }>('as "isFresh"')}
    from revocation_answers a where ${BY_KEY}`,
);

/** By the place of the rows, so that no statistics make the plan slow; a row that is used meanwhile has another one, and stays. */
export const DROP_SOURCES = statement(
  'drop_revocation_sources',
  sql`delete from revocation_answers where client_ext_id = ${clientExtId} and ctid = any(array(
    select ctid from revocation_answers where client_ext_id = ${clientExtId}
      order by used_at desc, issuer_key_sha256, source_sha256 offset ${MAX_SOURCES}))`,
);

const ANSWER = ['thisUpdate', 'nextUpdate', 'sha256', 'octets', 'der', 'refreshAt'] as const;

/**
 * The former answer stays if this one is older, and no row is returned. The number of a CRL is not asked: nothing is
 * proven, and a forged number could shut out all true CRLs. `changed`: whether it has other bytes.
 */
export const STORE_ANSWER = statement(
  'store_revocation_answer',
  sql`update revocation_answers a set ${REVOCATION_ANSWERS.assignments(ANSWER)}, claimed_until = null,
      fetched_at = ${NOW}, failed_until = null, failures = 0, failure = null,
      changed_at = case when former.sha256 is distinct from ${REVOCATION_ANSWERS.parameters.sha256}
        then ${NOW} else a.changed_at end
    from (select a.sha256 from revocation_answers a where ${BY_KEY} for update) former
    where ${BY_KEY} and (a.der is null or a.this_update <= ${REVOCATION_ANSWERS.parameters.thisUpdate})
    returning former.sha256 is distinct from a.sha256 ${returns<{ readonly changed: boolean }>('as changed')}`,
);

/** What was used longest ago, beyond what the answers of a client may take together. */
export const DROP_ANSWERS = statement(
  'drop_revocation_answers',
  sql`delete from revocation_answers where client_ext_id = ${clientExtId} and ctid = any(array(
    select a.ctid from (
      select ctid, sum(octets) over (order by used_at desc, issuer_key_sha256, source_sha256) as total
      from revocation_answers where client_ext_id = ${clientExtId}) a
    where a.total > ${MAX_OCTETS}))`,
);

/** The former answer stays. */
export const NOTE_FAILURE = statement(
  'note_revocation_failure',
  sql`update revocation_answers a set claimed_until = null, ${REVOCATION_ANSWERS.assignments(['failures', 'failure'])},
      failed_until = ${parameter('failedUntil', nullable(instant()))}
    where ${BY_KEY} returning ${REVOCATION_ANSWERS.select('a', ['failures'])}`,
);

export const READ_FAILURES = statement(
  'read_revocation_failures',
  sql`select ${REVOCATION_ANSWERS.select('a', ['failures'])} from revocation_answers a where ${BY_KEY} for update`,
);

/** The former answer is still the newest one. */
export const KEEP_ANSWER = statement(
  'keep_revocation_answer',
  sql`update revocation_answers a set claimed_until = null, fetched_at = ${NOW}, failed_until = null, failures = 0,
      failure = null, ${REVOCATION_ANSWERS.assignments(['refreshAt'])}
    where ${BY_KEY}`,
);

export const GIVE_CLAIM_BACK = statement(
  'give_revocation_claim_back',
  sql`update revocation_answers a set claimed_until = null where ${BY_KEY}`,
);

const USED_AFTER = parameter('usedAfter', instant());
const MAX_DUE_OF_CLIENT = 20;
const MAX_DUE = 200;

/** Of each client the same number at most, those that are due longest first. */
export const FIND_DUE = statement(
  'find_due_revocation_answers',
  sql`select ${REVOCATION_ANSWERS.select('a', [...KEY, 'kind', 'url', 'request'])} from (
      select d.*, row_number() over (partition by d.client_ext_id order by d.refresh_at) as place
      from revocation_answers d
      where d.refresh_at <= ${NOW} and d.used_at > ${USED_AFTER} and (d.failed_until is null or d.failed_until <= ${NOW})) a
    where a.place <= ${MAX_DUE_OF_CLIENT} order by a.place, a.refresh_at limit ${MAX_DUE}`,
);

export const MAX_REMOVED = 500;

/** Answers that no check has asked for, and those of clients that a server without this table has deleted. */
export const REMOVE_UNUSED = statement(
  'remove_unused_revocation_answers',
  sql`with removed as (delete from revocation_answers where ctid = any(array(
      select a.ctid from revocation_answers a join clients c on c.ext_id = a.client_ext_id
      where a.used_at <= ${USED_AFTER} or c.deleted_at is not null limit ${MAX_REMOVED})) returning 1)
    select ${returns<{ readonly removed: number }>('count(*)::integer as removed')} from removed`,
);

/** For the metrics. */
export const COUNT_ANSWERS = statement(
  'count_revocation_answers',
  sql`select ${returns<{ readonly stored: number }>('count(*)::integer as stored')} from revocation_answers
    where der is not null`,
);

/** Likewise; those that are not refreshed, because nobody uses them, are removed. */
export const READ_OLDEST_DUE = statement(
  'read_oldest_due_revocation_answer',
  sql`select ${returns<{ readonly oldestDue: Date | null }>('min(refresh_at) as "oldestDue"')} from revocation_answers
    where refresh_at is not null`,
);
