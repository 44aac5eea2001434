import { randomBytes } from 'node:crypto';

import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';

import { SearchIndexBuild } from '../src/certificates/finding/search-index-build.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { migrate } from '../src/database/migrate.js';
import { UserSearch1700000000040 } from '../src/database/migrations/1700000000040-user-search.js';
import { USER_TEXT_INDEX } from '../src/database/search-indexes.js';
import { startApp } from './support/app.js';
import { createDatabase } from './support/database.js';

test('a role that may not create the trigram extension migrates, and the index is built once the extension is there', async () => {
  const database = await createDatabase();
  const settings = { url: database.url, poolSize: 1, statementTimeoutMs: 60_000 };
  const source = await new DataSource(dataSourceOptions(settings)).initialize();
  const role = `limited_${randomBytes(6).toString('hex')}`;
  const indexes = async (): Promise<number> => {
    const name = USER_TEXT_INDEX.name;
    return (await source.query<unknown[]>('select 1 from pg_indexes where indexname = $1', [name])).length;
  };
  try {
    const runner = source.createQueryRunner();
    await new UserSearch1700000000040().down(runner);
    await runner.query('drop extension pg_trgm cascade');
    await runner.query('delete from migrations where name = $1', [UserSearch1700000000040.name]);
    await runner.query(`create role ${role}`);
    await runner.query(`grant all on all tables in schema public to ${role}`);
    await runner.query(`grant all on all sequences in schema public to ${role}`);
    await runner.query(`grant create on schema public to ${role}`);
    await runner.query(`alter table users owner to ${role}`);
    await runner.query(`set role ${role}`);
    await runner.release();
    expect(await migrate(source)).toEqual([UserSearch1700000000040.name]);
    expect(await indexes()).toBe(0);
    await source.query('reset role');
    await source.query('create extension pg_trgm');
    const app = await startApp({}, () => database.url);
    await app.get(SearchIndexBuild).run();
    await app.close();
    expect(await indexes()).toBe(1);
  } finally {
    await source.query('reset role');
    await source.query(`reassign owned by ${role} to current_user`);
    await source.query(`drop owned by ${role}`);
    await source.query(`drop role ${role}`);
    await source.destroy();
    await database.drop();
  }
});
