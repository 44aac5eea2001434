import { OWN_PASSWORD, OWN_PASSWORD_JOIN } from '../auth/own-user.js';
import type { Caller } from '../common/actor.js';
import type { Statement } from '../database/database.js';
import { ADVISORY_LOCKS } from '../database/locks.js';
import { selection } from '../database/selection.js';
import { PASSED, passTurnstileIf, passUserTurnstile, USER_PASSED } from '../database/turnstile.js';
import type { CredentialState } from './credential-state.rules.js';

/** The columns that credentials of every type have and that an answer or a decision needs. */
export const CREDENTIAL_COLUMNS = [
  'ext_id',
  'user_ext_id',
  'policy_ext_id',
  'incarnation',
  'state',
  'state_set_by',
  'reason',
  'detail',
  'comment',
  'valid_from',
  'valid_to',
  'properties',
  'successes',
  'failures',
  'failures_since_lock',
  'last_success',
  'last_failure',
  'lock',
  'lock_reason',
  'locked_until',
  'version',
  'created',
  'last_modified',
];

const ACTIVITY = `u.state as "ownerState", u.valid_from as "ownerValidFrom", u.valid_to as "ownerValidTo"`;

/** What is selected of the owner `u`, and how his table is joined with what is. */
interface Owner {
  readonly columns: string;
  readonly joins: string;
}

/**
 * A statement that reads the owner, for each mode of a caller: a self-admin's own access is decided by his password as
 * well (contract 4.4, 4.7), and nobody else pays for that.
 */
export function ofOwner(name: string, text: (owner: Owner) => string): Readonly<Record<Caller['mode'], Statement>> {
  return {
    administrator: { name, text: text({ columns: ACTIVITY, joins: '' }) },
    selfAdmin: {
      name: `${name}_own`,
      text: text({ columns: `${ACTIVITY}, ${OWN_PASSWORD}`, joins: OWN_PASSWORD_JOIN }),
    },
  };
}

/**
 * The order in which everything that touches several rows takes them: user, policy, credential, the first two behind
 * their turnstiles.
 */
export const LOCK_USER: Statement = {
  name: 'lock_user',
  text: `with ${passUserTurnstile('$2')}
    select 1 from users where client_ext_id = $1 and ext_id = $2 and ${USER_PASSED} for share`,
};

export const LOCK_POLICY_OF_CREDENTIAL: Statement = {
  name: 'lock_policy_of_credential',
  text: `select 1 from policies p join credentials c
      on c.client_ext_id = p.client_ext_id and c.policy_ext_id = p.ext_id
    where c.client_ext_id = $1 and c.ext_id = $2 for share of p`,
};

/** $1 client, $2 type, $3 policy; null: the default of the type. */
export const LOCK_POLICY: Statement = {
  name: 'lock_policy',
  text: `select 1 from policies where client_ext_id = $1 and policy_type = $2
      and case when $3::text is null then default_policy else ext_id = $3 end for share`,
};

export const LOCK_CREDENTIAL: Statement = {
  name: 'lock_credential',
  text: 'select 1 from credentials where client_ext_id = $1 and ext_id = $2 for update',
};

/** The user in the version that a change was judged by; `user` and `version` are parameters. */
export function judgedUser(user: string, version: string): readonly string[] {
  return [
    passUserTurnstile(user),
    `judged_user as (select 1 from users where client_ext_id = $1 and ext_id = ${user} and version = ${version}
      and ${USER_PASSED} for share)`,
  ];
}

/**
 * The rows that a change was judged by, locked in their order and only in the version that was judged: each waits for
 * the one before because it asks whether that was there. $2 user, $3 its version, $4 policy, $5 its version.
 */
export const JUDGED = [
  ...judgedUser('$2', '$3'),
  passTurnstileIf('exists (select 1 from judged_user)'),
  `judged_policy as (select 1 from policies where client_ext_id = $1 and ext_id = $4 and version = $5
    and ${PASSED} for share)`,
];

const COUNTING = `hashtextextended($2::text, hashtextextended($1::text, ${ADVISORY_LOCKS.credentialCount}))`;

/**
 * After `JUDGED`: whoever creates a credential of a user counts alone, which comes after every other lock. What counts
 * has to be called once this is held. $2 user.
 */
export const COUNTED = `counted as materialized (select 1 from pg_advisory_xact_lock(${COUNTING}) where exists (select 1 from judged_policy))`;

/** The same inside a transaction. $1 client, $2 user. */
export const LOCK_COUNT: Statement = {
  name: 'lock_count_of_credentials',
  text: `select 1 from pg_advisory_xact_lock(${COUNTING})`,
};

/** After `JUDGED`: $6 credential, $7 its judged version, $8 and $9 its judged lock. */
export const JUDGED_ROW = `c.client_ext_id = $1 and c.ext_id = $6 and c.version = $7
    and c.lock is not distinct from $8 and c.locked_until is not distinct from $9::timestamptz
    and exists (select 1 from judged_policy)`;

/** The columns that every change may set, in the order of `stateValues`. */
export const STATE_COLUMNS = [
  'state text',
  'state_set_by text',
  'reason text',
  'detail text',
  'comment text',
  'lock text',
  'lock_reason text',
  'locked_until timestamptz',
] as const;

export function stateValues(row: CredentialState & { readonly comment: string | null }): readonly unknown[] {
  return [row.state, row.stateSetBy, row.reason, row.detail, row.comment, row.lock, row.lockReason, row.lockedUntil];
}

/** Which login counters a change forgets: leaving a lock by hand the failures, another certificate all (6.5). */
export type CounterReset = 'none' | 'failures' | 'all';

/**
 * Logins touch their own columns without a new version, so what a change sets of those is relative to the row as it
 * is: the counters begin anew or stay, and never go back to what was read. `parameter` holds a `CounterReset`.
 */
export function countersAfter(parameter: number): string {
  return `successes = case when $${parameter}::text = 'all' then 0 else c.successes end,
      failures = case when $${parameter} = 'none' then c.failures else 0 end,
      failures_since_lock = case when $${parameter} = 'none' then c.failures_since_lock else 0 end`;
}

/** What a change answers: the version, its moment, and the login columns as they now are. */
export const WRITTEN = `c.version, c.last_modified as at, ${selection('c', [
  'successes',
  'failures',
  'failures_since_lock',
  'last_success',
  'last_failure',
])}`;

export interface Written {
  readonly version: number;
  readonly at: Date;
  readonly successes: number;
  readonly failures: number;
  readonly failuresSinceLock: number;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
}

/** `columnNames(STATE_COLUMNS)` and `columnValues(STATE_COLUMNS, 7)`, for an insert. */
export function columnNames(columns: readonly string[]): string {
  return columns.map((column) => column.split(' ')[0]).join(', ');
}

/** Typed parameters, the first of which is $`first`. */
export function columnValues(columns: readonly string[], first: number): string {
  return columns.map((column, index) => `$${first + index}::${column.split(' ')[1]}`).join(', ');
}

export function columnAssignments(columns: readonly string[], first: number): string {
  return columns
    .map((column, index) => `${column.split(' ')[0]} = $${first + index}::${column.split(' ')[1]}`)
    .join(', ');
}
