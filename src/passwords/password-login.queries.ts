import { changeWithTrail } from '../audit/change-with-trail.js';
import type { UserActivity } from '../common/active-user.js';
import type { LockState, StoredState } from '../credentials/credential-state.rules.js';
import type { Statement } from '../database/database.js';

/** A user with what a login asks of him; every member of a password he does not have is null. */
export interface LoginRow extends LockState {
  readonly loginIdFolded: string;
  readonly ownerState: UserActivity['state'];
  readonly ownerValidFrom: Date | null;
  readonly ownerValidTo: Date | null;
  readonly extId: string | null;
  readonly incarnation: string;
  readonly state: StoredState;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
  readonly policyParameters: string;
  readonly hash: string | null;
  readonly generation: string;
}

/** $1 client, $2 user. */
export const READ_LOGIN: Statement = {
  name: 'read_login',
  text: `select u.login_id_folded as "loginIdFolded", u.state as "ownerState", u.valid_from as "ownerValidFrom",
      u.valid_to as "ownerValidTo", c.ext_id as "extId", c.incarnation, c.state, c.valid_from as "validFrom",
      c.valid_to as "validTo", c.successes, c.failures, c.failures_since_lock as "failuresSinceLock", c.lock,
      c.lock_reason as "lockReason", c.locked_until as "lockedUntil", p.parameters::text as "policyParameters",
      w.hash, w.generation
    from users u
    left join passwords w on w.client_ext_id = u.client_ext_id and w.user_ext_id = u.ext_id
    left join credentials c on c.client_ext_id = w.client_ext_id and c.ext_id = w.credential_ext_id
    left join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id
    where u.client_ext_id = $1 and u.ext_id = $2`,
};

/** $2 credential, $3 now, $4 and $5 the moment where it succeeded or failed, then the columns of `LockState`. */
export const COUNT_LOGIN: Statement = changeWithTrail({
  name: 'count_login',
  write: `update credentials c set last_success = coalesce($4::timestamptz, c.last_success),
      last_failure = coalesce($5::timestamptz, c.last_failure), lock = $6::text, locked_until = $7::timestamptz,
      lock_reason = $8::text, failures = $9::integer, failures_since_lock = $10::integer, successes = $11::integer
    where c.client_ext_id = $1 and c.ext_id = $2
    returning null::integer as version, $3::timestamptz as at`,
  parameters: 11,
});

/** A failure that counts for nothing leaves its event all the same, where there is such a client. $2 now. */
export const NOTE_LOGIN: Statement = changeWithTrail({
  name: 'note_login',
  write: `select null::integer as version, $2::timestamptz as at
      where exists (select 1 from clients where ext_id = $1 and deleted_at is null)`,
  parameters: 2,
});
