import { randomBytes } from 'node:crypto';

import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';

import { StartError } from '../src/common/start-error.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { migrate } from '../src/database/migrate.js';
import { UserSearch1700000000040 } from '../src/database/migrations/1700000000040-user-search.js';
import { createDatabase } from './support/database.js';

test('a role that may not create the trigram extension is told what an administrator has to do', async () => {
  const database = await createDatabase();
  const settings = { url: database.url, poolSize: 1, statementTimeoutMs: 60_000 };
  const source = await new DataSource(dataSourceOptions(settings)).initialize();
  const role = `limited_${randomBytes(6).toString('hex')}`;
  try {
    const runner = source.createQueryRunner();
    await new UserSearch1700000000040().down(runner);
    await runner.query('drop extension pg_trgm');
    await runner.query('delete from migrations where name = $1', [UserSearch1700000000040.name]);
    await runner.query(`create role ${role}`);
    await runner.query(`grant all on all tables in schema public to ${role}; alter table users owner to ${role}`);
    await runner.query(
      `grant all on all sequences in schema public to ${role}; grant create on schema public to ${role}`,
    );
    await runner.query(`set role ${role}`);
    await runner.release();
    const refusal: unknown = await migrate(source).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartError);
    expect(String(refusal)).toMatch(/pg_trgm cannot be created .*permission denied.* run "create extension pg_trgm"/s);
    await source.query('reset role; create extension pg_trgm');
    await source.query(`set role ${role}`);
    expect(await migrate(source)).toContain(UserSearch1700000000040.name);
    await source.query('reset role');
  } finally {
    await source.query(
      `reset role; reassign owned by ${role} to current_user; drop owned by ${role}; drop role ${role}`,
    );
    await source.destroy();
    await database.drop();
  }
});
