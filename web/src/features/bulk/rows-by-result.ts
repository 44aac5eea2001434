import type { JobRowResource } from '../../api/generated/types.gen.js';
import type { Result } from './job-texts.js';

/** Rows that come in steps; what has come is neither copied nor counted again. */
export class RowsByResult {
  readonly all: JobRowResource[] = [];
  private readonly byResult = new Map<string | undefined, JobRowResource[]>();

  add(rows: readonly JobRowResource[]): void {
    for (const row of rows) {
      this.all.push(row);
      const same = this.byResult.get(row.result);
      if (same === undefined) this.byResult.set(row.result, [row]);
      else same.push(row);
    }
  }

  of(result: Result): readonly JobRowResource[] {
    return this.byResult.get(result) ?? [];
  }
}
