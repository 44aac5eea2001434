/** The state of the schema as stored in the database; the number of a schema is that of its last migration. */
export interface SchemaState {
  readonly schema: number;
  /** Servers that know only older schemas must not use this database. */
  readonly oldestSchema: number;
  /** The version of the server that migrated it. */
  readonly migratedBy: string;
}

export interface KnownMigration {
  readonly name: string;
  /** Whether an older server would write wrong data or misread new data. */
  readonly breaksOlderServers?: boolean;
}

export function stateOf(migrations: readonly KnownMigration[], migratedBy: string): SchemaState {
  const breaking = migrations.filter(({ breaksOlderServers }) => breaksOlderServers === true);
  return { schema: lastOf(migrations), oldestSchema: lastOf(breaking), migratedBy };
}

export type Compatibility = 'same' | 'newerAndCompatible' | 'tooNew';

export function compatibilityOf(found: SchemaState, known: number): Compatibility {
  if (found.schema <= known) return 'same';
  return found.oldestSchema <= known ? 'newerAndCompatible' : 'tooNew';
}

/** A migration's name ends with its time stamp of 13 digits. */
function lastOf(migrations: readonly KnownMigration[]): number {
  return Math.max(0, ...migrations.map(({ name }) => Number(name.slice(-13))));
}
