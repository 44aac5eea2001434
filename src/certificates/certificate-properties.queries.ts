import { changeWithTrail } from '../audit/change-with-trail.js';
import { judgedUser } from '../credentials/credential.queries.js';
import type { Statement } from '../database/database.js';

/**
 * No policy judges properties; that the user is not archived must still hold. $2 user, $3 its judged version,
 * $4 credential, $5 its judged version, $6 and $7 its judged lock, $8 now, $9 properties.
 */
export const CHANGE_PROPERTIES: Statement = changeWithTrail({
  name: 'change_certificate_properties',
  locks: judgedUser('$2', '$3'),
  write: `update credentials c set properties = $9::jsonb, version = c.version + 1,
      last_modified = greatest($8::timestamptz, c.last_modified)
    where c.client_ext_id = $1 and c.ext_id = $4 and c.version = $5
      and c.lock is not distinct from $6 and c.locked_until is not distinct from $7::timestamptz
      and exists (select 1 from judged_user)
    returning c.version, c.last_modified as at`,
  parameters: 9,
});
