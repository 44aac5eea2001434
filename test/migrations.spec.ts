import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';

import { dataSourceOptions } from '../src/database/data-source.js';
import { ENTITIES } from '../src/entities.js';
import { createDatabase } from './support/database.js';

test('migrations make exactly the tables that the entities describe', async () => {
  const database = await createDatabase();
  const settings = { url: database.url, poolSize: 1, statementTimeoutMs: 60_000 };
  const source = await new DataSource(dataSourceOptions(settings, ENTITIES)).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  } finally {
    await source.destroy();
    await database.drop();
  }
});
