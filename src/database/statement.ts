import type { QueryResultRow } from 'pg';

import type { Statement, StatementOfMany, StatementRunner } from './database.js';
import type { Placeholder, Sql } from './sql.js';

/** The client leads every key and decides whose turn a statement uses (`Connections`), so it is always $1. */
const CLIENT = 'clientExtId';

/** Rejects members that the statement does not have; missing ones are rejected anyway. */
type Exactly<Parameters, Given> = Given & Readonly<Record<Exclude<keyof Given, keyof Parameters>, never>>;
type Members<Of> = { readonly [Name in keyof Of]: Of[Name] };

/** All statements by name: the driver rejects a second text under the same name, and a test prepares each. */
const STATEMENTS = new Map<string, NamedStatement<never, unknown>>();

/** SQL that is built once, when its module is loaded; a call only builds the list of values. */
export class NamedStatement<in Parameters, out Result> implements Statement {
  readonly text: string;
  /** Whether the statement has no client, and so uses nobody's turn. */
  readonly ofNoClient: boolean;
  readonly ofMany: StatementOfMany | undefined;
  private readonly placeholders: readonly Placeholder[];

  constructor(
    readonly name: string,
    { parts }: Sql<Parameters, Result>,
    readonly isShort = false,
  ) {
    const numbers = new Map<string, number>();
    const placeholders: Placeholder[] = [];
    const found = parts.filter((part) => typeof part !== 'string');
    const client = found.filter((placeholder) => keyOf(placeholder) === CLIENT);
    for (const placeholder of [...client, ...found]) {
      const known = placeholders[(numbers.get(keyOf(placeholder)) ?? 0) - 1];
      if (known === undefined) numbers.set(keyOf(placeholder), placeholders.push(placeholder));
      else if (known.type !== placeholder.type) throw new Error(`${name}: ${known.name} has two types.`);
    }
    this.placeholders = placeholders;
    this.ofNoClient = client.length === 0;
    this.text = textOf(parts, (part) => `$${numbers.get(keyOf(part))}::${part.type}`);
    if ((STATEMENTS.get(name)?.text ?? this.text) !== this.text)
      throw new Error(`Two statements have the name ${name}.`);
    STATEMENTS.set(name, this);
    const member = (part: Placeholder): string => `m.p${numbers.get(keyOf(part))}`;
    this.ofMany =
      this.text.startsWith('select') && !this.ofNoClient ? ofMany(textOf(parts, member), placeholders) : undefined;
  }

  all<Given extends Parameters>(
    runner: StatementRunner,
    parameters: Exactly<Parameters, Given>,
  ): Promise<(Members<Result> & QueryResultRow)[]> {
    return runner.run(this, this.values(parameters));
  }

  /** Undefined if there is no row. */
  async first<Given extends Parameters>(
    runner: StatementRunner,
    parameters: Exactly<Parameters, Given>,
  ): Promise<Members<Result> | undefined> {
    const [row] = await runner.run<Members<Result> & QueryResultRow>(this, this.values(parameters));
    return row;
  }

  values(parameters: Parameters): unknown[] {
    const given = parameters as Readonly<Record<string, unknown>>;
    return this.placeholders.map(({ name, group, type }) => {
      const value = group === undefined ? given[name] : (given[group] as typeof given)[name];
      return type === 'jsonb' && value !== null ? JSON.stringify(value) : value;
    });
  }
}

export function statement<Parameters, Result>(
  name: string,
  text: Sql<Parameters, Result>,
): NamedStatement<Parameters, Result> {
  return new NamedStatement(name, text);
}

/** A read of a few rows by their keys, for which others may wait. */
export function shortRead<Parameters, Result>(
  name: string,
  text: Sql<Parameters, Result>,
): NamedStatement<Parameters, Result> {
  return new NamedStatement(name, text, true);
}

/** The statements of all loaded modules. */
export function allStatements(): readonly Statement[] {
  return [...STATEMENTS.values()];
}

function textOf(parts: Sql<never>['parts'], placeholder: (part: Placeholder) => string): string {
  return parts.map((part) => (typeof part === 'string' ? part : placeholder(part))).join('');
}

/**
 * The read for each of many values of one client. `offset 0` keeps PostgreSQL from planning a join: it reads for each as the
 * statement itself does.
 */
function ofMany(text: string, [client, ...others]: readonly Placeholder[]): StatementOfMany | undefined {
  if (client === undefined || others.length === 0 || others.some(({ type }) => type.endsWith('[]'))) return undefined;
  const arrays = others.map(({ type }, index) => `$${index + 2}::${type}[]`).join(', ');
  const columns = others.map((_, index) => `p${index + 2}`).join(', ');
  return {
    // Planned each time, which is little for many values: a plan of a time when the tables were small would be kept.
    name: '',
    text: `select m.of, r.* from (select $1::${client.type} as p1, a.* from unnest(${arrays}) with ordinality
      as a (${columns}, of)) m, lateral (${text} offset 0) r`,
    values: (all) => [all[0]?.values[0], ...others.map((_, index) => all.map(({ values }) => values[index + 1]))],
  };
}

function keyOf({ name, group }: Placeholder): string {
  return group === undefined ? name : `${group}.${name}`;
}
