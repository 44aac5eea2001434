import { DataSource } from 'typeorm';

import { dataSourceOptions } from './src/database/data-source.js';
import { ENTITIES } from './src/entities.js';

/**
 * For the TypeORM command line, which only knows a module: `typeorm migration:run -d dist/ormconfig.js`. The application
 * makes its data source from the same options.
 */
export default new DataSource(
  dataSourceOptions(
    { url: process.env['DATABASE_URL'] ?? 'postgres://127.0.0.1/certkeep', poolSize: 2, statementTimeoutMs: 600_000 },
    ENTITIES,
  ),
);
