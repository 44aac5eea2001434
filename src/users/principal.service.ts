import { Injectable } from '@nestjs/common';

import type { UserActivity } from '../common/active-user.js';
import { isActive } from '../common/active-user.js';
import type { Caller } from '../common/actor.js';
import { appError, noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import type { PrincipalResource } from './principal-resource.js';
import { READ_PRINCIPAL } from './principal.queries.js';

interface PrincipalRow extends UserActivity {
  readonly userExtId: string;
  readonly loginId: string;
  readonly firstName: string | null;
  readonly familyName: string | null;
  readonly email: string | null;
  readonly languageCode: string | null;
  readonly clientExtId: string;
  readonly clientName: string;
}

/** T2: what a caller may know of himself, whatever his data room is. */
@Injectable()
export class PrincipalService {
  constructor(private readonly database: Database) {}

  /** An administrator need not exist here: he is no record then. One who is not active is refused (contract 4.4). */
  async read({ actor, now }: Caller): Promise<PrincipalResource> {
    const [row] = await this.database.run<PrincipalRow>(READ_PRINCIPAL, [actor.clientExtId, actor.userExtId]);
    if (row === undefined) throw noRecord();
    if (!isActive(row, now)) throw appError({ code: 'errors.permissionDenied', message: 'The user is not active.' });
    const names = [row.firstName, row.familyName].filter((name) => name !== null && name !== '');
    return {
      userExtId: row.userExtId,
      loginId: row.loginId,
      fullName: names.length === 0 ? undefined : names.join(' '),
      email: row.email ?? undefined,
      displayLanguageCode: row.languageCode ?? undefined,
      clientExtId: row.clientExtId,
      clientName: row.clientName,
    };
  }
}
