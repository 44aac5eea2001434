import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { noRecord } from '../../common/errors.js';
import { BackgroundDatabase, Database } from '../../database/database.js';
import { LeaderWork } from '../../database/leader-work.js';
import { cursorOf, needsResync, numberOf } from './denial-cursor.rules.js';
import { READ_DENIALS, READ_LAST_NUMBERS } from './denial-feed.queries.js';
import {
  denialResource,
  type DenialLineResource,
  type DenialPageResource,
  type DenialResource,
} from './denial-resource.js';
import { WaitingReaders } from './waiting-readers.js';

/** How often the server asks whether there is something for the readers that wait. */
const POLL_MS = 100;

/** Of a stream, without anything else to send. */
const HEARTBEAT_MS = 10_000;

/** Rights that are withdrawn end a stream at the latest after this time. */
export const MAX_STREAM_MS = 300_000;

/** Denials of one statement of a stream. */
const BATCH = 100;

export interface DenialQuery {
  readonly clientExtId: string;
  /** As sent. */
  readonly after: string | undefined;
  readonly limit: number;
  readonly waitSeconds: number;
}

interface ReadPage extends DenialPageResource {
  /** Those of the items. */
  readonly numbers: readonly number[];
  /** The number of `cursor`. */
  readonly number: number;
}

/** L11: what gateways that remember logins have to ask again (contract 15.8). */
@Injectable()
export class DenialFeedService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly readers = new WaitingReaders();
  private end: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly background: BackgroundDatabase,
    private readonly work: LeaderWork,
  ) {}

  onApplicationBootstrap(): void {
    this.end = this.work.every(
      { pauseMs: POLL_MS, failure: 'new denials could not be looked up' },
      async () => await this.poll(),
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.readers.end();
    await this.end();
  }

  /** Every server does it, not only the leader. */
  async poll(): Promise<void> {
    await this.readers.poll(async (clientExtIds) => {
      const rows = await READ_LAST_NUMBERS.all(this.background, { clientExtIds });
      return new Map(rows.map(({ clientExtId, lastNumber }) => [clientExtId, lastNumber]));
    });
  }

  async page(signal: AbortSignal, query: DenialQuery): Promise<DenialPageResource> {
    const first = await this.read(query, numberOf(query.after ?? ''), false);
    if (first.resync || first.items.length > 0 || query.waitSeconds === 0) return shown(first);
    const reader = this.readers.enter(query.clientExtId, signal);
    try {
      await reader.wait(first.number, query.waitSeconds * 1000);
      return shown(await this.read(query, first.number, true));
    } finally {
      reader.leave();
    }
  }

  /** Ends when the server does, or after `MAX_STREAM_MS`. What refuses it does so before the first line. */
  async *lines(
    signal: AbortSignal,
    query: Pick<DenialQuery, 'clientExtId' | 'after'>,
  ): AsyncGenerator<readonly DenialLineResource[]> {
    const reader = this.readers.enter(query.clientExtId, signal);
    const endsAt = performance.now() + MAX_STREAM_MS;
    try {
      let page = await this.read({ ...query, limit: BATCH }, numberOf(query.after ?? ''), false);
      for (;;) {
        yield linesOf(page);
        if (this.readers.hasEnded || performance.now() >= endsAt) return;
        if (page.items.some(({ kind }) => kind === 'client')) return;
        if (page.items.length < BATCH) await reader.wait(page.number, HEARTBEAT_MS);
        page = await this.read({ ...query, limit: BATCH }, page.number, true);
      }
    } finally {
      reader.leave();
    }
  }

  private async read(
    { clientExtId, limit }: Pick<DenialQuery, 'clientExtId' | 'limit'>,
    after: number | undefined,
    isReading: boolean,
  ): Promise<ReadPage> {
    const rows = await READ_DENIALS.all(this.database, { clientExtId, after: after ?? 0, limit, isReading });
    const [first] = rows;
    if (first === undefined) throw noRecord();
    const numbers = { lastNumber: first.lastNumber ?? 0, removedNumber: first.removedNumber ?? 0 };
    if (after === undefined || needsResync(after, numbers)) {
      const { lastNumber: number } = numbers;
      return { resync: true, items: [], numbers: [], cursor: cursorOf(number), number };
    }
    const found = rows.flatMap(({ kind, value, at, number }) =>
      kind === null || at === null || number === null ? [] : [{ kind, value, at, number }],
    );
    const number = found.at(-1)?.number ?? after;
    const given = found.map((denial) => denial.number);
    return { resync: false, items: found.map(denialResource), numbers: given, cursor: cursorOf(number), number };
  }
}

function shown({ resync, items, cursor }: ReadPage): DenialPageResource {
  return { resync, items, cursor };
}

/** Each line has its own cursor: the stream may break off after any of them. */
function linesOf({ resync, items, numbers, cursor }: ReadPage): readonly DenialLineResource[] {
  if (resync) return [{ cursor, resync }];
  if (items.length === 0) return [{ cursor }];
  return numbers.map((number, index) => ({ cursor: cursorOf(number), denial: items[index] as DenialResource }));
}
