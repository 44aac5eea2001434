import { ApiProperty } from '../../http/openapi/swagger.js';
import type { JobRowResource } from '../job-resource.js';
import { ROW_RESULTS, type RowResult } from '../job.model.js';

const count = (description: string) => ApiProperty({ type: 'integer', minimum: 0, description, example: 12 });

/** The last line of the answer to a dry run. */
export class ImportSummaryResource implements Readonly<Record<RowResult, number>> {
  @count('Lines of the file.')
  readonly total!: number;

  @count('Lines that would change something.')
  readonly changed!: number;

  @count('Lines that would change nothing.')
  readonly unchanged!: number;

  @count('Lines that would be refused.')
  readonly refused!: number;

  @count('Lines about a record that does not exist.')
  readonly gone!: number;
}

/** Counts results, which come in pages. */
export class ImportSummary {
  private readonly counts: Record<RowResult, number> = { changed: 0, unchanged: 0, refused: 0, gone: 0 };

  add(results: readonly JobRowResource[]): void {
    for (const { result } of results) if (result !== undefined) this.counts[result] += 1;
  }

  resource(): ImportSummaryResource {
    const total = ROW_RESULTS.reduce((sum, result) => sum + this.counts[result], 0);
    return { total, ...this.counts };
  }
}
