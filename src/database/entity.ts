import {
  Check,
  Column as TypeOrmColumn,
  type ColumnOptions,
  Entity,
  ForeignKey,
  Index,
  type ObjectType,
  Unique,
} from 'typeorm';

import type { Column } from './column.js';
import type { RowOf, Table } from './table.js';

/**
 * Declares a table for TypeORM, which checks it against the migrations and which tests use to read and write rows. A
 * class, because TypeORM resolves foreign keys only between classes or only between schemas.
 */
export function entityOf<const Own extends Readonly<Record<string, Column>>>({
  name,
  columns,
  constraints,
}: Table<Own>): ObjectType<RowOf<Table<Own>>> {
  const { primaryKey, uniques = [], indexes = [], otherIndexes = [], foreignKeys = [], checks = [] } = constraints;
  const Row = { [name]: class {} }[name] as ObjectType<RowOf<Table<Own>>> & (new () => object);
  Entity(name)(Row);
  for (const [column, of] of Object.entries(columns)) {
    const key = primaryKey.columns.includes(column) ? { primary: true, primaryKeyConstraintName: primaryKey.name } : {};
    TypeOrmColumn({ ...optionsOf(of), ...key })(Row.prototype as object, column);
  }
  for (const unique of uniques) Unique(unique.name, [...unique.columns])(Row);
  for (const { name: index, columns: indexed, ...options } of indexes) Index(index, [...indexed], options)(Row);
  for (const index of otherIndexes) Index(index, { synchronize: false })(Row);
  for (const key of foreignKeys) {
    const onDelete = key.cascades === true ? { onDelete: 'CASCADE' as const } : {};
    foreignKey(key.to, [...key.columns], [...key.toColumns], { name: key.name, ...onDelete })(Row);
  }
  for (const check of checks) Check(check.name, check.expression)(Row);
  return Row;
}

/** The declared type requires tuples of equal length, which is not known here. */
const foreignKey = ForeignKey as unknown as (
  to: string,
  columns: readonly string[],
  toColumns: readonly string[],
  options: { readonly name: string; readonly onDelete?: 'CASCADE' },
) => ClassDecorator;

function elementOf(type: Column['type']): Pick<ColumnOptions, 'type' | 'array'> {
  if (type === 'text[]') return { type: 'text', array: true };
  if (type === 'bytea[]') return { type: 'bytea', array: true };
  return { type, array: false };
}

function optionsOf({ type, nullable, collation, precision }: Column): ColumnOptions {
  return {
    ...elementOf(type),
    nullable,
    ...(collation === undefined ? {} : { collation }),
    ...(precision === undefined ? {} : { precision }),
  };
}
