import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { startEmbeddedPostgres } from '../../dist/src/database/embedded-postgres.js';

/** Starts a streaming replica of a database of `startDatabase`; resolves when it has all that the primary has. */
export async function startReplica({ url, dataDirectory: source }) {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'certkeep-bench-'));
  await chmod(dataDirectory, 0o711);
  const primary = new pg.Client({ connectionString: url });
  await primary.connect();
  // The package has no pg_basebackup.
  await primary.query(`select pg_backup_start('bench', true)`);
  await once(spawn('cp', ['-a', `${source}/.`, dataDirectory], { stdio: 'ignore' }), 'exit');
  const { rows } = await primary.query('select labelfile from pg_backup_stop()');
  await primary.end();
  const cluster = join(dataDirectory, 'postgres');
  await writeFile(join(cluster, 'backup_label'), rows[0].labelfile);
  // As root the server runs as another account, which writes to it.
  await chmod(join(cluster, 'backup_label'), 0o666);
  await writeFile(join(cluster, 'standby.signal'), '');
  await rm(join(cluster, 'postmaster.pid'));
  const { port, username, password } = new URL(url);
  const conninfo = `host=127.0.0.1 port=${port} user=${username} password=${password}`;
  await appendFile(join(cluster, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`);
  const server = await startEmbeddedPostgres({ dataDirectory, durable: true, announce: console.log });
  return {
    url: server.url,
    dataDirectory,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
