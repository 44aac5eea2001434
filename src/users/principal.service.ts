import { Injectable } from '@nestjs/common';

import { isActive } from '../common/active-user.js';
import type { Caller } from '../common/actor.js';
import { appError, noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import type { PrincipalResource } from './principal-resource.js';
import { USERS } from './user.table.js';

const COLUMNS = USERS.select('u', [
  'clientExtId',
  'extId',
  'loginId',
  'firstName',
  'familyName',
  'email',
  'languageCode',
  'state',
  'validFrom',
  'validTo',
]);

const READ_PRINCIPAL = statement(
  'read_principal',
  sql`select ${COLUMNS}, ${returns<{ readonly clientName: string }>('c.name as "clientName"')}
    from users u join clients c on c.ext_id = u.client_ext_id
    where ${USERS.matches('u', ['clientExtId', 'extId'])}`,
);

/** T2: what callers may read about themselves, independent of their data room. */
@Injectable()
export class PrincipalService {
  constructor(private readonly database: Database) {}

  /** 404 for an administrator who is not a user of this server. A user who is not active is refused (contract 4.4). */
  async read({ actor: { clientExtId, userExtId: extId }, now }: Caller): Promise<PrincipalResource> {
    const row = await READ_PRINCIPAL.first(this.database, { clientExtId, extId });
    if (row === undefined) throw noRecord();
    if (!isActive(row, now)) throw appError({ code: 'errors.permissionDenied', message: 'The user is not active.' });
    const names = [row.firstName, row.familyName].filter((name) => name !== null && name !== '');
    return {
      userExtId: row.extId,
      loginId: row.loginId,
      fullName: names.length === 0 ? undefined : names.join(' '),
      email: row.email ?? undefined,
      displayLanguageCode: row.languageCode ?? undefined,
      clientExtId: row.clientExtId,
      clientName: row.clientName,
    };
  }
}
