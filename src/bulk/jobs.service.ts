import { Injectable } from '@nestjs/common';

import { requireRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { type Page, pageOf, type PageRequest } from '../common/page.js';
import { Database, type StatementRunner } from '../database/database.js';
import { pageParameters } from '../database/paging.js';
import { endJob } from './job-ending.js';
import { jobResource, type JobResource, jobRowResource, type JobRowResource } from './job-resource.js';
import { rightsOf } from './job-rights.rules.js';
import {
  COUNT_JOBS,
  FIND_CLIENT_OF_JOBS,
  LIST_JOBS,
  MAX_LINES,
  READ_JOB,
  READ_ROWS,
  type ShownJob,
} from './job.queries.js';

export interface JobPath {
  readonly clientExtId: string;
  readonly id: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** B1: reading and stopping jobs. */
@Injectable()
export class JobsService {
  constructor(private readonly database: Database) {}

  async read({ now }: Caller, path: JobPath): Promise<JobResource> {
    return jobResource(await this.row(path), now);
  }

  /** @throws AppError if there is no such job */
  async row({ clientExtId, id }: JobPath, runner: StatementRunner = this.database): Promise<ShownJob> {
    const job = UUID.test(id) ? await READ_JOB.first(runner, { clientExtId, id }) : undefined;
    if (job === undefined) throw noRecord();
    return job;
  }

  /** Newest first. */
  async list({ now }: Caller, clientExtId: string, page: PageRequest): Promise<Page<JobResource>> {
    const rows = await LIST_JOBS.all(this.database.lists, { clientExtId, ...pageParameters(page) });
    const isUnknown =
      rows.length === 0 && (await FIND_CLIENT_OF_JOBS.first(this.database, { clientExtId })) === undefined;
    if (isUnknown) throw noRecord();
    const total = page.countTotal ? (await COUNT_JOBS.first(this.database, { clientExtId }))?.total : undefined;
    return pageOf(rows, page, (row) => jobResource(row, now), total);
  }

  /** The results of all rows in order, page by page, and at the end the job as it is then. */
  async *results(caller: Caller, path: JobPath): AsyncGenerator<JobRowResource | JobResource> {
    const { requestId } = await this.row(path);
    let position = 0;
    for (;;) {
      caller.signal?.throwIfAborted();
      const rows = await READ_ROWS.all(this.database, { ...path, position });
      for (const row of rows) yield jobRowResource(row, requestId);
      if (rows.length < MAX_LINES) break;
      position = rows.at(-1)?.position ?? position;
    }
    yield await this.read(caller, path);
  }

  /** Once this is answered, no further row changes. It does nothing if the job has ended. */
  async stop(caller: Caller, path: JobPath): Promise<void> {
    const { kind } = await this.row(path);
    const { clientExtId, id } = path;
    requireRights(caller, clientExtId, rightsOf(kind));
    await this.database.transaction(clientExtId, async (runner) => {
      return await endJob(runner, caller, { clientExtId, id }, 'stopped');
    });
  }
}
