import type { Column, ValueOf } from './column.js';
import { joined, parameter, type Sql } from './sql.js';

type Columns = Readonly<Record<string, Column>>;
type NameOf<Of extends Columns> = keyof Of & string;
type Values<Of extends Columns, Names extends keyof Of> = { readonly [Name in Names]: ValueOf<Of[Name]> };

/** The constraints with their names in the migrations; `database-error.ts` has their meaning for callers. */
export interface Constraints<Name extends string> {
  readonly primaryKey: Constraint<Name>;
  readonly uniques?: readonly Constraint<Name>[];
  readonly indexes?: readonly (Constraint<Name> & { readonly unique?: boolean; readonly where?: string })[];
  readonly foreignKeys?: readonly ForeignKey<Name>[];
  /** Names of indexes that TypeORM cannot describe: of expressions, or of another kind than a B-tree. */
  readonly otherIndexes?: readonly string[];
  readonly checks?: readonly { readonly name: string; readonly expression: string }[];
}

interface Constraint<Name extends string> {
  readonly name: string;
  readonly columns: readonly Name[];
}

interface ForeignKey<Name extends string> extends Constraint<Name> {
  readonly to: string;
  readonly toColumns: readonly string[];
  /** The rows are deleted with the row that they refer to. */
  readonly cascades?: boolean;
}

/** A row of a table: `RowOf<typeof POLICIES>`. */
export type RowOf<Of> = Of extends Table<infer Own> ? Values<Own, keyof Own> : never;

/** The only declaration of a table's columns; everything that statements need is derived from it. */
export class Table<Own extends Columns> {
  /** Parameters with the names and types of the columns. */
  readonly parameters: { readonly [Name in NameOf<Own>]: Sql<Values<Own, Name>> };
  readonly columnNames: readonly NameOf<Own>[];

  constructor(
    readonly name: string,
    readonly columns: Own,
    readonly constraints: Constraints<NameOf<Own>>,
  ) {
    this.columnNames = Object.keys(columns);
    const parameters = Object.entries(columns).map(([column, of]) => [column, parameter(column, of)] as const);
    this.parameters = Object.fromEntries(parameters) as unknown as typeof this.parameters;
  }

  /** For a select or returning clause: `last_modified` is returned as `lastModified`. */
  select<Name extends NameOf<Own>>(alias: string, names?: readonly Name[]): Sql<unknown, Values<Own, Name>> {
    const list = (names ?? this.columnNames).map((name) => `${this.selected(alias, name)} as "${name}"`);
    return { parts: [list.join(', ')] };
  }

  /** Like `select`, for a joined table: `loginId` is returned as `ownerLoginId`. */
  selectAs<Prefix extends string, Name extends NameOf<Own>>(
    prefix: Prefix,
    alias: string,
    names: readonly Name[],
  ): Sql<unknown, { readonly [Each in Name as `${Prefix}${Capitalize<Each>}`]: ValueOf<Own[Each]> }> {
    const list = names.map(
      (name) => `${this.selected(alias, name)} as "${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}"`,
    );
    return { parts: [list.join(', ')] };
  }

  /** For an insert; the values follow in the same order. */
  names(names: readonly NameOf<Own>[] = this.columnNames): Sql {
    return { parts: [names.map(snakeCase).join(', ')] };
  }

  values<Name extends NameOf<Own>>(names?: readonly Name[]): Sql<Values<Own, Name>> {
    return joined(this.parametersOf(names), ', ');
  }

  /** For an update's `set`. */
  assignments<Name extends NameOf<Own>>(names: readonly Name[]): Sql<Values<Own, Name>> {
    return joined(
      names.map((name) => ({ parts: [`${snakeCase(name)} = `, ...this.parameters[name].parts] })),
      ', ',
    );
  }

  /** For a `where`: each column equals its parameter, and neither may be null. */
  matches<Name extends NameOf<Own>>(alias: string, names: readonly Name[]): Sql<Values<Own, Name>> {
    return joined(
      names.map((name) => ({ parts: [`${alias}.${snakeCase(name)} = `, ...this.parameters[name].parts] })),
      ' and ',
    );
  }

  private selected(alias: string, name: NameOf<Own>): string {
    const column = `${alias}.${snakeCase(name)}`;
    return this.columns[name]?.type === 'bigint' ? `${column}::float8` : column;
  }

  private parametersOf<Name extends NameOf<Own>>(names?: readonly Name[]): readonly Sql<Values<Own, Name>>[] {
    return (names ?? this.columnNames).map((name) => ({ parts: this.parameters[name].parts }));
  }
}

export function table<const Own extends Columns>(
  name: string,
  columns: Own,
  constraints: Constraints<NameOf<Own>>,
): Table<Own> {
  return new Table(name, columns, constraints);
}

/** `lastModified` in TypeScript is `last_modified` in SQL. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
