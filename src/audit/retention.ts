import { join } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { Leader } from '../database/leader.js';
import { isExported, writeExport } from './export-file.js';
import { noteExport, readExportNote } from './export-note.js';
import { countRange, readEvents } from './exported-event.js';
import { hasUnpartitionedEvents } from './move-events.js';
import { changeTables, execute, lockPartitions, type Month, readDetachedMonths, readMonths } from './partitions.js';

const DAY_MS = 86_400_000;

/** The timeout for copying certificates and for counting or dropping a month, in milliseconds. */
const LONG_MS = 600_000;

/**
 * Drops whole months of the audit log, the oldest first, each after its export has been verified. A month is first
 * detached, then dropped; if a run is interrupted in between, the next one drops the detached month.
 */
@Injectable()
export class AuditRetention {
  constructor(
    private readonly leader: Leader,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(ending: AbortSignal = new AbortController().signal): Promise<void> {
    // A month may be exported and dropped only once all of its events are in its partition.
    if (await this.leader.transaction('', hasUnpartitionedEvents)) return;
    const failures: unknown[] = [];
    for (const month of await readDetachedMonths(this.leader)) {
      await this.drop(month, ending).catch((error: unknown) => failures.push(error));
    }
    await this.dropOldMonths(ending);
    if (failures.length > 0) throw failures[0];
  }

  private async dropOldMonths(ending: AbortSignal): Promise<void> {
    const { retentionDays, exportDirectory } = this.settings.audit;
    if (retentionDays === 0) return;
    const end = new Date(this.clock.now().getTime() - retentionDays * DAY_MS);
    for (const month of await readMonths(this.leader)) {
      if (month.to > end || ending.aborted) return;
      await this.export(month, ending);
      await this.leader.transaction('', async (runner) => await keepCertificates(runner, month), LONG_MS);
      await changeTables(this.leader, async (runner) => {
        await lockPartitions(runner);
        await execute(runner, `alter table audit_events detach partition ${month.table}`);
        await execute(runner, noteHeldFrom(month));
        if (exportDirectory === undefined) await noteExport(runner, month.table);
      });
      await this.drop(month, ending);
    }
  }

  /** The month is detached, so nothing reads it or writes to it. */
  private async drop(month: Month, ending: AbortSignal): Promise<void> {
    const { table } = month;
    // Events may have been written between the export and the detaching.
    const events = await this.export(month, ending);
    if (events === undefined && (await readExportNote(this.leader, table)) !== undefined) {
      throw new Error(
        `${table} was detached while AUDIT_EXPORT_DIR was set, and is not dropped without it: set it, or drop the table.`,
      );
    }
    await changeTables(this.leader, async (runner) => await execute(runner, `drop table ${table}`), LONG_MS);
    this.logger.info({ partition: table, events }, 'a month of the audit log was dropped');
  }

  /**
   * Once: a month that cannot be detached or dropped yet is exported again only if its events or its file have changed.
   * Returns the number of exported events, or undefined if no export directory is set.
   */
  private async export({ table }: Month, ending: AbortSignal): Promise<number | undefined> {
    const { exportDirectory } = this.settings.audit;
    if (exportDirectory === undefined) return undefined;
    const path = join(exportDirectory, `${table.replaceAll('_', '-')}.ndjson.zst`);
    const noted = await readExportNote(this.leader, table);
    const isUnchanged =
      noted !== undefined && noted.events === (await this.count(table)) && (await isExported(path, noted.sha256));
    if (isUnchanged) return noted.events;
    const exported = await writeExport(path, unlessEnding(readEvents(this.leader, { table }), ending));
    await this.leader.transaction('', async (runner) => await noteExport(runner, table, exported));
    const { events } = exported;
    this.logger.info({ file: path, events }, 'a month of the audit log was exported');
    return events;
  }

  private async count(table: string): Promise<number> {
    return await this.leader.transaction('', async (runner) => await countRange(runner, { table }), LONG_MS);
  }
}

/** An export of a large month takes minutes, and a server that ends does not wait for it. */
async function* unlessEnding<Item>(items: AsyncIterable<Item>, ending: AbortSignal): AsyncGenerator<Item> {
  for await (const item of items) {
    ending.throwIfAborted();
    yield item;
  }
}

/**
 * Keeps the certificates that events of later months refer to by digest only, and those that credentials still have: events
 * to come will refer to them, also one that is written before the month is detached. The limits have PostgreSQL start at the
 * certificates and look for each by index: from the other end, it would read all later months.
 */
async function keepCertificates(runner: Parameters<typeof execute>[0], { table, to }: Month): Promise<void> {
  await execute(
    runner,
    `insert into audit_certificates (client_ext_id, sha256, der)
     select e.client_ext_id, e.sha256, e.der from ${table} e, lateral (
       (select 1 from audit_events later where later.client_ext_id = e.client_ext_id and later.ext_id = e.ext_id
         and later.at >= '${to.toISOString()}' and later.sha256 = e.sha256 and later.der is null limit 1)
       union all
       (select 1 from credentials c where c.client_ext_id = e.client_ext_id and c.ext_id = e.ext_id
         and c.sha256 = e.sha256 limit 1)
       limit 1) referring
     where e.der is not null
     on conflict do nothing`,
  );
}

function noteHeldFrom({ to }: Month): string {
  return `insert into audit_retention (held_from) values ('${to.toISOString()}')
    on conflict (singleton) do update set held_from = greatest(audit_retention.held_from, excluded.held_from)`;
}
