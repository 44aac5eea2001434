import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { appError, noRecord, invalidParameter } from '../common/errors.js';
import { formatInstant } from '../common/instant.js';
import { type Page, pageOf, type PageRequest, type PageRow } from '../common/page.js';
import { Database } from '../database/database.js';
import { Searches } from '../database/searches.js';
import type { AuditKind } from './audit-event.model.js';
import { type AuditLogQuery, countEvents, listEvents } from './audit-log.queries.js';
import { eventResource, type AuditEventResource } from './event-resource.js';
import {
  COUNT_HISTORY,
  LIST_HISTORY,
  NEWEST_POSITION,
  type PastVersion,
  READ_HELD_FROM,
  READ_VERSION_AT,
} from './history.queries.js';
import type { ShownEvent } from './shown-event.js';

/** The resource whose history is read. */
export interface HistorySubject {
  readonly clientExtId: string;
  readonly kind: AuditKind;
  readonly extId: string;
  readonly userExtId: string | null;
  /** If true, events of an earlier user with the same extId are left out; set when users read their own history. */
  readonly ofPresentUser: boolean;
}

interface Count {
  readonly total: number;
}

/** Reads the audit log; no other folder knows its columns. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly database: Database,
    private readonly searches: Searches,
  ) {}

  /**
   * The client's events by time. An unknown client has an empty list: the audit log is kept after the client is
   * deleted.
   */
  async list({ signal }: Caller, clientExtId: string, query: AuditLogQuery): Promise<Page<AuditEventResource>> {
    const rows = await this.searches.run<ShownEvent & Pick<PageRow, 'more'>>(listEvents(clientExtId, query), signal);
    const heldFrom = await this.heldFromOfLists();
    const [count] = query.page.countTotal
      ? await this.searches.run<Count>(countEvents(clientExtId, query), signal)
      : [];
    return pageOf(
      rows.map(withPosition('id')),
      { ...query.page, heldFrom },
      ({ row }) => eventResource(row),
      count?.total,
    );
  }

  /** The versions of the resource's latest generation, newest first; 404 if there is none. */
  async history(subject: HistorySubject, page: PageRequest): Promise<Page<AuditEventResource>> {
    const generation = { ...subject, instant: 'infinity' } as const;
    // What users may see of their own is decided by what the primary has.
    const runner = subject.ofPresentUser ? this.database.pages : this.database.listsWithRows;
    const rows = await LIST_HISTORY.all(runner, {
      ...generation,
      position: positionOf(page),
      at: page.after === undefined ? ('infinity' as const) : new Date(page.after.created),
      limit: page.limit + 1,
    });
    if (rows.length === 0 && page.after === undefined) throw noRecord();
    const heldFrom = await this.heldFromOfLists();
    const count = page.countTotal ? await COUNT_HISTORY.first(this.database, generation) : undefined;
    return pageOf(
      rows.map(withPosition('position')),
      { ...page, heldFrom },
      ({ row }) => eventResource(row),
      count?.total,
    );
  }

  /** A 404 if the resource did not exist at that instant, or nothing of that time is held any more. */
  async versionAt(subject: HistorySubject, instant: Date): Promise<PastVersion> {
    const past = await READ_VERSION_AT.first(this.database, { ...subject, instant });
    if (past !== undefined) return past;
    const heldFrom = await heldFromIn(this.database);
    if (heldFrom === undefined || instant >= heldFrom) throw noRecord();
    throw appError({
      code: 'errors.noRecord',
      message: `The audit log holds no events before ${formatInstant(heldFrom)}.`,
    });
  }

  /** As far as the replica knows, which serves lists also while there is no primary. */
  private async heldFromOfLists(): Promise<Date | undefined> {
    return await this.database.anywhere(heldFromIn);
  }
}

/** The beginning of what retention has left. */
async function heldFromIn(database: Database): Promise<Date | undefined> {
  return (await READ_HELD_FROM.first(database, {}))?.heldFrom;
}

/**
 * A page continues after its last item, identified by its time and a value that distinguishes items with the same time.
 */
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
  throw appError(invalidParameter('continuationToken', 'continuationToken was not returned by this list.'));
}
