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

/** A data directory for each test, and the servers that it starts there, which are stopped when it ends. */
export class EmbeddedPostgresFixture {
  /** The folder that holds the data directory and nothing else. */
  parent = '';
  dataDirectory = '';
  /** What the servers of the running test have announced. */
  said: string[] = [];
  private running: EmbeddedPostgres[] = [];

  private constructor(private readonly prepared: string) {}

  /** Makes one cluster for all tests of a file: creating one takes longer than all else here. */
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
    this.said = [];
    this.running = [];
  }

  async endTest(): Promise<void> {
    for (const server of this.running) await server.stop();
    await rm(this.parent, { recursive: true, force: true });
  }

  /** The data directory of an earlier run. Who damages it takes a copy, owners kept. */
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
      announce: (line) => this.said.push(line),
      ...more,
    });
    this.running.push(server);
    return server;
  }

  /** What a start is refused with. */
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

/** As root the server runs as an account that has to get in. */
async function makeFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o711);
  return folder;
}
