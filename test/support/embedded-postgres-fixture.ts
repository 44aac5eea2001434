import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { StartError } from '../../src/common/start-error.js';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/database/embedded-postgres.js';

/** Gives each test a data directory, and stops the servers that the test started. */
export class EmbeddedPostgresFixture {
  /** The folder of the data directory. */
  parent = '';
  dataDirectory = '';
  /** The messages of the servers of the current test. */
  announced: string[] = [];
  private running: EmbeddedPostgres[] = [];

  private constructor(private readonly prepared: string) {}

  /** Creates one cluster for all tests of a file, as initdb is slow. */
  static async prepare(): Promise<EmbeddedPostgresFixture> {
    const prepared = await makeFolder('certkeep-prepared-');
    const options = { dataDirectory: join(prepared, 'data'), durable: false, announce: () => undefined };
    await (await startEmbeddedPostgres(options)).stop();
    return new EmbeddedPostgresFixture(prepared);
  }

  async remove(): Promise<void> {
    await rm(this.prepared, { recursive: true });
  }

  async beginTest(): Promise<void> {
    this.parent = await makeFolder('certkeep-embedded-');
    this.dataDirectory = join(this.parent, 'data');
    this.announced = [];
    this.running = [];
  }

  async endTest(): Promise<void> {
    for (const server of this.running) await server.stop();
    await rm(this.parent, { recursive: true, force: true });
  }

  /** Uses the prepared cluster. A test that changes it calls `copyPrepared` instead. */
  usePrepared(): void {
    this.dataDirectory = join(this.prepared, 'data');
  }

  async copyPrepared(): Promise<void> {
    const child = spawn('cp', ['-a', join(this.prepared, 'data'), this.dataDirectory]);
    await once(child, 'exit');
  }

  async start(more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({
      dataDirectory: this.dataDirectory,
      durable: false,
      sharedDirectory: join(this.parent, 'shared'),
      announce: (line) => this.announced.push(line),
      ...more,
    });
    this.running.push(server);
    return server;
  }

  /** The message of a refused start. */
  async refusal(more: Partial<EmbeddedPostgresOptions> = {}): Promise<string> {
    try {
      await this.start(more);
    } catch (error) {
      if (error instanceof StartError) return error.message;
      throw error;
    }
    throw new Error('It was started.');
  }
}

/** The column `answer` of the first row. */
export async function ask(url: string, sql: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: string }>(sql);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

/** As root the server runs as another account, which needs access. */
async function makeFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o711);
  return folder;
}
