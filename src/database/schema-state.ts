import type { Pool } from 'pg';
import type { QueryRunner } from 'typeorm';

import { VERSION } from '../common/version.js';
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
export async function readSchemaState(pool: Pool): Promise<SchemaState | undefined> {
  const runner: StatementRunner = { run: async ({ text }, values) => (await pool.query(text, [...values])).rows };
  return (await hasTable(pool, 'schema_state')) ? await READ_STATE.first(runner, {}) : undefined;
}

/** Whether all migrations of this version have run, which TypeORM records, and the state that follows is written. */
export async function isMigrated(pool: Pool): Promise<boolean> {
  if (!(await hasTable(pool, 'migrations'))) return false;
  const { rows } = await pool.query<{ name: string }>('select name from migrations');
  const ran = new Set(rows.map(({ name }) => name));
  if (MIGRATIONS.some(({ name }) => !ran.has(name))) return false;
  const { schema = 0 } = (await readSchemaState(pool)) ?? {};
  return schema >= knownState(VERSION).schema;
}

async function hasTable(pool: Pool, name: string): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>('select to_regclass($1) is not null as found', [name]);
  return rows[0]?.found === true;
}

/** Called after the migrations, on their connection. */
export async function writeSchemaState(runner: QueryRunner, state: SchemaState): Promise<void> {
  await WRITE_STATE.all({ run: async ({ text }, values) => await runner.query(text, [...values]) }, state);
}
