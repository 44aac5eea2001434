import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { type AppError, appError, noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { Searches } from '../database/searches.js';
import { type Page, pageOf, type PageRow } from '../http/page.js';
import { countStatement, FIND_CLIENT, isByToken, listStatement } from './user-list.queries.js';
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
    const rows = await this.searches.run<UserRow & PageRow>(listStatement(clientExtId, query), caller.signal);
    // Only an empty page leaves open whether there is such a client.
    if (rows.length === 0 && (await this.database.run(FIND_CLIENT, [clientExtId])).length === 0) throw noRecord();
    // Without a token nothing would tell a page that ends early from the last one.
    const cutShort = isByToken(query) ? undefined : tooLarge;
    return pageOf(rows, query.page, userResource, await this.total(caller, clientExtId, query), cutShort);
  }

  private async total({ signal }: Caller, clientExtId: string, query: UsersQuery): Promise<number | undefined> {
    if (!query.page.countTotal) return undefined;
    const [row] = await this.searches.run<{ total: number }>(countStatement(clientExtId, query), signal);
    return row?.total;
  }
}

function tooLarge(): AppError {
  const message = 'The page would be larger than 4 MiB. Ask for a smaller limit.';
  return appError({ code: 'errors.tooManySearchResults', message, field: 'limit' });
}
