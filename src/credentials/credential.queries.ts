import { OWN_PASSWORD, OWN_PASSWORD_JOIN, type OwnPassword } from '../auth/own-user.js';
import type { Caller } from '../common/actor.js';
import { identifier, integer, nullable, uuid } from '../database/column.js';
import { POLICIES_LOCKED, sharePoliciesIf, shareUser, USER_LOCKED } from '../database/fair-lock.js';
import { ADVISORY_LOCKS } from '../database/locks.js';
import { grouped, parameter, returns, type Sql, sql } from '../database/sql.js';
import { type NamedStatement, shortRead, statement } from '../database/statement.js';
import { NEXT_VERSION, WRITTEN } from '../database/versioned.js';
import { CREDENTIALS } from './credential.table.js';
import type { OwnerAccessRow, OwnerActivityRow, OwnerVersionRow, PolicyRow } from './owner-access.js';

const { clientExtId, extId, userExtId } = CREDENTIALS.parameters;

/** The columns of the owner, in the table alias `u`. */
export const OWNER_ACTIVITY = returns<OwnerActivityRow>(
  'u.state as "ownerState", u.valid_from as "ownerValidFrom", u.valid_to as "ownerValidTo"',
);

export const OWNER_VERSION = returns<OwnerVersionRow>('u.generation as "ownerGeneration", u.version as "ownerVersion"');

/** The columns of the policy, in the table alias `p`. */
export const POLICY = returns<PolicyRow>(
  `p.parameters::text as "policyParameters", p.generation as "policyGeneration", p.version as "policyVersion",
  p.evaluation_version as "evaluationVersion"`,
);
export const POLICY_EXT_ID = returns<{ readonly policyExtId: string }>('p.ext_id as "policyExtId"');

/** The columns of the owner, and the joins that they need. */
interface Owner {
  readonly columns: Sql<unknown, OwnerAccessRow>;
  readonly joins: Sql;
}

/**
 * One statement for each mode of the caller. In self-admin mode it also reads the owner's password, which decides on
 * the access (contract 4.4, 4.7); otherwise that cost is avoided.
 */
export function ofOwner<Parameters, Result>(
  name: string,
  text: (owner: Owner) => Sql<Parameters, Result>,
  named = shortRead<Parameters, Result>,
): Readonly<Record<Caller['mode'], NamedStatement<Parameters, Result>>> {
  const own = sql`${OWNER_ACTIVITY}, ${returns<OwnPassword>(OWN_PASSWORD)}`;
  return {
    administrator: named(name, text({ columns: OWNER_ACTIVITY, joins: sql`` })),
    selfAdmin: named(`${name}_own`, text({ columns: own, joins: returns<unknown>(OWN_PASSWORD_JOIN) })),
  };
}

export const LOCK_USER = statement(
  'lock_user',
  sql`with ${shareUser(userExtId)}
    select 1 from users where client_ext_id = ${clientExtId} and ext_id = ${userExtId} and ${USER_LOCKED} for share`,
);

export const LOCK_POLICY_OF_CREDENTIAL = statement(
  'lock_policy_of_credential',
  sql`select 1 from policies p join credentials c
      on c.client_ext_id = p.client_ext_id and c.policy_ext_id = p.ext_id
    where ${CREDENTIALS.matches('c', ['clientExtId', 'extId'])} for share of p`,
);

/** The policy requested for a new credential; null means the default of the type. */
export const CHOSEN_POLICY = parameter('chosenPolicyExtId', nullable(identifier()));

export const LOCK_POLICY = statement(
  'lock_policy',
  sql`select 1 from policies where client_ext_id = ${clientExtId}
      and policy_type = ${parameter('policyType', identifier<'CertificatePolicy' | 'PwdPolicy'>())}
      and case when ${CHOSEN_POLICY} is null then default_policy else ext_id = ${CHOSEN_POLICY} end for share`,
);

export const LOCK_CREDENTIAL = statement(
  'lock_credential',
  sql`select 1 from credentials c where ${CREDENTIALS.matches('c', ['clientExtId', 'extId'])} for update`,
);

function lockCount<Parameters>(user: Sql<Parameters>) {
  const key = sql`hashtextextended(${clientExtId}, ${ADVISORY_LOCKS.credentialCount})`;
  return sql`select 1 from pg_advisory_xact_lock(hashtextextended(${user}, ${key}))`;
}

