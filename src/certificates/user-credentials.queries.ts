import { ofOwner } from '../credentials/credential.queries.js';
import type { Statement } from '../database/database.js';
import { withinPageBytes } from '../database/page-rows.js';
import { CREDENTIAL, credentialOctets } from './certificate.queries.js';

/**
 * A page of a user's credentials with him, who is there also where they are not. $1 client, $2 user, $3 and $4 where
 * the page begins, $5 how many.
 */
export const LIST_USER_CREDENTIALS = ofOwner(
  'list_user_credentials',
  ({ columns, joins }) => `select ${CREDENTIAL}, c.type, c.more, ${columns} from users u ${joins}
    left join lateral (${withinPageBytes(`select p.*, ${credentialOctets('p')} from credentials p
        where p.client_ext_id = u.client_ext_id and p.user_ext_id = u.ext_id
          and (p.created, p.ext_id) > (coalesce($3::timestamptz, '-infinity'), $4::text collate "C")
        order by p.created, p.ext_id limit $5`)}
    ) c on true
    where u.client_ext_id = $1 and u.ext_id = $2
    order by c.created, c.ext_id`,
);

/** $1 client, $2 user. */
export const COUNT_USER_CREDENTIALS: Statement = {
  name: 'count_user_credentials',
  text: 'select count(*)::integer as total from credentials where client_ext_id = $1 and user_ext_id = $2',
};
