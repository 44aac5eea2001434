import { randomBytes } from 'node:crypto';

import { Client } from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A migrated database of its own, some 30 ms: one for each test file, so that files never see each other's rows. */
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
  // Not the template itself: a connection to it would keep the other workers from cloning it.
  url.pathname = 'postgres';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