/** The credentials are counted while this lock is held. It is taken after all other locks. */
export const LOCK_COUNT = statement('lock_count_of_credentials', lockCount(userExtId));

/** Parameters of the row as it was read, in the group `evaluated`. The new values are in the group `next`. */
function evaluated<Parameters>(parameters: Sql<Parameters>) {
  return grouped('evaluated', parameters);
}

export const EVALUATED_USER_EXT_ID = evaluated(userExtId);
export const EVALUATED_EXT_ID = evaluated(extId);
const EVALUATED_OWNER_GENERATION = evaluated(parameter('ownerGeneration', uuid()));
const EVALUATED_OWNER_VERSION = evaluated(parameter('ownerVersion', integer()));
const EVALUATED_POLICY_EXT_ID = evaluated(CREDENTIALS.parameters.policyExtId);
const POLICY_GENERATION = evaluated(parameter('policyGeneration', uuid()));
const POLICY_VERSION = evaluated(parameter('policyVersion', integer()));
const EVALUATION_VERSION = evaluated(parameter('evaluationVersion', integer()));

/** Locks the user if the version is still the one of the evaluation. An extId may be used again, with version 1. */
export const EVALUATED_USER = sql`${shareUser(EVALUATED_USER_EXT_ID)},
  evaluated_user as (select 1 from users where client_ext_id = ${clientExtId} and ext_id = ${EVALUATED_USER_EXT_ID}
    and generation = ${EVALUATED_OWNER_GENERATION} and version = ${EVALUATED_OWNER_VERSION} and ${USER_LOCKED} for share)`;

/**
 * Locks the rows on which the evaluation is based, in the order of all locks and only in the versions that were read.
 * Each step depends on the previous one, so that the order is kept.
 */
export const EVALUATED = sql`${EVALUATED_USER},
  ${sharePoliciesIf(sql`exists (select 1 from evaluated_user)`)},
  evaluated_policy as (select 1 from policies where client_ext_id = ${clientExtId} and ext_id = ${EVALUATED_POLICY_EXT_ID}
    and generation = ${POLICY_GENERATION} and version = ${POLICY_VERSION}
    and evaluation_version = ${EVALUATION_VERSION} and ${POLICIES_LOCKED} for share)`;

/** Comes after `EVALUATED`: only one transaction at a time counts the credentials of a user. */
export const COUNTED = sql`counted as materialized (${lockCount(EVALUATED_USER_EXT_ID)}
  where exists (select 1 from evaluated_policy))`;

const { generation, version, lock, lockedUntil } = CREDENTIALS.parameters;

/** Matches the row as it was read. A login changes its lock without a new version. */
export const EVALUATED_ROW = sql`c.client_ext_id = ${clientExtId} and ${evaluated(sql`c.ext_id = ${extId}
    and c.generation = ${generation} and c.version = ${version} and c.lock is not distinct from ${lock}
    and c.locked_until is not distinct from ${lockedUntil}`)}`;

/**
 * The login counters that a change resets: `failures` when a lock is removed manually, `all` with a new certificate
 * (6.5).
 */
export type CounterReset = 'none' | 'failures' | 'all';

const RESET = parameter('counterReset', identifier<CounterReset>());

const COUNTED_LOGINS = [
  'successes',
  'failures',
  'failuresSinceLock',
  'lastSuccess',
  'lastFailure',
] as const satisfies readonly (typeof CREDENTIALS.columnNames)[number][];

/**
 * The rest of an update of `c` after `EVALUATED`; returns the version and the login columns. Logins change those
 * without a new version, so counters are reset or kept as they are in the row, never set to the values that were read.
 */
export const COUNTERS_AND_VERSION = sql`successes = case when ${RESET} = 'all' then 0 else c.successes end,
      failures = case when ${RESET} = 'none' then c.failures else 0 end,
      failures_since_lock = case when ${RESET} = 'none' then c.failures_since_lock else 0 end, ${NEXT_VERSION}
    where ${EVALUATED_ROW} and exists (select 1 from evaluated_policy)
    returning ${WRITTEN}, ${CREDENTIALS.select('c', COUNTED_LOGINS)}`;
