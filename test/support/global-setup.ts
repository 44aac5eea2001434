import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataSource } from 'typeorm';
import type { TestProject } from 'vitest/node';

import { dataSourceOptions } from '../../src/database/data-source.js';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { migrate } from '../../src/database/migrate.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the migrated template database, which `createDatabase` copies for each test file. */
    databaseServer: string;
  }
}

/** Starts one server for the whole run, with one template database made by the migrations. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  return (await startServer(project)).stop;
}

export async function startServer(project: TestProject): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'certkeep-test-'));
  // mkdtemp sets 0700, and as root the server runs as another account, which needs access.
  await chmod(directory, 0o711);
  const cleanup = startCleanup(directory);
  const server = await startEmbeddedPostgres({
    dataDirectory: directory,
    durable: false,
    announce: (line) => console.log(line),
  });
  await makeTemplate(server.url);
  project.provide('databaseServer', server.url);

  return {
    url: server.url,
    async stop() {
      cleanup.ref();
      cleanup.stdin?.end();
      await once(cleanup, 'exit');
    },
  };
}

async function makeTemplate(url: string): Promise<void> {
  const source = new DataSource(dataSourceOptions({ url, poolSize: 2, statementTimeoutMs: 60_000 }));
  await source.initialize();
  await migrate(source);
  // A template must have no connections when it is cloned.
  await source.destroy();
}

/**
 * Starts a process that cleans up when the pipe to it closes: at the end, after Ctrl-C, and also after a kill that lets
 * this process run no code.
 */
function startCleanup(directory: string): ChildProcess {
  const cleanup = spawn(process.execPath, [join(import.meta.dirname, 'remove-postgres.mjs'), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  cleanup.unref();
  return cleanup;
}
