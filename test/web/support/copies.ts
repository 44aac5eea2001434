import type { TestApp } from '../../support/app.js';

/**
 * Copies a row many times, as no test has the time to create hundreds of resources by requests. `changes` are the columns
 * that differ, as SQL of `n`, the number of the copy.
 */
export async function copyRow(
  { dataSource }: TestApp,
  table: string,
  condition: string,
  count: number,
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  const members = Object.entries(changes).map(([column, value]) => `'${column}', ${value}`);
  await dataSource.query(
    `insert into ${table} select (jsonb_populate_record(original, jsonb_build_object(${members.join(', ')}))).*
      from (select original from ${table} original where ${condition} limit 1) found, generate_series(1, $1) n`,
    [count],
  );
}
