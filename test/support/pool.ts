import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** TypeORM does not document its pool; the application runs on it, so that a test has one set of connections. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
