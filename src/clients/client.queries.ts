import { changeWithTrail } from '../audit/change-with-trail.js';
import type { Statement } from '../database/database.js';
import { selection } from '../database/selection.js';

/** The columns of `ClientRow`. */
export const CLIENT = selection('c', [
  'ext_id',
  'incarnation',
  'name',
  'display_name',
  'remarks',
  'version',
  'created',
  'last_modified',
]);

/** $1 client. A deleted one is a tombstone, which nothing but its extId is left of. */
export const READ_CLIENT: Statement = {
  name: 'read_client',
  text: `select ${CLIENT} from clients c where c.ext_id = $1 and c.deleted_at is null`,
};

/** As `READ_CLIENT`, and nobody else changes it until the transaction ends. $1 client. */
export const READ_CLIENT_TO_CHANGE: Statement = {
  name: 'read_client_to_change',
  text: `${READ_CLIENT.text} for no key update`,
};

/** As `READ_CLIENT`, and nothing can be made inside it until the transaction ends. $1 client. */
export const READ_CLIENT_TO_DELETE: Statement = {
  name: 'read_client_to_delete',
  text: `${READ_CLIENT.text} for update`,
};

/** $1 client, $2 now, $3 incarnation, $4 name, $5 displayName, $6 remarks. */
export const CREATE_CLIENT: Statement = changeWithTrail({
  name: 'create_client',
  write: `insert into clients (ext_id, version, created, last_modified, incarnation, name, display_name, remarks)
    values ($1, 1, $2::timestamptz, $2::timestamptz, $3::uuid, $4::text, $5::jsonb, $6::text)
    returning version, last_modified as at`,
  parameters: 6,
});

/** $1 client, $2 the version that was read, $3 now, $4 name, $5 displayName, $6 remarks. */
export const CHANGE_CLIENT: Statement = changeWithTrail({
  name: 'change_client',
  write: `update clients c set name = $4::text, display_name = $5::jsonb, remarks = $6::text,
      version = c.version + 1, last_modified = greatest($3::timestamptz, c.last_modified)
    where c.ext_id = $1 and c.version = $2 and c.deleted_at is null
    returning c.version, c.last_modified as at`,
  parameters: 6,
});

/** What a client that was refused would meet besides. $1 extId, $2 name. */
export const FIND_TAKEN: Statement = {
  name: 'find_taken_client',
  text: `select 'clients_pk' as "constraint" from clients where ext_id = $1
    union all
    select 'clients_name_unique' from clients where name = $2 and deleted_at is null`,
};
