import { DefaultNamingStrategy, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';

import { MIGRATIONS } from './migrations/list.js';
import { type DatabaseSettings, poolOptions } from './pool.js';
import { snakeCase } from './table.js';

/** For migrations, TypeORM's command line and the tests; a server loads this only while it migrates. */
export function dataSourceOptions(
  settings: DatabaseSettings,
  entities: readonly EntityTarget<ObjectLiteral>[] = [],
): PostgresDataSourceOptions {
  return {
    type: 'postgres',
    url: settings.url,
    entities: [...entities] as PostgresDataSourceOptions['entities'] & unknown[],
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeCaseNames(),
    synchronize: false,
    installExtensions: false,
    extra: poolOptions(settings),
  };
}

class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snakeCase(propertyName);
  }
}
