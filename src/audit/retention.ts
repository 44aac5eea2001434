import { join } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { Leader } from '../database/leader.js';
import { writeExport } from './export-file.js';
import { readEvents } from './exported-event.js';
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

  async run(): Promise<void> {
    const { retentionDays } = this.settings.audit;
    for (const month of await readDetachedMonths(this.leader)) await this.drop(month);
    if (retentionDays === 0) return;
    const end = new Date(this.clock.now().getTime() - retentionDays * DAY_MS);
    for (const month of await readMonths(this.leader)) {
      if (month.to > end) return;
      const exported = await this.export(month);
      await this.leader.transaction('', async (runner) => await keepCertificates(runner, month), LONG_MS);
      await changeTables(this.leader, async (runner) => {
        await lockPartitions(runner);
        await execute(runner, `alter table audit_events detach partition ${month.table}`);
        await execute(runner, noteHeldFrom(month));
      });
      await this.drop(month, exported);
    }
  }

  /** The month is detached, so nothing reads it or writes to it. */
  private async drop(month: Month, exported?: number): Promise<void> {
    const count = await this.count(month);
    // Events may have been written between the export and the detaching.
    if (count !== exported) await this.export(month);
    await changeTables(this.leader, async (runner) => await execute(runner, `drop table ${month.table}`), LONG_MS);
    this.logger.info({ partition: month.table, events: count }, 'a month of the audit log was dropped');
  }

  private async count({ table }: Month): Promise<number> {
    return await this.leader.transaction(
      '',
      async (runner) => {
        const text = `select count(*)::float8 as count from ${table}`;
        const [row] = await runner.run<{ count: number }>({ name: '', text }, []);
        return row?.count ?? 0;
      },
      LONG_MS,
    );
  }

  /** Returns the number of exported events, or undefined if no export directory is set. */
  private async export({ table }: Month): Promise<number | undefined> {
    const { exportDirectory } = this.settings.audit;
    if (exportDirectory === undefined) return undefined;
    const path = join(exportDirectory, `${table.replaceAll('_', '-')}.ndjson.zst`);
    const events = await writeExport(path, readEvents(this.leader, { table }));
    this.logger.info({ file: path, events }, 'a month of the audit log was exported');
    return events;
  }
}

/** Keeps the certificates that events of later months refer to by digest only. */
async function keepCertificates(runner: Parameters<typeof execute>[0], { table, to }: Month): Promise<void> {
  await execute(
    runner,
    `insert into audit_certificates (client_ext_id, sha256, der)
     select distinct on (e.client_ext_id, e.sha256) e.client_ext_id, e.sha256, e.der from ${table} e
     where e.der is not null and exists (
       select 1 from audit_events later where later.client_ext_id = e.client_ext_id and later.ext_id = e.ext_id
         and later.at >= '${to.toISOString()}' and later.sha256 = e.sha256 and later.der is null)
     on conflict do nothing`,
  );
}

function noteHeldFrom({ to }: Month): string {
  return `insert into audit_retention (held_from) values ('${to.toISOString()}')
    on conflict (singleton) do update set held_from = greatest(audit_retention.held_from, excluded.held_from)`;
}
