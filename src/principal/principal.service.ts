import { Injectable } from '@nestjs/common';

import { isActive } from '../common/active-user.js';
import type { Caller } from '../common/actor.js';
import { appError, noRecord } from '../common/errors.js';
import { UsersService } from '../users/users.service.js';
import type { PrincipalResource } from './principal-resource.js';

/** T2: what callers may read about themselves, independent of their data room. */
@Injectable()
export class PrincipalService {
  constructor(private readonly users: UsersService) {}

  /** 404 for an administrator who is not a user of this server. A user who is not active is refused (contract 4.4). */
  async read({ actor, now }: Caller): Promise<PrincipalResource> {
    const row = await this.users.readPrincipal(actor);
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
