import type { Column } from './column.js';

/** Where a value goes; `group` is the parameter that holds it as a member, if it is not a parameter itself. */
export interface Placeholder {
  readonly name: string;
  readonly group: string | undefined;
  readonly type: Column['type'];
}

/** A piece of SQL, with the named parameters that it takes and the columns that it answers. */
export interface Sql<in Parameters = unknown, out Result = unknown> {
  readonly parts: readonly (string | Placeholder)[];
  /** Never there: it carries the types. */
  readonly types?: (parameters: Parameters) => Result;
}

/** What may stand in a template: SQL and numbers. A text is no SQL: it may come from anywhere. */
type Part = Sql<never> | number | bigint;

/** What all of these take, and what all of them answer: intersections of what each does. */
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

/** Text of the source as SQL, and what it answers: `returns<{ total: number }>('count(*)::integer as total')`. */
export function returns<Result>(text: string): Sql<unknown, Result> {
  return { parts: [text] };
}

/** A parameter by its name, cast to its type wherever it stands. */
export function parameter<Name extends string, Value>(
  name: Name,
  { type }: Column<Value>,
): Sql<Readonly<Record<Name, Value>>> {
  return { parts: [{ name, group: undefined, type }] };
}

/** The same SQL, whose parameters are members of one parameter: two rows in a statement may have columns of one name. */
export function grouped<Group extends string, Parameters, Result>(
  group: Group,
  { parts }: Sql<Parameters, Result>,
): Sql<Readonly<Record<Group, Parameters>>, Result> {
  return { parts: parts.map((part) => (typeof part === 'string' ? part : { ...part, group })) };
}

/** Of a table that may have no row for it. */
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
