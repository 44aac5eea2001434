import { changeWithTrail } from '../audit/change-with-trail.js';
import type { Statement } from '../database/database.js';
import { octetsOf, withinPageBytes } from '../database/page-rows.js';
import { CLOSE_TURNSTILE_EXPRESSION, PASSED } from '../database/turnstile.js';

const POLICY = `p.client_ext_id as "clientExtId", p.ext_id as "extId", p.incarnation, p.policy_type as "policyType",
  p.name, p.description, p.default_policy as "defaultPolicy", p.parameters, p.version, p.created,
  p.last_modified as "lastModified"`;

/** $1 client, $2 policy. */
export const READ_POLICY: Statement = {
  name: 'read_policy',
  text: `select ${POLICY} from policies p where p.client_ext_id = $1 and p.ext_id = $2`,
};

/** As `READ_POLICY`, and nobody else changes it until the transaction ends. */
export const READ_POLICY_TO_CHANGE: Statement = {
  name: 'read_policy_to_change',
  text: `${READ_POLICY.text} for update`,
};

/**
 * What a policy that was refused would meet besides. $1 client, $2 extId of a new policy, $3 name, each null where it
 * is not asked for, $4 the policy that is changed.
 */
export const FIND_TAKEN: Statement = {
  name: 'find_taken_policy',
  text: `select 'policies_pk' as "constraint" from policies where client_ext_id = $1 and ext_id = $2
    union all
    select 'policies_name_unique' from policies
      where client_ext_id = $1 and name = $3 and ext_id is distinct from $4`,
};

/** The default of a type, unless it is the policy that is about to be it. $1 client, $2 type, $3 that policy. */
export const READ_DEFAULT_TO_CHANGE: Statement = {
  name: 'read_default_policy_to_change',
  text: `select ${POLICY} from policies p where p.client_ext_id = $1 and p.policy_type = $2 and p.default_policy
      and p.ext_id <> $3 for update`,
};

const OCTETS = octetsOf('p', { plain: ['name', 'description'], composite: ['parameters'] });

/** $1 client, $2 and $3 where the page begins, $4 how many. */
export const LIST_POLICIES: Statement = {
  name: 'list_policies',
  text: withinPageBytes(`select ${POLICY}, ${OCTETS} from policies p
    where p.client_ext_id = $1
      and (p.created, p.ext_id) > (coalesce($2::timestamptz, '-infinity'), $3::text collate "C")
    order by p.created, p.ext_id limit $4`),
};

export const COUNT_POLICIES: Statement = {
  name: 'count_policies',
  text: 'select count(*)::integer as total from policies where client_ext_id = $1',
};

export const FIND_CLIENT: Statement = {
  name: 'find_client_of_policies',
  text: 'select 1 from clients where ext_id = $1 and deleted_at is null',
};

/** Whoever moves a default flag holds its client: two at once would both find the same previous default. */
export const LOCK_CLIENT: Statement = {
  name: 'lock_client_of_policies',
  text: `${FIND_CLIENT.text} for no key update`,
};

/** $2 now, $3 extId, $4 incarnation, $5 type, $6 name, $7 description, $8 default flag, $9 parameters. */
export const CREATE_POLICY: Statement = changeWithTrail({
  name: 'create_policy',
  // A client that is being deleted is waited for, and then has no policy any more.
  locks: [`living_client as (select 1 from clients where ext_id = $1 and deleted_at is null for share)`],
  write: `insert into policies (client_ext_id, version, created, last_modified,
      ext_id, incarnation, policy_type, name, description, default_policy, parameters)
    select $1, 1, $2::timestamptz, $2::timestamptz,
      $3::text, $4::uuid, $5::text, $6::text, $7::text, $8::boolean, $9::jsonb
    where exists (select 1 from living_client)
    returning version, last_modified as at`,
  parameters: 9,
});

/** $2 policy, $3 the version that was read, $4 now, $5 name, $6 description, $7 default flag, $8 parameters. */
export const CHANGE_POLICY: Statement = changeWithTrail({
  name: 'change_policy',
  locks: [CLOSE_TURNSTILE_EXPRESSION],
  write: `update policies p set name = $5::text, description = $6::text, default_policy = $7::boolean,
      parameters = $8::jsonb, version = p.version + 1, last_modified = greatest($4::timestamptz, p.last_modified)
    where p.client_ext_id = $1 and p.ext_id = $2 and p.version = $3 and ${PASSED}
    returning p.version, p.last_modified as at`,
  parameters: 8,
});

/** $2 policy, $3 the version that was read, $4 now. */
export const DELETE_POLICY: Statement = changeWithTrail({
  name: 'delete_policy',
  locks: [CLOSE_TURNSTILE_EXPRESSION],
  write: `delete from policies p where p.client_ext_id = $1 and p.ext_id = $2 and p.version = $3 and ${PASSED}
    returning null::integer as version, greatest($4::timestamptz, p.last_modified) as at`,
  parameters: 4,
});
