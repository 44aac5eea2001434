import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { LongRequestTurns } from '../common/long-request-turns.js';
import { allPages, EXPORT_LIMIT } from '../common/page.js';
import { exportedUser, type ExportedUserResource } from './user-export.js';
import type { UsersQuery } from './users-query.js';
import { UsersService } from './users.service.js';

/** C6 as a whole. */
@Injectable()
export class UserExportService {
  constructor(
    private readonly users: UsersService,
    private readonly turns: LongRequestTurns,
  ) {}

  /** Whoever has begun it must run it to its end, or end it. */
  async *lines(
    caller: Caller,
    clientExtId: string,
    query: UsersQuery,
  ): AsyncGenerator<readonly ExportedUserResource[]> {
    await this.users.requireClient(clientExtId);
    const release = await this.turns.userExports.acquire(clientExtId, caller.signal);
    try {
      const pages = allPages(async (after) => {
        caller.signal?.throwIfAborted();
        const page = { limit: EXPORT_LIMIT, after, countTotal: false };
        return await this.users.rows(caller, clientExtId, { ...query, page });
      });
      for await (const rows of pages) yield rows.map(exportedUser);
    } finally {
      release();
    }
  }
}
