import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';

import { dataSourceOptions } from '../src/database/data-source.js';
import { migrate } from '../src/database/migrate.js';
import { MIGRATIONS } from '../src/database/migrations/list.js';
import { ENTITIES } from '../src/entities.js';
import { createDatabase } from './support/database.js';

test('the migrations create exactly the tables that the entities describe', async () => {
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

test('of two servers that start at once on an empty database one migrates, also with pools of one connection', async () => {
  const database = await createDatabase();
  const settings = { url: database.url, poolSize: 1, statementTimeoutMs: 60_000 };
  const sources = await Promise.all(
    [1, 2].map(async () => await new DataSource(dataSourceOptions(settings)).initialize()),
  );
  try {
    await sources[0]?.query('drop schema public cascade; create schema public');
    const ran = await Promise.all(sources.map(async (source) => await migrate(source)));
    expect(ran.map(({ length }) => length).toSorted((one, other) => one - other)).toEqual([0, MIGRATIONS.length]);
  } finally {
    await Promise.all(sources.map(async (source) => await source.destroy()));
    await database.drop();
  }
});
