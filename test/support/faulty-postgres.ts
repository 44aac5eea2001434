import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Client } from 'pg';

import { type Account, accountFor, runAs } from '../../src/database/embedded-account.js';
import { type Binaries, findBinaries } from '../../src/database/embedded-binaries.js';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';

const run = promisify(execFile);

/** Room for a cluster, its log and some more. */
const DISK = '600m';

/** A PostgreSQL server whose faults a test causes, on a file system of its own where the system allows one. */
export class FaultyPostgres {
  private constructor(
    private readonly folder: string,
    readonly hasDisk: boolean,
    readonly url: string,
    private readonly binaries: Binaries,
    private readonly account: Account | undefined,
  ) {}

  static async start(): Promise<FaultyPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'certkeep-faults-'));
    const hasDisk = await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder]).then(
      () => true,
      () => false,
    );
    await chmod(folder, 0o711);
    const dataDirectory = join(folder, 'data');
    const { url } = await startEmbeddedPostgres({ dataDirectory, durable: true, announce: () => undefined });
    const account = await accountFor(join(dataDirectory, 'postgres'));
    const binaries = await findBinaries(account, '/var/lib/certkeep', () => undefined);
    return new FaultyPostgres(folder, hasDisk, url, binaries, account);
  }

  async end(): Promise<void> {
    await this.pgCtl('stop', '--mode=immediate', '--wait');
    if (this.hasDisk) await run('umount', ['-l', this.folder]);
    await rm(this.folder, { recursive: true, force: true });
  }

  async terminateAll(): Promise<void> {
    await this.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`,
    );
  }

  async restart(mode: 'fast' | 'immediate'): Promise<void> {
    await this.pgCtl(
      'restart',
      `--mode=${mode}`,
      '--wait',
      '--timeout=60',
      `--log=${join(this.cluster, 'server.log')}`,
    );
  }

  /** Fills the disk, until it is called with false. */
  async fillDisk(isFull: boolean): Promise<void> {
    const filler = join(this.folder, 'filler');
    if (isFull) {
      await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M']).catch(() => undefined);
      return;
    }
    await rm(filler);
    // The full disk may have ended the server.
    if ((await this.pgCtl('status')) !== 0)
      await this.pgCtl('start', '--wait', `--log=${join(this.cluster, 'server.log')}`);
  }

  /** Stops or continues all processes of the server by a signal. */
  async setStopped(isStopped: boolean): Promise<void> {
    const signal = isStopped ? 'SIGSTOP' : 'SIGCONT';
    const pidFile = await readFile(join(this.cluster, 'postmaster.pid'), 'utf8');
    const postmaster = Number(pidFile.split('\n')[0]);
    process.kill(postmaster, signal);
    const { stdout } = await run('pgrep', ['-P', String(postmaster)]).catch(() => ({ stdout: '' }));
    for (const pid of stdout.split('\n').filter((line) => line !== '')) {
      try {
        process.kill(Number(pid), signal);
      } catch {
        // The process has ended meanwhile.
      }
    }
  }

  async setReadOnly(isReadOnly: boolean): Promise<void> {
    await this.sql(`alter system set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`);
    await this.sql('select pg_reload_conf()');
  }

  async sql<Row>(text: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Writes a secret to a file and returns its path. */
  async file(name: string, content: string | Buffer): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  private get cluster(): string {
    return join(this.folder, 'data', 'postgres');
  }

  private async pgCtl(...args: string[]): Promise<number | string> {
    return (await runAs(this.account, this.binaries.pgCtl, [...args, `--pgdata=${this.cluster}`])).code;
  }
}
