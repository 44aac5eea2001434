/** What a database says of its schema; a schema is numbered by its last migration. */
export interface SchemaState {
  readonly schema: number;
  /** A server that knows less must not run on it. */
  readonly oldestSchema: number;
  /** The version of the server that migrated it. */
  readonly migratedBy: string;
}

export interface KnownMigration {
  readonly name: string;
  /** Whether a server that does not know it would write what is wrong, or read what it does not understand. */
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
