import { globSync } from 'node:fs';
import { join } from 'node:path';

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { CERTIFICATE_FILTERS } from '../src/certificates/finding/certificate-filters.js';
import { type SentFilter, summaryStatement } from '../src/certificates/finding/certificate-search.queries.js';
import { MAX_SUMMARY_ROWS } from '../src/certificates/finding/certificate-summary-resource.js';
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
      expect(await sequentialScans(each)).toEqual([]);
    }
  },
);

/** F3 is made of its filters, so that no statement is exported. */
const SUMMARIES: readonly [string, readonly SentFilter[], string?][] = [
  ['without a filter', []],
  ...Object.entries(CERTIFICATE_FILTERS).map(([name, filter]): [string, readonly SentFilter[]] => [
    `by ${name}`,
    [{ name, filter, value: null }],
  ]),
  ['by a part', [], '%part%'],
];

test.each(SUMMARIES)(
  'the plan of a summary of certificates %s has no sequential scan either',
  async (_, filters, part) => {
    const { statement } = summaryStatement('100', { filters, part }, new Date(0), MAX_SUMMARY_ROWS);
    expect(await sequentialScans(statement.text)).toEqual([]);
  },
);

async function sequentialScans(text: string): Promise<readonly string[]> {
  const rows: { 'QUERY PLAN': string }[] = await dataSource.query(`explain (generic_plan) ${text}`);
  return rows.map((row) => row['QUERY PLAN']).filter((line) => line.includes('Seq Scan'));
}
