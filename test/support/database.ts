import { randomBytes } from 'node:crypto';

import { Client } from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates a migrated database in some 30 ms. Each test file has one, so that files do not share rows. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = new URL(inject('databaseServer'));
  const template = server.pathname.slice(1);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${template} strategy file_copy`);
  const url = new URL(server);
  url.pathname = name;
  return {
    url: url.href,
    drop: async () => await onServer(server, `drop database ${name} with (force)`),
  };
}

async function onServer(server: URL, statement: string): Promise<void> {
  const url = new URL(server);
  // An open connection to the template would prevent other workers from cloning it.
  url.pathname = 'postgres';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
