import type { QueryResultRow } from 'pg';

import type { Statement, StatementRunner } from './database.js';
import type { Placeholder, Sql } from './sql.js';

/** The fairness key of a statement (`Connections`), and what leads every key: it is $1 wherever it is named. */
const CLIENT = 'clientExtId';

/** Refuses members that the statement does not take; those that are missing are refused anyway. */
type Exactly<Parameters, Given> = Given & Readonly<Record<Exclude<keyof Given, keyof Parameters>, never>>;
type Members<Of> = { readonly [Name in keyof Of]: Of[Name] };

/** All that were made, by name: the driver refuses a second text under one name, and a test prepares each. */
const MADE = new Map<string, NamedStatement<never, unknown>>();

/** SQL that is put together once, when its module is loaded; a call only makes the list of its values. */
export class NamedStatement<in Parameters, out Result> implements Statement {
  readonly text: string;
  /** Whose turn a statement uses that names no client: nobody's. */
  readonly ofNoClient: boolean;
  private readonly placeholders: readonly Placeholder[];

  constructor(
    readonly name: string,
    { parts }: Sql<Parameters, Result>,
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
    this.text = parts
      .map((part) => (typeof part === 'string' ? part : `$${numbers.get(keyOf(part))}::${part.type}`))
      .join('');
    if ((MADE.get(name)?.text ?? this.text) !== this.text) throw new Error(`Two statements are called ${name}.`);
    MADE.set(name, this);
  }

  async all<Given extends Parameters>(
    runner: StatementRunner,
    parameters: Exactly<Parameters, Given>,
  ): Promise<(Members<Result> & QueryResultRow)[]> {
    return await runner.run(this, this.values(parameters));
  }

  /** Undefined where there is no row. */
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

/** Of all modules that are loaded. */
export function statementsMade(): readonly Statement[] {
  return [...MADE.values()];
}

function keyOf({ name, group }: Placeholder): string {
  return group === undefined ? name : `${group}.${name}`;
}
