import { Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { AppError, noRecord } from '../../common/errors.js';
import { RollbackError } from '../../database/database-error.js';
import { Database, type Statement, type StatementRunner } from '../../database/database.js';
import { GatheringTurns } from '../gathering-turns.js';
import { jobCallerOf } from '../job-caller.js';
import { jobRowResource, type JobRowResource } from '../job-resource.js';
import type { Job, RowOutcome } from '../job.model.js';
import { JoinedTransaction } from '../joined-transaction.js';
import type { Preparation, RowContext } from '../row-action.js';
import { ImportAction } from './import-action.js';
import { type LoadedLine, READ_LOADED_LINE, READ_LOADED_LINES } from './import.queries.js';
import type { LoadedFile } from './import.service.js';
import { keysOfLine } from './line-keys.js';

const SAVEPOINT: Statement = { name: '', text: 'savepoint line' };
const ROLL_BACK: Statement = { name: '', text: 'rollback to savepoint line' };

/** Ends the transaction of a page without anything being written. */
class PageTried extends RollbackError {
  constructor(readonly results: readonly JobRowResource[]) {
    super('A dry run writes nothing.');
  }
}

/**
 * What an import would do. The lines are changed as in the import, a page of them in a transaction that is rolled back. A
 * line may need an earlier one, such as the one that creates its user, which is then tried again before it.
 */
@Injectable()
export class ImportDryRun {
  constructor(
    private readonly database: Database,
    private readonly action: ImportAction,
    private readonly clock: Clock,
  ) {}

  /**
   * The results of all lines in order, page by page. The file must have been loaded into the job.
   *
   * @throws AppError if the job has been stopped or removed meanwhile: the results are not all of the file
   */
  async *results(
    caller: Caller,
    clientExtId: string,
    { id, total }: LoadedFile,
  ): AsyncGenerator<readonly JobRowResource[]> {
    const job: Job = { clientExtId, id, kind: 'import', parameters: {}, ...jobCallerOf(caller) };
    const firstOf = new Map<string, number>();
    let count = 0;
    for (let position = 0; count < total;) {
      caller.signal?.throwIfAborted();
      const lastLoaded = this.clock.now();
      const lines = await READ_LOADED_LINES.all(this.database, { clientExtId, id, position, lastLoaded });
      if (lines.length === 0) throw noRecord();
      yield await this.tryPage(caller, job, lines as readonly LoadedLine[], firstOf);
      count += lines.length;
      position = lines.at(-1)?.position ?? position;
    }
  }

  private async tryPage(
    caller: Caller,
    job: Job,
    lines: readonly LoadedLine[],
    firstOf: Map<string, number>,
  ): Promise<readonly JobRowResource[]> {
    const pageBegin = lines[0]?.position ?? 0;
    const earlier = new Map<number, LoadedLine>();
    const positionsOf = (line: LoadedLine): readonly number[] => keysOf(line).flatMap((key) => firstOf.get(key) ?? []);
    const needed = lines.flatMap(positionsOf);
    for (let position = needed.pop(); position !== undefined; position = needed.pop()) {
      if (position >= pageBegin || earlier.has(position)) continue;
      const line = await READ_LOADED_LINE.first(this.database, { clientExtId: job.clientExtId, id: job.id, position });
      if (line === undefined) continue;
      earlier.set(position, line as LoadedLine);
      // It may need earlier ones itself.
      needed.push(...positionsOf(line as LoadedLine));
    }
    const inOrder = [...earlier.values()].toSorted((one, other) => one.position - other.position);
    const tried = [...inOrder, ...lines];
    const preparation = { reader: this.database, gathering: new GatheringTurns() };
    const prepared = await Promise.all(
      tried.map(async (line) => await this.prepare(contextOf(caller, job, line), preparation)),
    );
    try {
      await this.database.transaction(job.clientExtId, async (runner) => {
        const results: JobRowResource[] = [];
        for (const [index, line] of tried.entries()) {
          const outcome = await this.tryLine(runner, contextOf(caller, job, line), line, prepared[index]);
          if (!earlier.has(line.position)) results.push(resultOf(line, outcome, caller.requestId));
        }
        throw new PageTried(results);
      });
      throw new Error('The transaction of a dry run ends with an error.');
    } catch (error) {
      if (!(error instanceof PageTried)) throw error;
      for (const line of lines) {
        for (const key of keysOf(line)) if (!firstOf.has(key)) firstOf.set(key, line.position);
      }
      return error.results;
    }
  }

  private async prepare(context: RowContext, preparation: Preparation) {
    try {
      return await this.action.prepare(context, preparation, true);
    } catch (error) {
      if (error instanceof AppError) return { kind: 'refused', errors: error.details } as const;
      throw error;
    }
  }

  private async tryLine(
    runner: StatementRunner,
    context: RowContext,
    line: LoadedLine,
    prepared: Awaited<ReturnType<ImportDryRun['prepare']>> | undefined,
  ): Promise<RowOutcome> {
    if (line.errors !== null) return { result: 'refused', errors: line.errors };
    if (prepared === undefined) throw new Error('Each line has been prepared.');
    await runner.run(SAVEPOINT, []);
    try {
      return await this.action.apply(context, prepared, new JoinedTransaction(runner, this.database));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await runner.run(ROLL_BACK, []);
      return { result: 'refused', errors: error.details };
    }
  }
}

function keysOf(line: LoadedLine): readonly string[] {
  return line.result === null ? keysOfLine(line) : [];
}

function contextOf(caller: Caller, job: Job, { position, userExtId, extId, line }: LoadedLine): RowContext {
  const nothing = { generation: null, sha256: null, before: null, versionAfter: null };
  return { job, caller, row: { position, userExtId, extId, line, ...nothing } };
}

function resultOf({ position, userExtId, extId }: LoadedLine, outcome: RowOutcome, requestId: string): JobRowResource {
  return jobRowResource({ position, userExtId, extId, errors: null, ...outcome }, requestId);
}
