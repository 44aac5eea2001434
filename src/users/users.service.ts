import { Injectable } from '@nestjs/common';

import { AuditLogService } from '../audit/audit-log.service.js';
import type { AuditEventResource } from '../audit/event-resource.js';
import { requireOwnUser } from '../auth/own-user.js';
import type { Actor, Caller } from '../common/actor.js';
import { type AppError, appError, noRecord } from '../common/errors.js';
import { type Page, pageOf, type PageRequest, type PageRow } from '../common/page.js';
import { Database, type StatementRunner } from '../database/database.js';
import { Searches } from '../database/searches.js';
import { countStatement, FIND_CLIENT, isByToken, listStatement } from './user-list.queries.js';
import { userResource, type UserResource } from './user-resource.js';
import { READ_OWN_USER, READ_PRINCIPAL, READ_USER } from './user.queries.js';
import type { UserPath, UserRow } from './user.table.js';
import type { UsersQuery } from './users-query.js';

/** U2 and C6. All requests find a user through this service. */
@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly searches: Searches,
    private readonly auditLog: AuditLogService,
  ) {}

  async read(caller: Caller, path: UserPath): Promise<UserResource> {
    return userResource(await this.find(this.database, caller, path));
  }

  /**
   * Callers who may not use their own record are refused before the response depends on whether it exists (contract
   * 7.2).
   */
  async find(runner: StatementRunner, caller: Caller, { clientExtId, userExtId: extId }: UserPath): Promise<UserRow> {
    const statement = caller.mode === 'selfAdmin' ? READ_OWN_USER : READ_USER;
    const row = await statement.first(runner, { clientExtId, extId });
    requireOwnUser(caller, row);
    if (row === undefined) throw noRecord();
    return row;
  }

  /** Undefined if there is no such user; for changes that depend on it. */
  async stored(runner: StatementRunner, { clientExtId, userExtId: extId }: UserPath): Promise<UserRow | undefined> {
    return await READ_USER.first(runner, { clientExtId, extId });
  }

  /** The versions, newest first; of a deleted user, too. */
  async history({ clientExtId, userExtId }: UserPath, page: PageRequest): Promise<Page<AuditEventResource>> {
    const subject = { clientExtId, kind: 'user', extId: userExtId, userExtId, ofPresentUser: false } as const;
    return await this.auditLog.history(subject, page);
  }

  /** What callers may read about themselves; undefined if they are not users of this server. */
  async readPrincipal({ clientExtId, userExtId: extId }: Actor) {
    return await READ_PRINCIPAL.first(this.database, { clientExtId, extId });
  }

  async list(caller: Caller, clientExtId: string, query: UsersQuery): Promise<Page<UserResource>> {
    const rows = await this.rows(caller, clientExtId, query);
    // Only if the page is empty, an extra query checks whether the client exists.
    if (rows.length === 0) await this.requireClient(clientExtId);
    // Without a token, a page that ends early could not be distinguished from the last one.
    const cutShort = isByToken(query) ? undefined : tooLarge;
    return pageOf(rows, query.page, userResource, await this.total(caller, clientExtId, query), cutShort);
  }

  async rows(caller: Caller, clientExtId: string, query: UsersQuery) {
    return await this.searches.run<UserRow & PageRow>(listStatement(clientExtId, query), caller.signal);
  }

  async requireClient(clientExtId: string): Promise<void> {
    const found = await this.database.firstAnywhere(
      async (database) => await FIND_CLIENT.first(database, { clientExtId }),
    );
    if (found === undefined) throw noRecord();
  }

  private async total({ signal }: Caller, clientExtId: string, query: UsersQuery): Promise<number | undefined> {
    if (!query.page.countTotal) return undefined;
    const [row] = await this.searches.run<{ total: number }>(countStatement(clientExtId, query), signal);
    return row?.total;
  }
}

function tooLarge(): AppError {
  const message = 'The page would be larger than 4 MiB. Use a smaller limit.';
  return appError({ code: 'errors.tooManySearchResults', message, field: 'limit' });
}
