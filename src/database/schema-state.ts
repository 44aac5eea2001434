import type { DataSource, QueryRunner } from 'typeorm';

import { MIGRATIONS } from './migrations/list.js';
import { type SchemaState, stateOf } from './schema-state.rules.js';

export function knownState(serverVersion: string): SchemaState {
  return stateOf(MIGRATIONS, serverVersion);
}

/** Undefined where no server has written one yet. */
export async function readSchemaState(source: Pick<DataSource, 'query'>): Promise<SchemaState | undefined> {
  const [table] = await source.query<[{ found: string | null }]>(`select to_regclass('schema_state')::text as found`);
  if (table.found === null) return undefined;
  const [row] = await source.query<SchemaState[]>(
    `select schema::float8 as schema, oldest_schema::float8 as "oldestSchema", migrated_by as "migratedBy"
      from schema_state`,
  );
  return row;
}

/** After migrations; never takes the state of a newer server back. */
export async function writeSchemaState(runner: QueryRunner, state: SchemaState): Promise<void> {
  await runner.query(
    `insert into schema_state (schema, oldest_schema, migrated_by) values ($1, $2, $3)
      on conflict (singleton) do update set schema = excluded.schema, oldest_schema = excluded.oldest_schema,
        migrated_by = excluded.migrated_by
      where schema_state.schema < excluded.schema`,
    [state.schema, state.oldestSchema, state.migratedBy],
  );
}
