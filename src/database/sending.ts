import type { Duplex } from 'node:stream';

import pg, { type PoolClient, type QueryConfig, type QueryResultRow } from 'pg';

import { domainErrorOf, READ_TIMEOUT_MESSAGE } from './database-error.js';
import { requireReplicated } from './listening-client.js';
import { type Callback, PreparedQuery, type PreparedStatement } from './prepared-query.js';

const [ZERO, HYPHEN] = [0x30, 0x2d];

/** The length of `2026-11-24 09:30:00.123+00`: PostgreSQL's format in a session with the time zone UTC. */
const MAX_TIMESTAMP = 26;

const parseWithDriver = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;

/** The OID of the type in `pg_type`. */
const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;

const TYPES = {
  getTypeParser(id: number, format?: 'text' | 'binary'): unknown {
    return id === TIMESTAMPTZ ? parseTimestamp : pg.types.getTypeParser(id, format);
  },
};

/**
 * PostgreSQL itself cancels slow statements. If there is no response this long after that, the connection is considered
 * lost.
 */
const DRIVER_TIMEOUT_MARGIN_MS = 2_000;

/** An empty name is that of a statement which is not prepared. */
interface Named {
  readonly name: string;
  readonly text: string;
}

/** Converts errors to domain errors. */
export async function runOn<Row extends QueryResultRow>(
  connection: PoolClient,
  timeoutMs: number,
  { name, text }: Named,
  values: readonly unknown[],
): Promise<Row[]> {
  const query: QueryConfig = { name, text, values: values as unknown[], types: TYPES };
  try {
    return await rowsOf<Row>(connection, query, timeoutMs);
  } catch (error) {
    throw domainErrorOf(error);
  }
}

/**
 * By a callback and with a timer of our own: what the driver makes for a promise, or for its `query_timeout`, keeps the
 * whole result in memory until the next full collection: seven kilobytes for one certificate.
 */
export async function rowsOf<Row extends QueryResultRow>(
  connection: PoolClient,
  query: QueryConfig,
  timeoutMs: number,
): Promise<Row[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
  const onTimeout = (): void => reject(new Error(READ_TIMEOUT_MESSAGE));
  // After a long turn of the event loop, timers come first, and then what has arrived meanwhile.
  const timer = setTimeout(() => setImmediate(onTimeout), timeoutMs + DRIVER_TIMEOUT_MARGIN_MS);
  const settle = (error: Error | null | undefined, rows: Row[]): void => {
    clearTimeout(timer);
    if (error) reject(error);
    else resolve(rows);
  };
  if (query.name) connection.query(new PreparedQuery(query as PreparedStatement, settle as Callback));
  else connection.query<Row>(query, (error: Error | null | undefined, result) => settle(error, result?.rows));
  const rows = await promise;
  requireReplicated(connection);
  return rows;
}

/** What is sent until the next tick costs one call of the operating system, not one each. */
export function sendTogether(connection: PoolClient): void {
  const stream = streamOf(connection);
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Where the driver writes, which its types lack. */
export function streamOf(connection: PoolClient): Duplex {
  return (connection as unknown as { readonly connection: { readonly stream: Duplex } }).connection.stream;
}

/** The driver's parser is general and slow, and a credential has up to nine timestamps. */
function parseTimestamp(text: string): Date {
  // Not infinity, years with more digits or before the year 1, or microseconds.
  if (text.charCodeAt(4) !== HYPHEN || text.length > MAX_TIMESTAMP || !text.endsWith('+00'))
    return parseWithDriver(text);
  const year = 100 * digitsAt(text, 0) + digitsAt(text, 2);
  // `Date.UTC` takes the years before 100 for those of the twentieth century.
  if (year < 100) return parseWithDriver(text);
  const [month, day] = [digitsAt(text, 5) - 1, digitsAt(text, 8)];
  const [hour, minute, second] = [digitsAt(text, 11), digitsAt(text, 14), digitsAt(text, 17)];
  const milliseconds = Number(text.slice(20, -3).padEnd(3, '0'));
  return new Date(Date.UTC(year, month, day, hour, minute, second, milliseconds));
}

function digitsAt(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - ZERO) + text.charCodeAt(at + 1) - ZERO;
}
