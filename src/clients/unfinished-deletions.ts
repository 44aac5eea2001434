import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { type Caller, systemCaller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import { BackgroundDatabase } from '../database/database.js';
import { LeaderWork } from '../database/leader-work.js';
import { Leader } from '../database/leader.js';
import { ClientContents } from './client-contents.js';
import { READ_UNFINISHED_DELETIONS } from './client-deletion.queries.js';
import type { Deletion } from './client.table.js';

const PAUSE_MS = 30_000;

/** A deletion that began less than this long ago is still handled by its own request. In milliseconds. */
const GRACE_MS = 60_000;

/** Continues deletions of clients that were interrupted because a server stopped or lost its database. */
@Injectable()
export class UnfinishedDeletions implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly work: LeaderWork,
    private readonly database: BackgroundDatabase,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly contents: ClientContents,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.end = this.work.every(
      { pauseMs: PAUSE_MS, failure: 'the deletion of a client could not be continued' },
      async () => await this.continueAll(),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async continueAll(): Promise<void> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - GRACE_MS);
    const unfinished = await READ_UNFINISHED_DELETIONS.all(this.database, { before });
    if (unfinished.length === 0) return;
    if (!(await this.leader.leads())) return;
    for (const { extId, generation, deletion, deletedAt } of unfinished) {
      if (deletion === null || deletedAt === null) continue;
      const caller = callerOf(deletion, deletedAt);
      const { each = false } = deletion;
      await this.contents.remove(this.leader, caller, { extId, generation, each });
      this.logger.info({ client: extId }, 'the interrupted deletion of a client was finished');
    }
  }
}

/** The caller of the original request. */
function callerOf({ userExtId, clientExtId, requestId, address }: Deletion, now: Date): Caller {
  return { ...systemCaller(clientExtId, now, requestId, userExtId), address };
}
