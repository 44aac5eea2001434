import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import { pick } from '../common/pick.js';
import { Backfill, type BackfillPlan } from '../database/backfill.js';
import { LeaderWork } from '../database/leader-work.js';
import { Leader } from '../database/leader.js';
import { Metrics } from '../http/metrics.js';
import { FIND_UNSEARCHABLE, type UserKey, WRITE_SEARCH_COLUMNS } from './user-backfill.queries.js';
import { searchColumns } from './user-search.rules.js';
import { SEARCH_COLUMNS, type UserRow } from './user.table.js';

type FoundUser = UserKey & Pick<UserRow, 'version' | 'loginId' | 'firstName' | 'familyName' | 'email'>;

/** Writes the search columns of users whom a server without these columns has stored. */
@Injectable()
export class UserBackfill implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly backfill: Backfill<UserKey, FoundUser>;
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly metrics: Metrics,
    clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    const plan: BackfillPlan<UserKey, FoundUser> = {
      name: 'the search columns of users',
      start: { clientExtId: '', extId: '' },
      next: async (after) => await this.next(after),
      write: async (users) => await this.write(users),
    };
    this.backfill = new Backfill(plan, leader, clock, logger);
  }

  onApplicationBootstrap(): void {
    this.metrics.showSearchColumnsOfUsers(this.backfill);
    this.end = this.backfill.start(this.work);
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async run(): Promise<void> {
    await this.backfill.run();
  }

  private async next({ clientExtId, extId }: UserKey) {
    const rows = await FIND_UNSEARCHABLE.all(this.leader, { afterClientExtId: clientExtId, afterExtId: extId });
    return { rows: rows.filter(({ unsearchable }) => unsearchable), last: rows.at(-1) };
  }

  private async write(users: readonly FoundUser[]): Promise<number> {
    return await this.leader.transaction('', async (runner) => {
      let written = 0;
      for (const user of users) {
        const { clientExtId, extId, version } = user;
        const row = { clientExtId, extId, version, ...pick(searchColumns(user), SEARCH_COLUMNS) };
        if ((await WRITE_SEARCH_COLUMNS.first(runner, row)) !== undefined) written += 1;
      }
      return written;
    });
  }
}
