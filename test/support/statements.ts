import type { DataSource } from 'typeorm';

/** The parts of the driver's pool that are used here. */
interface Connection {
  query: (...parameters: unknown[]) => unknown;
}

interface Pool {
  on(event: 'acquire', listener: (connection: Connection) => void): void;
  off(event: 'acquire', listener: (connection: Connection) => void): void;
}

/** The texts of all statements that the driver gets while `work` runs, including `begin` and `commit`. */
export async function statementsOf(dataSource: DataSource, work: () => Promise<unknown>): Promise<readonly string[]> {
  const { master: pool } = dataSource.driver as unknown as { master: Pool };
  const statements: string[] = [];
  const originals = new Map<Connection, Connection['query']>();
  // Every statement uses a connection, also one that the pool borrows by itself.
  const watch = (connection: Connection): void => {
    if (originals.has(connection)) return;
    const { query } = connection;
    originals.set(connection, query);
    connection.query = (...parameters) => {
      const [statement] = parameters;
      statements.push(typeof statement === 'string' ? statement : (statement as { text: string }).text);
      return query.apply(connection, parameters);
    };
  };
  pool.on('acquire', watch);
  try {
    await work();
  } finally {
    pool.off('acquire', watch);
    for (const [connection, query] of originals) connection.query = query;
  }
  return statements;
}
