import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { appError, noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { Searches } from '../database/searches.js';
import { type Page, pageOf, type PageRequest, type PageRow } from '../http/page.js';
import { invalidParameter } from '../http/query.js';
import type { AuditKind } from './audit-event.model.js';
import { type AuditLogQuery, countEvents, listEvents } from './audit-log.queries.js';
import { eventResource, type TrailEventResource } from './event-resource.js';
import { COUNT_HISTORY, LIST_HISTORY, NEWEST_POSITION, type PastVersion, READ_VERSION_AT } from './history.queries.js';
import type { ShownEvent } from './shown-event.js';

/** What a history belongs to. */
export interface HistorySubject {
  readonly clientExtId: string;
  readonly kind: AuditKind;
  readonly extId: string;
  readonly userExtId: string | null;
  /** Users who ask for their own see nothing of an earlier user with the same extId. */
  readonly ofPresentUser: boolean;
}

interface Count {
  readonly total: number;
}

/** Reads the audit log; nothing else knows its columns. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly database: Database,
    private readonly searches: Searches,
  ) {}

  /** The client's events by time. Empty where there are none: the audit log outlives its client. */
  async list({ signal }: Caller, clientExtId: string, query: AuditLogQuery): Promise<Page<TrailEventResource>> {
    const rows = await this.searches.run<ShownEvent & Pick<PageRow, 'more'>>(listEvents(clientExtId, query), signal);
    const [count] = query.page.countTotal
      ? await this.searches.run<Count>(countEvents(clientExtId, query), signal)
      : [];
    return pageOf(rows.map(withPosition('id')), query.page, ({ row }) => eventResource(row), count?.total);
  }

  /** The versions of a resource's last generation, newest first; a 404 where it has none. */
  async history(subject: HistorySubject, page: PageRequest): Promise<Page<TrailEventResource>> {
    const generation = { ...subject, instant: 'infinity' } as const;
    const rows = await LIST_HISTORY.all(this.database.pages, {
      ...generation,
      position: positionOf(page),
      limit: page.limit + 1,
    });
    if (rows.length === 0 && page.after === undefined) throw noRecord();
    const count = page.countTotal ? await COUNT_HISTORY.first(this.database, generation) : undefined;
    return pageOf(rows.map(withPosition('position')), page, ({ row }) => eventResource(row), count?.total);
  }

  /** Undefined where the resource did not exist at that instant. */
  async versionAt(subject: HistorySubject, instant: Date): Promise<PastVersion | undefined> {
    return await READ_VERSION_AT.first(this.database, { ...subject, instant });
  }
}

/** A page continues behind its last item: its time, and what tells items of the same time apart. */
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
