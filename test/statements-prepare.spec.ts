import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';

import { dataSourceOptions } from '../src/database/data-source.js';
import { allStatements } from '../src/database/statement.js';
import '../src/app.module.js';
import { createDatabase } from './support/database.js';

test('PostgreSQL prepares every statement on the migrated tables', async () => {
  const database = await createDatabase();
  const settings = { url: database.url, poolSize: 1, statementTimeoutMs: 60_000 };
  const source = await new DataSource(dataSourceOptions(settings)).initialize();
  const runner = source.createQueryRunner();
  const refused: string[] = [];
  const own = allStatements().filter(({ name }) => !name.startsWith('test_'));
  const statements = own.flatMap(({ name, text, ofMany }) => [
    { name, text },
    ...(ofMany === undefined ? [] : [{ name: `${name} of many`, text: ofMany.text }]),
  ]);
  try {
    for (const { name, text } of statements) {
      await runner
        .query(`prepare "${name}" as ${text}`)
        .catch((error: unknown) => refused.push(`${name}: ${String(error)}`));
    }
  } finally {
    await runner.release();
    await source.destroy();
    await database.drop();
  }
  expect(refused).toEqual([]);
  expect(statements.length).toBeGreaterThan(20);
});

test('short reads change and lock nothing, so that none waits for another transaction', () => {
  const short = allStatements().filter(({ isShort, name }) => isShort === true && !name.startsWith('test_'));
  const unfit = short.filter(
    ({ text }) => !/^(select|with)\b/.test(text) || /\b(for (no key )?(update|share)|insert|delete)\b|\bpg_/.test(text),
  );
  expect(unfit.map(({ name }) => name)).toEqual([]);
  expect(short.length).toBeGreaterThan(10);
});
