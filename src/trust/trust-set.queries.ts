import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import { identifier, nullable } from '../database/column.js';
import { octetsOf, pageOfRows } from '../database/page-rows.js';
import { behind } from '../database/paging.js';
import { leftJoined, parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { NEXT_VERSION, REMOVED, WRITTEN } from '../database/versioned.js';
import { DENIED } from '../denials/denied.js';
import { MAX_NAMED_POLICIES, type NamingPolicy } from './trust-set-deletion.rules.js';
import type { PolicyVersion } from './trust-set.model.js';
import { TRUST_SET_MEMBERS, TRUST_SETS } from './trust-set.table.js';

const { clientExtId, extId } = TRUST_SETS.parameters;
const TRUST_SET = sql`select ${TRUST_SETS.select('s')} from trust_anchor_sets s`;
const BY_KEY = TRUST_SETS.matches('s', ['clientExtId', 'extId']);
/** When an extId is used again, versions begin with 1 again. */
const BY_VERSION = TRUST_SETS.matches('s', ['clientExtId', 'extId', 'generation', 'version']);

export const READ_TRUST_SET = statement('read_trust_set', sql`${TRUST_SET} where ${BY_KEY}`);

/**
 * The set that a policy names, and the versions of the policy for which it is the set. The set is null if the policy names
 * none.
 */
export const READ_SET_OF_POLICY = statement(
  'read_set_of_policy',
  sql`select ${returns<PolicyVersion>(`p.generation as "policyGeneration", p.version as "policyVersion",
      p.evaluation_version as "evaluationVersion"`)}, ${leftJoined(TRUST_SETS.select('s'))}
    from policies p
    left join trust_anchor_sets s on s.client_ext_id = p.client_ext_id and s.ext_id = p.trust_set_ext_id
    where p.client_ext_id = ${clientExtId} and p.ext_id = ${parameter('policyExtId', identifier())}`,
);

export type SetOfPolicyRow = NonNullable<Awaited<ReturnType<typeof READ_SET_OF_POLICY.first>>>;

/** Until the transaction ends, no policy can start to name the set: its foreign key needs a lock of this row. */
export const LOCK_TRUST_SET = statement(
  'lock_trust_set',
  sql`select 1 from trust_anchor_sets s where ${BY_KEY} for update`,
);

const NAMING_POLICIES = returns<{ readonly policies: readonly NamingPolicy[] | null }>(`(select
  jsonb_agg(jsonb_build_object('extId', p.ext_id, 'name', p.name)) from (
    select ext_id, name from policies
      where client_ext_id = s.client_ext_id and trust_set_ext_id = s.ext_id
      order by created, ext_id limit ${MAX_NAMED_POLICIES + 1}) p) as policies`);

/** With the first policies that name the set, one more than are named; null if there are none. */
export const READ_TRUST_SET_TO_DELETE = statement(
  'read_trust_set_to_delete',
  sql`select ${TRUST_SETS.select('s', ['extId', 'generation', 'version', 'lastModified'])}, ${NAMING_POLICIES}
    from trust_anchor_sets s where ${BY_KEY}`,
);

const NEW_EXT_ID = parameter('newExtId', nullable(TRUST_SETS.columns.extId));
const CHANGED_EXT_ID = parameter('changedExtId', nullable(TRUST_SETS.columns.extId));
const NAME = parameter('newName', nullable(TRUST_SETS.columns.name));

/** Finds other unique values that are already taken, for a refused set; null for values that are not checked. */
export const FIND_TAKEN = statement(
  'find_taken_trust_set',
  sql`select 'trust_anchor_sets_pk' as "constraint" from trust_anchor_sets
      where client_ext_id = ${clientExtId} and ext_id = ${NEW_EXT_ID}
    union all
    select 'trust_anchor_sets_name_unique' from trust_anchor_sets
      where client_ext_id = ${clientExtId} and name = ${NAME} and ext_id is distinct from ${CHANGED_EXT_ID}`,
);

const OCTETS = returns<unknown>(
  octetsOf('s', { plain: ['name', 'description'], certificates: ['anchors', 'intermediates'] }),
);

export const LIST_TRUST_SETS = statement(
  'list_trust_sets',
  pageOfRows(sql`select ${TRUST_SETS.select('s')}, ${OCTETS} from trust_anchor_sets s
    where ${TRUST_SETS.matches('s', ['clientExtId'])} and ${behind('s')}`),
);

export const COUNT_TRUST_SETS = statement(
  'count_trust_sets',
  sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')} from trust_anchor_sets
    where client_ext_id = ${clientExtId}`,
);

const EXISTING_CLIENT = sql`select 1 from clients where ext_id = ${clientExtId} and deleted_at is null`;

export const FIND_CLIENT = statement('find_client_of_trust_sets', EXISTING_CLIENT);

export const CREATE_TRUST_SET = changeWithAuditEvent('create_trust_set', {
  // Waits for a deletion of the client, and then finds none.
  locks: sql`existing_client as (${EXISTING_CLIENT} for share)`,
  write: sql`insert into trust_anchor_sets (${TRUST_SETS.names()})
    select ${TRUST_SETS.values()} where exists (select 1 from existing_client)
    returning ${WRITTEN}`,
});

/**
 * Only if it still has the version that was read. The policies that name the set get another evaluation version, so that
 * what was evaluated against the former set is evaluated again (contract 11.3). The set and the fair lock of the policies
 * must be locked before, in statements of their own: this one then finds every policy that names the set.
 */
export const CHANGE_TRUST_SET = changeWithAuditEvent('change_trust_set', {
  write: sql`update trust_anchor_sets s set ${TRUST_SETS.assignments(TRUST_SET_MEMBERS)}, ${NEXT_VERSION}
    where ${BY_VERSION} returning ${WRITTEN}`,
  also: sql`to_evaluate_again as (update policies p set evaluation_version = p.evaluation_version + 1 from changed
    where p.client_ext_id = ${clientExtId} and p.trust_set_ext_id = ${extId}), ${DENIED}`,
});

/** Only in the version that was read. */
export const DELETE_TRUST_SET = changeWithAuditEvent('delete_trust_set', {
  write: sql`delete from trust_anchor_sets s where ${BY_VERSION} returning ${REMOVED}`,
});
