import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';

import { noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { limitedSearch } from '../database/limited-search.js';
import { type Page, pageOf } from '../http/page.js';
import { type BoundStatement, countStatement, FIND_CLIENT, listStatement } from './user-list.queries.js';
import { userResource, type UserResource } from './user-resource.js';
import type { UserRow } from './user-row.js';
import type { UsersQuery } from './users-query.js';

/** C6. */
@Injectable()
export class UserListService {
  constructor(private readonly database: Database) {}

  async list(clientExtId: string, query: UsersQuery): Promise<Page<UserResource>> {
    const rows = await this.search<UserRow>(listStatement(clientExtId, query));
    // Only an empty page leaves open whether there is such a client.
    if (rows.length === 0 && (await this.database.run(FIND_CLIENT, [clientExtId])).length === 0) throw noRecord();
    return pageOf(rows, query.page, userResource, await this.total(clientExtId, query));
  }

  private async total(clientExtId: string, query: UsersQuery): Promise<number | undefined> {
    if (!query.page.countTotal) return undefined;
    const [row] = await this.search<{ total: number }>(countStatement(clientExtId, query));
    return row?.total;
  }

  private async search<Row extends QueryResultRow>({ statement, values, limited }: BoundStatement): Promise<Row[]> {
    return limited
      ? await limitedSearch<Row>(this.database, statement, values)
      : await this.database.run<Row>(statement, values);
  }
}
