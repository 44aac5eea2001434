import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../common/logger.token.js';
import { BackgroundDatabase } from '../../database/database.js';
import { LeaderWork } from '../../database/leader-work.js';
import { Leader } from '../../database/leader.js';
import { IndexChanges } from './index-changes.js';
import { FIND_FORMER_INDEX } from './search-indexes.queries.js';

/** Indexes that migrations have dropped, and that a server of an older version builds again while it is the leader. */
const FORMER_NAMES = ['credentials_trigrams', 'users_trigrams', 'users_search_text'];

const PAUSE_MS = 600_000;
const FIRST_PAUSE_MS = 60_000;

/**
 * Drops the indexes that no search reads any more, as every write would have to update them. Only the leader builds or
 * drops indexes, so that an older server and this one undo each other's work once for each change of the leader at most.
 */
@Injectable()
export class FormerIndexes implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly database: BackgroundDatabase,
    private readonly changes: IndexChanges,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.end = this.work.every(
      {
        pauseMs: PAUSE_MS,
        firstPauseMs: FIRST_PAUSE_MS,
        failure: 'indexes of a former version, which only slow down writes, could not be dropped',
      },
      async (ending) => await this.run(ending),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async run(ending: AbortSignal = new AbortController().signal): Promise<void> {
    while (await this.leader.leads()) {
      const next = await FIND_FORMER_INDEX.first(this.database, { names: FORMER_NAMES });
      if (next === undefined || ending.aborted) return;
      await this.changes.run(ending, `drop index concurrently if exists ${next.identifier}`);
      if (ending.aborted) return;
      this.logger.info({ index: next.name }, 'an index of a former version has been dropped');
    }
  }
}
