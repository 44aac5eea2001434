import pg, { type QueryConfig, type QueryResultRow, type Submittable } from 'pg';

/** The parts of the driver that its types lack. */
interface DriverQuery {
  prepare(connection: DriverConnection): void;
  handleRowDescription(message: { readonly fields: readonly Field[] }): void;
  handleDataRow(message: { readonly fields: readonly Text[] }): void;
  handleCommandComplete(): void;
  handleReadyForQuery(connection: DriverConnection): void;
  handleError(error: Error, connection: DriverConnection): void;
}

interface DriverConnection {
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  bind(bound: Binding): void;
  execute(): void;
  sync(): void;
}

interface Binding {
  readonly statement: string;
  readonly values: readonly unknown[];
  readonly valueMapper: (value: unknown) => unknown;
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

type Text = string | null;

export type Callback = (error: Error | null, rows: QueryResultRow[]) => void;

export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly types: NonNullable<QueryConfig['types']>;
}

const { Query, utils } = pg as unknown as {
  readonly Query: { readonly prototype: DriverQuery & Submittable };
  readonly utils: { readonly prepareValue: (value: unknown) => unknown };
};

/** Without the driver's constructor, which makes an event emitter and a result for each query. */
const QueryMethods = function () {
  // The members that the methods use are those of the subclass.
} as unknown as new () => DriverQuery & Submittable;
QueryMethods.prototype = Query.prototype;

/** PostgreSQL does not read the form that other years have in JavaScript. */
const MIN_TIME = Date.UTC(1000);
const MAX_TIME = Date.UTC(10_000) - 1;

/** The driver formats times in the time zone of the process, which takes longer. */
function valueMapper(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (value instanceof Date && value.getTime() >= MIN_TIME && value.getTime() <= MAX_TIME) return value.toISOString();
  return utils.prepareValue(value);
}

/** The columns of the statements that a connection has been told, by their names. */
const columnsOf = new WeakMap<DriverConnection, Map<string, Columns>>();

/** Names and types of the columns of a statement. */
class Columns {
  private readonly names: readonly string[];
  private readonly parsers: readonly ((text: string) => unknown)[];
  /** A copy of it has the same hidden class as every other row, and needs no further memory for its members. */
  private readonly template: QueryResultRow;

  constructor(fields: readonly Field[], types: PreparedStatement['types']) {
    this.names = fields.map(({ name }) => name);
    this.parsers = fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID, 'text') as (text: string) => unknown);
    this.template = Object.fromEntries(this.names.map((name) => [name, null]));
  }

  rowOf(texts: readonly Text[]): QueryResultRow {
    const row = { ...this.template };
    for (let index = 0; index < texts.length; index += 1) {
      const text = texts[index] as Text;
      if (text !== null) row[this.names[index] as string] = this.parsers[index]?.(text);
    }
    return row;
  }
}

/**
 * The execution of a prepared statement. The driver's own query asks for the description of the columns each time, and
 * reading it takes longer than reading a row; this one asks once for each connection. If the columns change, PostgreSQL
 * refuses to execute the statement (`isStale`).
 */
export class PreparedQuery extends QueryMethods {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  private readonly types: PreparedStatement['types'];
  private readonly answered: QueryResultRow[] = [];
  private columns: Columns | undefined;
  private described: Map<string, Columns> | undefined;
  private failure: Error | undefined;

  constructor(
    { name, text, values, types }: PreparedStatement,
    private readonly callback: Callback,
  ) {
    super();
    this.name = name;
    this.text = text;
    this.values = values;
    this.types = types;
  }

  override prepare(connection: DriverConnection): void {
    const { name, values } = this;
    this.described = columnsOf.get(connection) ?? new Map();
    this.columns = this.described.get(name);
    if (this.columns === undefined || connection.parsedStatements[name] === undefined) {
      columnsOf.set(connection, this.described);
      super.prepare(connection);
      return;
    }
    try {
      connection.bind({ statement: name, values, valueMapper });
      connection.execute();
    } catch (error) {
      // A value that cannot be sent: reported with the answer to the Sync, in the order of the queries.
      this.failure = error as Error;
    }
    connection.sync();
  }

  override handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.columns = new Columns(fields, this.types);
    this.described?.set(this.name, this.columns);
  }

  override handleDataRow({ fields }: { readonly fields: readonly Text[] }): void {
    if (this.failure !== undefined || this.columns === undefined) return;
    try {
      this.answered.push(this.columns.rowOf(fields));
    } catch (error) {
      this.failure = error as Error;
    }
  }

  override handleCommandComplete(): void {
    // The driver counts rows, and expects the results of several commands.
  }

  override handleReadyForQuery(connection: DriverConnection): void {
    if (this.failure === undefined) this.callback(null, this.answered);
    else this.handleError(this.failure, connection);
  }
}
