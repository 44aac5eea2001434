import type { Column } from './column.js';

/** The position of a value. `group` is the parameter that contains it as a member, if any. */
export interface Placeholder {
  readonly name: string;
  readonly group: string | undefined;
  readonly type: Column['type'];
}

/** A piece of SQL with its named parameters and the columns that it returns. */
export interface Sql<in Parameters = unknown, out Result = unknown> {
  readonly parts: readonly (string | Placeholder)[];
  /** Never set; only declares the types. */
  readonly types?: (parameters: Parameters) => Result;
}

/** What may be interpolated: SQL and numbers, but not text, which could come from a caller. */
type Part = Sql<never> | number | bigint;

/** The parameters and results of all parts: the intersections of those of each part. */
type ParametersOf<Parts> = (Parts extends Sql<infer Parameters> ? (value: Parameters) => void : never) extends (
  value: infer All,
) => void
  ? All
  : never;
type ResultOf<Parts> = (Parts extends Sql<never, infer Result> ? (value: Result) => void : never) extends (
  value: infer All,
) => void
  ? All
  : never;

export function sql<const Parts extends readonly Part[]>(
  strings: TemplateStringsArray,
  ...parts: Parts
): Sql<ParametersOf<Parts[number]>, ResultOf<Parts[number]>> {
  return { parts: strings.flatMap((text, index) => [text, ...partsOf(parts[index])]) };
}

/** Constant text as SQL, with the type of its result: `returns<{ total: number }>('count(*)::integer as total')`. */
export function returns<Result>(text: string): Sql<unknown, Result> {
  return { parts: [text] };
}

/** A named parameter, cast to its type at every use. */
export function parameter<Name extends string, Value>(
  name: Name,
  { type }: Column<Value>,
): Sql<Readonly<Record<Name, Value>>> {
  return { parts: [{ name, group: undefined, type }] };
}

/**
 * The same SQL with its parameters as members of one group, so that a statement can use two rows with the same column
 * names.
 */
export function grouped<Group extends string, Parameters, Result>(
  group: Group,
  { parts }: Sql<Parameters, Result>,
): Sql<Readonly<Record<Group, Parameters>>, Result> {
  return { parts: parts.map((part) => (typeof part === 'string' ? part : { ...part, group })) };
}

/** Columns of a table in a left join: all null if there is no row. */
export function leftJoined<Parameters, Result>({
  parts,
}: Sql<Parameters, Result>): Sql<Parameters, Result | { readonly [Name in keyof Result]: null }> {
  return { parts };
}

export function joined<Parameters, Result>(
  pieces: readonly Sql<Parameters, Result>[],
  separator: string,
): Sql<Parameters, Result> {
  return { parts: pieces.flatMap(({ parts }, index) => (index === 0 ? parts : [separator, ...parts])) };
}

function partsOf(part: Part | undefined): Sql['parts'] {
  if (part === undefined) return [];
  return typeof part === 'object' ? part.parts : [String(part)];
}

/** The text of SQL without parameters, for statements that are not made by `statement`. */
export function textOf({ parts }: Sql): string {
  return parts.map((part) => (typeof part === 'string' ? part : `$${part.name}`)).join('');
}
