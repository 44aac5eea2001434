/** A column, with its type in PostgreSQL and the type of its values in TypeScript. */
export interface Column<Value = unknown> {
  readonly type:
    | 'text'
    | 'uuid'
    | 'integer'
    | 'bigint'
    | 'boolean'
    | 'timestamptz'
    | 'jsonb'
    | 'bytea'
    | 'text[]'
    | 'bytea[]';
  readonly nullable: boolean;
  readonly collation?: 'C';
  readonly precision?: number;
  /** Never set; only declares the type. */
  readonly value?: Value;
}

export type ValueOf<Of> = Of extends Column<infer Value> ? Value : never;

/** Text for people, with the default collation of the database. */
export function text(): Column<string> {
  return { type: 'text', nullable: false };
}

/** Text that is compared byte by byte: keys, states, unique names. */
export function identifier<Value extends string = string>(): Column<Value> {
  return { type: 'text', nullable: false, collation: 'C' };
}

export function uuid(): Column<string> {
  return { type: 'uuid', nullable: false };
}

export function integer(): Column<number> {
  return { type: 'integer', nullable: false };
}

/** At most 53 bits, so that it can be selected as a double: the driver returns a bigint as text. */
export function bigint(): Column<number> {
  return { type: 'bigint', nullable: false };
}

export function boolean(): Column<boolean> {
  return { type: 'boolean', nullable: false };
}

/** With a precision of milliseconds. */
export function instant(): Column<Date> {
  return { type: 'timestamptz', nullable: false, precision: 3 };
}

export function json<Value>(): Column<Value> {
  return { type: 'jsonb', nullable: false };
}

export function bytes(): Column<Buffer> {
  return { type: 'bytea', nullable: false };
}

export function texts(): Column<readonly string[]> {
  return { type: 'text[]', nullable: false };
}

export function byteStrings(): Column<readonly Buffer[]> {
  return { type: 'bytea[]', nullable: false };
}

export function nullable<Value>(column: Column<Value>): Column<Value | null> {
  return { ...column, nullable: true };
}
