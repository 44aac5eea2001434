import { Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { noRecord } from '../../common/errors.js';
import { isExternalId } from '../../common/external-id.js';
import { LongRequestTurns } from '../../common/long-request-turns.js';
import { findUnstorableText } from '../../common/unstorable-text.js';
import { Database } from '../../database/database.js';
import { BulkJobRunner } from '../bulk-job-runner.js';
import { beginJob, insertJob } from '../job-creation.js';
import { CLOSE_LOAD, MAX_REMOVED, REMOVE_JOB, REMOVE_ROWS_OF_JOB } from '../job.queries.js';
import type { LineMembers } from './import-columns.js';
import { bindLine } from './import-line.js';
import { INSERT_LINES, type LoadedLine } from './import.queries.js';
import { type LineFormat, type ReadLine, readLines } from './line-reader.js';

const KIND = 'import';

/** Lines of one statement. */
const MAX_INSERTED = 500;

/** Whenever it was loaded. */
const FAR = new Date('9999-01-01T00:00:00Z');
/** What ended then is not kept. */
const LONG_AGO = new Date(0);

/** The file of an import, as it arrives. */
export interface ImportedFile {
  readonly format: LineFormat;
  readonly body: AsyncIterable<Buffer>;
}

export interface LoadedFile {
  readonly id: string;
  readonly total: number;
}

/** Receives the lines of a file into a job (contract 17.4). */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly runner: BulkJobRunner,
    private readonly turns: LongRequestTurns,
  ) {}

  /** Returns the id of the job, which runs once the whole file is there. */
  async begin(caller: Caller, clientExtId: string, file: ImportedFile): Promise<string> {
    return await this.withLoaded(caller, clientExtId, file, async ({ id, total }) => {
      const job = { kind: KIND, parameters: { format: file.format }, total } as const;
      await this.database.transaction(clientExtId, async (runner) => {
        await beginJob(runner, caller, { clientExtId, id }, job);
      });
      this.runner.wake();
      return id;
    });
  }

  /**
   * Runs `work` on the loaded file. A job that has not begun is removed if anything fails.
   *
   * @throws AppError if the file cannot be read, or another job of the client runs
   */
  async withLoaded<Result>(
    caller: Caller,
    clientExtId: string,
    file: ImportedFile,
    work: (loaded: LoadedFile) => Promise<Result>,
  ): Promise<Result> {
    return await this.turns.imports.run(clientExtId, caller.signal, async () => {
      const id = await this.database.transaction(clientExtId, async (runner) => {
        return await insertJob(runner, caller, clientExtId, { kind: KIND, parameters: { format: file.format } });
      });
      try {
        return await work({ id, total: await this.load(caller, { clientExtId, id }, file) });
      } catch (error) {
        await this.remove(clientExtId, id);
        throw error;
      }
    });
  }

  /** Unless it runs: whether a job has begun is not known where the database did not answer. */
  async remove(clientExtId: string, id: string): Promise<void> {
    const job = { ofClientExtId: clientExtId, id };
    const closed = await CLOSE_LOAD.first(this.database, { ...job, loadedBefore: FAR, ended: LONG_AGO });
    if (closed === undefined) return;
    for (let removed = MAX_REMOVED; removed === MAX_REMOVED;) {
      removed = (await REMOVE_ROWS_OF_JOB.first(this.database, job))?.removed ?? 0;
    }
    await REMOVE_JOB.all(this.database, job);
  }

  /** Returns the number of lines. */
  private async load(
    { signal }: Caller,
    { clientExtId, id }: { readonly clientExtId: string; readonly id: string },
    { body, format }: ImportedFile,
  ): Promise<number> {
    let total = 0;
    for await (const lines of pagesOf(readLines(body, format), MAX_INSERTED)) {
      signal?.throwIfAborted();
      total += lines.length;
      const parameters = { clientExtId, id, lines, lastLoaded: this.clock.now() };
      // It was stopped meanwhile.
      if ((await INSERT_LINES.first(this.database, parameters)) === undefined) throw noRecord();
    }
    return total;
  }
}

async function* pagesOf(lines: AsyncIterable<ReadLine>, size: number): AsyncGenerator<readonly LoadedLine[]> {
  let page: LoadedLine[] = [];
  for await (const line of lines) {
    page.push(loadedLine(line));
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function loadedLine(read: ReadLine): LoadedLine {
  const { position } = read;
  if ('errors' in read) {
    return { position, userExtId: null, extId: null, line: null, result: 'refused', errors: read.errors };
  }
  const { members } = read;
  const ids = { userExtId: idOf(members, 'userExtId'), extId: idOf(members, 'certificateExtId') };
  // The database stores lines before they are evaluated, and no text of that kind.
  const bound = findUnstorableText(members).length === 0 ? undefined : bindLine(members);
  if (bound?.ok === false) return { position, ...ids, line: null, result: 'refused', errors: bound.errors };
  return { position, ...ids, line: members, result: null, errors: null };
}

function idOf(members: LineMembers, name: string): string | null {
  const value = members[name];
  return typeof value === 'string' && isExternalId(value) ? value : null;
}
