import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import { nullable } from '../database/column.js';
import { LOCK_POLICIES_ALONE, POLICIES_LOCKED } from '../database/fair-lock.js';
import { octetsOf, pageOfRows } from '../database/page-rows.js';
import { behind } from '../database/paging.js';
import { parameter, returns, sql } from '../database/sql.js';
import { shortRead, statement } from '../database/statement.js';
import { NEXT_VERSION, REMOVED, WRITTEN } from '../database/versioned.js';
import { DENIED } from '../denials/denied.js';
import { POLICIES, POLICY_MEMBERS } from './policy.table.js';

const { clientExtId, extId } = POLICIES.parameters;
const POLICY = sql`select ${POLICIES.select('p')} from policies p`;
const BY_KEY = POLICIES.matches('p', ['clientExtId', 'extId']);
/** When an extId is used again, versions begin with 1 again. */
const BY_VERSION = POLICIES.matches('p', ['clientExtId', 'extId', 'generation', 'version']);

export const READ_POLICY = shortRead('read_policy', sql`${POLICY} where ${BY_KEY}`);

/** Locks the policy until the transaction ends. */
export const READ_POLICY_TO_CHANGE = statement('read_policy_to_change', sql`${POLICY} where ${BY_KEY} for update`);

const NEW_EXT_ID = parameter('newExtId', nullable(POLICIES.columns.extId));
const CHANGED_EXT_ID = parameter('changedExtId', nullable(POLICIES.columns.extId));

/**
 * Finds other constraints that a refused policy would violate; null for values that are not checked. Only a
 * CertificatePolicy names a trust-anchor set.
 */
export const FIND_TAKEN = statement(
  'find_taken_policy',
  sql`select 'policies_pk' as "constraint" from policies where client_ext_id = ${clientExtId} and ext_id = ${NEW_EXT_ID}
    union all
    select 'policies_name_unique' from policies
      where client_ext_id = ${clientExtId} and name = ${POLICIES.parameters.name}
        and ext_id is distinct from ${CHANGED_EXT_ID}
    union all
    select 'policies_trust_set_fk'
      where ${POLICIES.parameters.trustSetExtId} is not null
        and (${CHANGED_EXT_ID} is null or exists (select 1 from policies
          where client_ext_id = ${clientExtId} and ext_id = ${CHANGED_EXT_ID} and policy_type = 'CertificatePolicy'))
        and not exists (select 1 from trust_anchor_sets
          where client_ext_id = ${clientExtId} and ext_id = ${POLICIES.parameters.trustSetExtId})`,
);

/** The current default of a type, unless it is the policy that becomes the default. */
export const READ_DEFAULT_TO_CHANGE = statement(
  'read_default_policy_to_change',
  sql`${POLICY} where ${POLICIES.matches('p', ['clientExtId', 'policyType'])} and p.default_policy
      and p.ext_id <> ${extId} for update`,
);

const OCTETS = returns<unknown>(octetsOf('p', { plain: ['name', 'description'], composite: ['parameters'] }));

export const LIST_POLICIES = statement(
  'list_policies',
  pageOfRows(sql`select ${POLICIES.select('p')}, ${OCTETS} from policies p
    where ${POLICIES.matches('p', ['clientExtId'])} and ${behind('p')}`),
);

export const COUNT_POLICIES = statement(
  'count_policies',
  sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')} from policies
    where client_ext_id = ${clientExtId}`,
);

const EXISTING_CLIENT = sql`select 1 from clients where ext_id = ${clientExtId} and deleted_at is null`;

export const FIND_CLIENT = shortRead('find_client_of_policies', EXISTING_CLIENT);

/** Moving the default flag locks the client, otherwise two requests could find the same previous default. */
export const LOCK_CLIENT = statement('lock_client_of_policies', sql`${EXISTING_CLIENT} for no key update`);

export const CREATE_POLICY = changeWithAuditEvent('create_policy', {
  // Waits for a deletion of the client, and then finds none.
  locks: sql`existing_client as (${EXISTING_CLIENT} for share)`,
  write: sql`insert into policies (${POLICIES.names()})
    select ${POLICIES.values()} where exists (select 1 from existing_client)
    returning ${WRITTEN}`,
});

/** Only if it still has the version that was read. */
export const CHANGE_POLICY = changeWithAuditEvent('change_policy', {
  locks: LOCK_POLICIES_ALONE,
  write: sql`update policies p set ${POLICIES.assignments([...POLICY_MEMBERS, 'trustSetExtId'])}, ${NEXT_VERSION}
    where ${BY_VERSION} and ${POLICIES_LOCKED}
    returning ${WRITTEN}`,
  also: DENIED,
});

/** Only in the version that was read. */
export const DELETE_POLICY = changeWithAuditEvent('delete_policy', {
  locks: LOCK_POLICIES_ALONE,
  write: sql`delete from policies p where ${BY_VERSION} and ${POLICIES_LOCKED} returning ${REMOVED}`,
});
