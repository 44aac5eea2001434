import type { DataSource, QueryRunner } from 'typeorm';

import { bigint, boolean, identifier } from './column.js';
import type { StatementRunner } from './database.js';
import { MIGRATIONS } from './migrations/list.js';
import { type SchemaState, stateOf } from './schema-state.rules.js';
import { sql } from './sql.js';
import { statement } from './statement.js';
import { table } from './table.js';

/** A table with a single row. It has no entity, because TypeORM would also compare the default of `singleton`. */
const SCHEMA_STATE = table(
  'schema_state',
  { singleton: boolean(), schema: bigint(), oldestSchema: bigint(), migratedBy: identifier() },
  { primaryKey: { name: 'schema_state_pk', columns: ['singleton'] } },
);

const STATE = ['schema', 'oldestSchema', 'migratedBy'] as const;

const READ_STATE = statement('read_schema_state', sql`select ${SCHEMA_STATE.select('s', STATE)} from schema_state s`);

/** Never overwrites the state of a newer server. */
const WRITE_STATE = statement(
  'write_schema_state',
  sql`insert into schema_state (${SCHEMA_STATE.names(STATE)}) values (${SCHEMA_STATE.values(STATE)})
    on conflict (singleton) do update set schema = excluded.schema, oldest_schema = excluded.oldest_schema,
      migrated_by = excluded.migrated_by
    where schema_state.schema < excluded.schema`,
);

export function knownState(serverVersion: string): SchemaState {
  return stateOf(MIGRATIONS, serverVersion);
}

/** Undefined if no server has written one yet. */
export async function readSchemaState(source: Pick<DataSource, 'query'>): Promise<SchemaState | undefined> {
  const [found] = await source.query<[{ name: string | null }]>(`select to_regclass('schema_state')::text as name`);
  return found.name === null ? undefined : await READ_STATE.first(runnerOf(source), {});
}

/** Called after the migrations, on their connection. */
export async function writeSchemaState(runner: QueryRunner, state: SchemaState): Promise<void> {
  await WRITE_STATE.all(runnerOf(runner), state);
}

/** Runs statements through TypeORM, which migrations must use. */
function runnerOf(source: Pick<DataSource, 'query'>): StatementRunner {
  return { run: async ({ text }, values) => await source.query(text, [...values]) };
}
