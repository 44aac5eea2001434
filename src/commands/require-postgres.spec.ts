import type { Pool } from 'pg';
import { expect, test } from 'vitest';

import { StartError } from '../common/start-error.js';
import { isSupportedPostgres, requirePostgres } from './require-postgres.js';

test.each([
  [90_624, false],
  [100_023, false],
  [149_999, false],
  [150_000, true],
  [150_004, true],
  [180_000, true],
])('server_version_num %d is supported: %s', (versionNumber, supported) => {
  expect(isSupportedPostgres(versionNumber)).toBe(supported);
});

const server = (number: number, version: string, encoding = 'UTF8') =>
  ({ query: async () => await Promise.resolve({ rows: [{ number, version, encoding }] }) }) as unknown as Pool;

test('PostgreSQL 14 is refused, with its version and the remedy', async () => {
  const refused = requirePostgres(server(140_011, '14.11 (Debian 14.11-1)'));
  await expect(refused).rejects.toThrow(StartError);
  await expect(refused).rejects.toThrow(
    'certkeep needs PostgreSQL 15 or later; the database is 14.11 (Debian 14.11-1). Upgrade it, or name another one',
  );
});

test('PostgreSQL 15 is accepted', async () => {
  await expect(requirePostgres(server(150_000, '15.0'))).resolves.toBeUndefined();
});

test.each(['LATIN1', 'SQL_ASCII'])('a database with the encoding %s is refused, with the remedy', async (encoding) => {
  const refused = requirePostgres(server(150_000, '15.0', encoding));
  await expect(refused).rejects.toThrow(StartError);
  await expect(refused).rejects.toThrow(
    `certkeep needs a database with the encoding UTF8; this one has ${encoding}, and cannot store every name. Create another`,
  );
});
