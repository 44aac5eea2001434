import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../../common/clock.js';
import { LOGGER } from '../../common/logger.token.js';
import { BackgroundDatabase } from '../../database/database.js';
import { LeaderWork } from '../../database/leader-work.js';
import { Leader } from '../../database/leader.js';
import { CREATE_TRIGRAMS, SEARCH_INDEXES, type SearchIndex, USER_TEXT_INDEX } from '../../database/search-indexes.js';
import type { SearchKnowledge } from './certificate-search.queries.js';
import { IndexChanges } from './index-changes.js';
import { sharesOf } from './rare-pieces.rules.js';
import { FIND_BUILDS, FIND_SEARCH_INDEXES, FIND_TRIGRAMS } from './search-indexes.queries.js';
import { COUNT_TRIGRAMS_OF_CERTIFICATES, COUNT_TRIGRAMS_OF_USERS } from './text-shares.queries.js';

const INDEXES: readonly SearchIndex[] = [...SEARCH_INDEXES, USER_TEXT_INDEX];

const PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;

/** How long indexes that are complete count as such: an administrator may drop one. */
const COMPLETE_MS = 3_600_000;

/**
 * Builds the indexes of searches that are missing in a database that had certificates before the upgrade. The leader
 * builds one after the other, `concurrently`, so that requests go on. Nothing else depends on them: until they are
 * complete, searches have a time limit. From then on, every server samples which trigrams are frequent.
 */
@Injectable()
export class SearchIndexBuild implements OnApplicationBootstrap, OnModuleDestroy {
  private end: () => Promise<void> = () => Promise.resolve();
  private completeUntil: Date | undefined;
  private shares: SearchKnowledge['shares'] = { certificates: undefined, users: undefined };
  private hasSaidThatTrigramsAreMissing = false;

  constructor(
    private readonly work: LeaderWork,
    private readonly leader: Leader,
    private readonly database: BackgroundDatabase,
    private readonly changes: IndexChanges,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** As this server last saw it. */
  get areComplete(): boolean {
    return this.completeUntil !== undefined;
  }

  get knowledge(): SearchKnowledge {
    return { hasIndexes: this.areComplete, shares: this.shares };
  }

  onApplicationBootstrap(): void {
    this.end = this.work.every(
      { pauseMs: PAUSE_MS, firstPauseMs: FIRST_PAUSE_MS, failure: 'the indexes of searches could not be built' },
      async (ending) => await this.run(ending),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  async run(ending: AbortSignal = new AbortController().signal): Promise<void> {
    const now = this.clock.now();
    if (this.completeUntil !== undefined && now < this.completeUntil) return;
    this.completeUntil = undefined;
    if ((await this.missing()).length > 0) await this.build(ending);
    const isComplete = (await this.missing()).length === 0;
    this.completeUntil = isComplete ? new Date(now.getTime() + COMPLETE_MS) : undefined;
    if (isComplete) await this.sample();
  }

  private async sample(): Promise<void> {
    this.shares = {
      certificates: sharesOf(await COUNT_TRIGRAMS_OF_CERTIFICATES.all(this.database, {})),
      users: sharesOf(await COUNT_TRIGRAMS_OF_USERS.all(this.database, {})),
    };
  }

  private async missing(): Promise<readonly SearchIndex[]> {
    const found = await FIND_SEARCH_INDEXES.all(this.database, { names: INDEXES.map(({ name }) => name) });
    const usable = new Set(found.filter(({ usable: isUsable }) => isUsable).map(({ name }) => name));
    return INDEXES.filter(({ name }) => !usable.has(name));
  }

  private async build(ending: AbortSignal): Promise<void> {
    if (!(await this.leader.leads())) return;
    const inProgress = new Set((await FIND_BUILDS.all(this.database, {})).map(({ name }) => name));
    // A server that has lost the lead may still be building one.
    const missing = (await this.missing()).filter(({ name }) => !inProgress.has(name));
    const hasTrigrams = await this.provideTrigrams(missing);
    const buildable = missing.filter(({ ofTrigrams = false }) => hasTrigrams || !ofTrigrams);
    if (buildable.length === 0) return;
    this.logger.info({ indexes: buildable.length }, 'the indexes of searches are being built');
    for (const { name, on } of buildable) {
      if (ending.aborted || !(await this.leader.leads())) return;
      // An index whose build was broken off is there, but not valid.
      await this.changes.run(
        ending,
        `drop index concurrently if exists ${name}`,
        `create index concurrently ${name} ${on}`,
      );
      if (ending.aborted) return;
      this.logger.info({ index: name }, 'an index of searches has been built');
    }
    // The planner knows nothing about an expression before this.
    await this.changes.run(ending, 'analyze credentials, users');
  }

  /** Whether there are trigrams; an administrator may have created the extension meanwhile. */
  private async provideTrigrams(missing: readonly SearchIndex[]): Promise<boolean> {
    if (!missing.some(({ ofTrigrams = false }) => ofTrigrams)) return true;
    await this.database.connections.use('', async (connection) => await connection.query(CREATE_TRIGRAMS));
    const isThere = (await FIND_TRIGRAMS.first(this.database, {})) !== undefined;
    if (!isThere && !this.hasSaidThatTrigramsAreMissing) {
      this.logger.warn(
        'searches by a part of a text have no index, and may be refused as too slow: a superuser must run "create extension pg_trgm" in the database',
      );
    }
    this.hasSaidThatTrigramsAreMissing = !isThere;
    return isThere;
  }
}
