import { AUDIT_EVENTS } from '../../audit/audit-event.table.js';
import { changeWithAuditEvent } from '../../audit/change-with-audit-event.js';
import { EVALUATED_ROW } from '../../credentials/credential.queries.js';
import { CREDENTIALS } from '../../credentials/credential.table.js';
import { instant, json } from '../../database/column.js';
import { grouped, parameter, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { NOW } from '../../database/versioned.js';
import { CERTIFICATE } from '../certificate.queries.js';
import { COUNTED_SUCCESS } from './certificate-login.queries.js';

const { clientExtId, extId } = CREDENTIALS.parameters;

/** The other certificates of the user that have the policy and the names. */
export const READ_OTHERS = statement(
  'read_credentials_that_end',
  sql`select ${CERTIFICATE}, ${CREDENTIALS.select('c', ['notBefore'])}
    from credentials c
    where ${CREDENTIALS.matches('c', ['clientExtId', 'userExtId', 'policyExtId', 'subjectNameSha256', 'issuerNameSha256'])}
      and c.type = 'Certificate' and c.described_sha256 = c.sha256 and c.ext_id <> ${extId}`,
);

export type OtherRow = NonNullable<Awaited<ReturnType<typeof READ_OTHERS.first>>>;

/** A credential as it was read, and what its audit event says. */
export interface EndedCredential extends Pick<OtherRow, 'extId' | 'generation' | 'version' | 'lock'> {
  readonly lockedUntil: string | null;
  readonly eventId: string;
  readonly changes: object | null;
  readonly after: object | null;
}

const ENDED = parameter('ended', json<readonly EndedCredential[]>());
const ENDED_ROWS = sql`jsonb_to_recordset(${ENDED}) as e ("extId" text, generation uuid, version integer, lock text,
  "lockedUntil" timestamptz, "eventId" uuid, changes jsonb, after jsonb)`;

const EVENT = AUDIT_EVENTS.parameters;
const CALLER = grouped('event', sql`${EVENT.actor}, ${EVENT.actorClient}, ${EVENT.address}, ${EVENT.requestId}`);

const OWN_EXT_ID = grouped('evaluated', extId);

/** Every row is locked in the order of the keys before the first one is changed, so that two rollovers never deadlock. */
const LOCKED = sql`locked as materialized (select c.ext_id from credentials c
    left join ${ENDED_ROWS} on e."extId" = c.ext_id collate "C"
    where c.client_ext_id = ${clientExtId} and (c.ext_id = ${OWN_EXT_ID} or (c.generation = e.generation and c.version = e.version
      and c.lock is not distinct from e.lock collate "C" and c.locked_until is not distinct from e."lockedUntil"))
    order by c.ext_id for no key update of c)`;

/** As `colonHex`. */
const FINGERPRINT = sql`upper(regexp_replace(encode(ended.sha256, 'hex'), '(..)(?!$)', '\\1:', 'g'))`;

/** What a rollover writes for each credential that it ends: a version, its audit event, and a denial. */
const ENDED_BY_ROLLOVER = sql`ended as (update credentials c
      set replaced_by = ${OWN_EXT_ID}, disabled_on = ${parameter('disabledOn', instant())},
        version = c.version + 1, last_modified = greatest(${NOW}, c.last_modified)
      from changed, ${ENDED_ROWS}
      where c.client_ext_id = ${clientExtId} and c.ext_id = e."extId" collate "C"
      returning c.ext_id, c.user_ext_id, c.generation, c.version, c.last_modified, c.sha256, c.comment, e."eventId",
        e.changes, e.after),
    ended_entries as (insert into audit_events (client_ext_id, at, version, id, action, kind, ext_id, user_ext_id, generation,
        changes, after, sha256, reason, comment, actor, actor_client, address, request_id)
      select ${clientExtId}, ended.last_modified, ended.version, ended."eventId", 'changed', 'certificate', ended.ext_id,
        ended.user_ext_id, ended.generation, ended.changes, ended.after, ended.sha256, 'renewal', ended.comment, ${CALLER}
      from ended),
    ended_denials as (insert into certificate_denials (client_ext_id, id, at, kind, value)
      select ${clientExtId}, gen_random_uuid(), ended.last_modified, 'certificate', ${FINGERPRINT} from ended)`;

/**
 * Counts the first success of a credential and ends older ones. No row if it or one of them was changed, locked or unlocked
 * since it was read.
 */
export const COUNT_FIRST_SUCCESS = changeWithAuditEvent('count_first_certificate_login', {
  locks: LOCKED,
  write: sql`update credentials c set ${COUNTED_SUCCESS}
    where ${EVALUATED_ROW}
      and (select count(*) from locked) = 1 + jsonb_array_length(${ENDED})
    returning null::integer as version, ${NOW} as at`,
  also: ENDED_BY_ROLLOVER,
});
