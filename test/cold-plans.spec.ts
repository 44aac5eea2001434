import { globSync } from 'node:fs';
import { join } from 'node:path';

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { dataSourceOptions } from '../src/database/data-source.js';
import type { Statement } from '../src/database/database.js';
import { createDatabase, type TestDatabase } from './support/database.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = new DataSource(dataSourceOptions({ url: database.url, poolSize: 1, statementTimeoutMs: 10_000 }));
  await dataSource.initialize();
  // Without this PostgreSQL guesses how many rows there are.
  await dataSource.query('vacuum analyze');
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && 'name' in value && 'text' in value;

const files = globSync('src/**/*.queries.ts', { cwd: join(import.meta.dirname, '..') });
const modules = await Promise.all(
  files.map(async (file) => (await import(/* @vite-ignore */ `../${file}`)) as Record<string, unknown>),
);
const statements = modules.flatMap((module) => Object.values(module)).filter(isStatement);

/** Key rotation and a start read all secrets; audit_retention has one row; the leader counts answers once an hour. */
const WHOLE_TABLES = new Set([
  'count_secrets_wrapped_otherwise',
  'count_secrets_under_other_keys',
  'read_audit_retention',
  'count_revocation_answers',
]);

test('the collected statements are not empty', () => {
  expect(statements.length).toBeGreaterThan(50);
});

test.each(statements.filter(({ name }) => !WHOLE_TABLES.has(name)))(
  'the plan of $name, made while its tables are empty, has no sequential scan',
  async ({ text, ofMany }) => {
    for (const each of ofMany === undefined ? [text] : [text, ofMany.text]) {
      const rows: { 'QUERY PLAN': string }[] = await dataSource.query(`explain (generic_plan) ${each}`);
      const scans = rows.map((row) => row['QUERY PLAN']).filter((line) => line.includes('Seq Scan'));
      expect(scans).toEqual([]);
    }
  },
);
