import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { Searches } from '../database/searches.js';
import { type Page, pageOf } from '../http/page.js';
import { countStatement, FIND_CLIENT, listStatement } from './user-list.queries.js';
import { userResource, type UserResource } from './user-resource.js';
import type { UserRow } from './user-row.js';
import type { UsersQuery } from './users-query.js';

/** C6. */
@Injectable()
export class UserListService {
  constructor(
    private readonly database: Database,
    private readonly searches: Searches,
  ) {}

  async list(caller: Caller, clientExtId: string, query: UsersQuery): Promise<Page<UserResource>> {
    const rows = await this.searches.run<UserRow>(listStatement(clientExtId, query), caller.signal);
    // Only an empty page leaves open whether there is such a client.
    if (rows.length === 0 && (await this.database.run(FIND_CLIENT, [clientExtId])).length === 0) throw noRecord();
    return pageOf(rows, query.page, userResource, await this.total(caller, clientExtId, query));
  }

  private async total({ signal }: Caller, clientExtId: string, query: UsersQuery): Promise<number | undefined> {
    if (!query.page.countTotal) return undefined;
    const [row] = await this.searches.run<{ total: number }>(countStatement(clientExtId, query), signal);
    return row?.total;
  }
}
