import type { Statement } from '../database/database.js';

/** The caller's own user with its client. $1 client, $2 user. */
export const READ_PRINCIPAL: Statement = {
  name: 'read_principal',
  text: `select u.ext_id as "userExtId", u.login_id as "loginId", u.first_name as "firstName",
      u.family_name as "familyName", u.email, u.language_code as "languageCode", u.state, u.valid_from as "validFrom",
      u.valid_to as "validTo", c.ext_id as "clientExtId", c.name as "clientName"
    from users u join clients c on c.ext_id = u.client_ext_id
    where u.client_ext_id = $1 and u.ext_id = $2`,
};
