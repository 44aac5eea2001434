import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { appError, noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { Searches } from '../database/searches.js';
import { type Page, pageOf, type PageRequest, type PageRow } from '../http/page.js';
import { invalidParameter } from '../http/query.js';
import { eventResource, type TrailEventResource } from './event-resource.js';
import { COUNT_HISTORY, LIST_HISTORY, NEWEST_POSITION, READ_VERSION_AT } from './history.queries.js';
import type { TrailKind } from './trail-event.js';
import { countTrail, listTrail, type TrailQuery } from './trail-list.queries.js';
import type { TrailEventRow } from './trail-row.js';

/** What a history belongs to. */
export interface HistorySubject {
  readonly clientExtId: string;
  readonly kind: TrailKind;
  readonly extId: string;
  readonly userExtId: string | null;
  /** Who asks as the user himself sees nothing of another one who had his extId before him. */
  readonly ofPresentUser: boolean;
}

/** A version as it stood at a moment, logins counted up to then. */
export interface PastVersion {
  readonly version: number;
  readonly at: Date;
  readonly incarnation: string;
  /** As the feature wrote it: see `TrailEvent`. */
  readonly after: Readonly<Record<string, unknown>>;
  readonly der: Buffer | null;
  readonly successes: number;
  readonly failures: number;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
}

type Line = TrailEventRow & Pick<PageRow, 'more'>;

interface Count {
  readonly total: number;
}

/** Reads the trail; nothing else knows its columns. */
@Injectable()
export class TrailService {
  constructor(
    private readonly database: Database,
    private readonly searches: Searches,
  ) {}

  /** The client's events by time. Empty where there are none: the trail outlives its client. */
  async list({ signal }: Caller, clientExtId: string, query: TrailQuery): Promise<Page<TrailEventResource>> {
    const rows = await this.searches.run<Line>(listTrail(clientExtId, query), signal);
    const [count] = query.page.countTotal ? await this.searches.run<Count>(countTrail(clientExtId, query), signal) : [];
    return pageOf(rows.map(withPosition('id')), query.page, ({ row }) => eventResource(row), count?.total);
  }

  /** The versions of a resource's last life, newest first; a 404 where it has none. */
  async history(subject: HistorySubject, page: PageRequest): Promise<Page<TrailEventResource>> {
    const life = lifeOf(subject, 'infinity');
    const rows = await this.database.run<Line & { readonly position: string }>(LIST_HISTORY, [
      ...life,
      positionOf(page),
      page.limit + 1,
    ]);
    if (rows.length === 0 && page.after === undefined) throw noRecord();
    const [count] = page.countTotal ? await this.database.run<Count>(COUNT_HISTORY, life) : [];
    return pageOf(rows.map(withPosition('position')), page, ({ row }) => eventResource(row), count?.total);
  }

  /** Undefined where the resource was not there at that moment. */
  async versionAt(subject: HistorySubject, moment: Date): Promise<PastVersion | undefined> {
    const [version] = await this.database.run<PastVersion>(READ_VERSION_AT, lifeOf(subject, moment));
    return version;
  }
}

function lifeOf(
  { clientExtId, extId, kind, userExtId, ofPresentUser }: HistorySubject,
  moment: Date | 'infinity',
): readonly unknown[] {
  return [clientExtId, extId, kind, userExtId, moment, ofPresentUser];
}

/** A page goes on behind its last item: its moment, and what tells apart the items of one moment. */
function withPosition<Name extends string>(name: Name) {
  return <Row extends { readonly at: Date; readonly more: boolean } & Readonly<Record<Name, string>>>(row: Row) => ({
    created: row.at,
    extId: row[name] as string,
    more: row.more,
    row,
  });
}

function positionOf({ after }: PageRequest): number {
  if (after === undefined) return NEWEST_POSITION;
  if (/^\d{1,10}$/.test(after.extId)) return Number(after.extId);
  throw appError(invalidParameter('continuationToken', 'continuationToken is not one that a page has given.'));
}
