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
    /** Of the migrated template database; `createDatabase` makes the copies that tests work on. */
    databaseServer: string;
  }
}

/** One server for the whole run, one template that the application's own migrations have made. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'certkeep-test-'));
  // mkdtemp gives 0700, and as root the server runs as an account that has to get in.
  await chmod(directory, 0o711);
  const reaper = startReaper(directory);
  const server = await startEmbeddedPostgres({
    dataDirectory: directory,
    durable: false,
    announce: (line) => console.log(line),
  });
  await makeTemplate(server.url);
  project.provide('databaseServer', server.url);

  return async () => {
    reaper.ref();
    reaper.stdin?.end();
    await once(reaper, 'exit');
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
 * A process of its own that cleans up when the pipe to it closes: at the end, after Ctrl-C, and after a kill that lets
 * no code of this process run.
 */
function startReaper(directory: string): ChildProcess {
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.mjs'), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  reaper.unref();
  return reaper;
}
