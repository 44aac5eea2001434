import { readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';

import { Client, DatabaseError } from 'pg';

import { diskProblemOf } from '../common/disk-problem.js';
import { StartError } from '../common/start-error.js';
import { type Account, accountFor, runAs } from './embedded-account.js';
import { type Binaries, findBinaries } from './embedded-binaries.js';
import {
  SUPERUSER,
  clusterExists,
  createCluster,
  ensureDataDirectory,
  reasonIn,
  locateCluster,
} from './embedded-cluster.js';
import { superuserPassword } from './embedded-password.js';
import { ADVISORY_LOCKS } from './locks.js';

export interface EmbeddedPostgresOptions {
  /** Contains `postgres/` (the cluster) and `secrets/`. */
  readonly dataDirectory: string;
  /** TCP port on 127.0.0.1; a free one if omitted. A server that is still running keeps its port. */
  readonly port?: number;
  /** false trades safety for speed: a system crash may lose all data. For tests. */
  readonly durable: boolean;
  /** For programs and data that the account cannot access in this checkout. */
  readonly sharedDirectory?: string;
  /** Called with messages for the person who starts the server. */
  announce(line: string): void;
}

export interface EmbeddedPostgres {
  /** The URL of the database `certkeep`, including the password. */
  readonly url: string;
  /** Stops the server cleanly and closes all connections. A second call waits for the first. */
  stop(): Promise<void>;
}

interface Server {
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly cluster: string;
}

type Location = Pick<EmbeddedPostgresOptions, 'dataDirectory' | 'sharedDirectory' | 'announce'>;

const DATABASE = 'certkeep';
const START_SECONDS = 60;

/** In megabytes. PostgreSQL uses 1 % more at once, and the rest as the database grows. */
const MAX_SHARED_BUFFERS = 2048;

/**
 * Starts PostgreSQL from the platform's package, or takes over one that is still running after its Node process has
 * ended. It is a session leader, so Ctrl-C reaches only Node, which stops it last.
 *
 * @throws StartError with cause and remedy
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durable } = options;
  const dataDirectory = resolve(options.dataDirectory);
  const server = await locate(options);
  const { binaries, account, cluster } = server;
  const exists = await clusterExists(cluster, binaries);
  const password = await superuserPassword(dataDirectory, exists);
  if (!exists) await createCluster(cluster, password, durable, account, binaries);

  const found = await portOfRunning(server);
  const port = found ?? (await launch(server, durable, options.port));
  const url = (database: string): string => urlOf(password, port, database);
  const owner = await own(url('postgres'), dataDirectory).catch(async (error: unknown) => {
    // A server that was already running may belong to another process; one that was started here must be stopped.
    if (found === undefined) await stop(server);
    throw error;
  });
  let stopping: Promise<void> | undefined;
  return {
    url: url(DATABASE),
    async stop() {
      stopping ??= release(owner).then(async () => await stop(server));
      await stopping;
    },
  };
}

/**
 * The URL of an embedded PostgreSQL that another process runs, for a command that is used while the server runs. Never
 * starts, takes over or stops anything. Undefined if none is ready.
 */
export async function findEmbeddedPostgres(options: Location): Promise<string | undefined> {
  const server = await locate(options);
  if (!(await clusterExists(server.cluster, server.binaries))) return undefined;
  if ((await pgCtl(server, ['status'])).code !== 0) return undefined;
  const port = await readyPort(server);
  if (port === undefined) return undefined;
  return urlOf(await superuserPassword(resolve(options.dataDirectory), true), port, DATABASE);
}

async function locate({ dataDirectory, announce, sharedDirectory = '/var/lib/certkeep' }: Location): Promise<Server> {
  const directory = resolve(dataDirectory);
  await ensureDataDirectory(directory);
  const account = await accountFor(join(directory, 'postgres'));
  const binaries = await findBinaries(account, sharedDirectory, announce);
  return { binaries, account, cluster: await locateCluster(directory, account, sharedDirectory, announce) };
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

/** The port of a server that runs on this cluster and is ready; one that runs but is not ready is stopped first. */
async function portOfRunning(server: Server): Promise<number | undefined> {
  if ((await pgCtl(server, ['status'])).code !== 0) return undefined;
  const port = await readyPort(server);
  if (port === undefined) await stop(server);
  return port;
}

async function readyPort({ cluster }: Server): Promise<number | undefined> {
  // pid, directory, start time, port, socket directory, address, shared memory, status (PostgreSQL's miscinit.c)
  const lines = await readFile(join(cluster, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  );
  return lines[7]?.trim() === 'ready' ? Number(lines[3]) : undefined;
}

async function launch(server: Server, durable: boolean, wanted: number | undefined): Promise<number> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable
      ? { shared_buffers: `${sharedBuffers()}MB` }
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const words = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const log = join(server.cluster, 'server.log');
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    await rename(log, join(server.cluster, 'server.previous.log')).catch(() => undefined);
    const { code, output } = await pgCtl(server, [
      'start',
      '--wait',
      `--timeout=${START_SECONDS}`,
      `--log=${log}`,
      `--options=-p ${port} ${words.join(' ')}`,
    ]);
    if (code === 0) return port;
    // On a full disk the log exists but is empty.
    const detail = (await readFile(log, 'utf8').catch(() => '')) || output;
    const taken = detail.split('\n').some((line) => line.includes('could not bind ') && line.includes('in use'));
    // Another process may have taken the free port in the meantime.
    if (taken && wanted === undefined && attempt < 3) continue;
    const reason = taken ? 'the port is already in use' : `${reasonIn(detail)} (${code})`;
    const { cause, remedy } = diskProblemOf(reason, `Its log is ${log}`);
    throw new StartError(`The embedded PostgreSQL did not start on port ${port}: ${cause}. ${remedy}.`);
  }
}

/** In megabytes: a quarter of the memory, as PostgreSQL's manual suggests; 128 is its default. */
function sharedBuffers(): number {
  const octets = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.min(MAX_SHARED_BUFFERS, Math.max(128, Math.floor(octets / 4 / 2 ** 20)));
}

async function stop(server: Server): Promise<void> {
  const { code, output } = await pgCtl(server, ['stop', '--mode=fast', '--wait', `--timeout=${START_SECONDS}`]);
  if (code === 0 || (await pgCtl(server, ['status'])).code !== 0) return;
  throw new StartError(`The embedded PostgreSQL in ${server.cluster} could not be stopped: ${reasonIn(output)}.`);
}

async function pgCtl(server: Server, args: readonly string[]): Promise<{ code: number | string; output: string }> {
  return await runAs(server.account, server.binaries.pgCtl, [...args, `--pgdata=${server.cluster}`]);
}

/**
 * Takes a lock that marks the cluster as used by this process; the database releases it when the process ends in any
 * way. Without it, a second start would eventually stop the database of the first.
 */
async function own(url: string, dataDirectory: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: `certkeep ${process.pid}` });
  // Its loss need not be reported, because the application's own connections detect it too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query("set lock_timeout = '1s'");
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCKS.embeddedOwner]);
    const found = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } catch (cause) {
    await client.end().catch(() => undefined);
    const code = cause instanceof DatabaseError ? cause.code : undefined;
    if (code === '55P03') {
      throw new StartError(
        `Another certkeep already uses the data directory ${dataDirectory}. Stop it, or name another folder with CERTKEEP_DATA.`,
      );
    }
    if (code === '28P01') {
      throw new StartError(
        `The embedded database does not accept the password in ${join(dataDirectory, 'secrets')}. ` +
          'Restore the matching file, or remove the whole data directory to start over.',
      );
    }
    const problem = diskProblemOf((cause as Error).message, `See the log in ${dataDirectory}/postgres`);
    throw new StartError(`The embedded PostgreSQL runs but does not respond: ${problem.cause}. ${problem.remedy}.`, {
      cause,
    });
  }
  asHandle(client).unref();
  return client;
}

async function release(owner: Client): Promise<void> {
  // Otherwise an idle process would end before the server has stopped.
  asHandle(owner).ref();
  await owner.end();
}

/** Supported by the driver but missing from its types; this connection alone must not keep the process alive. */
function asHandle(client: Client): { ref(): void; unref(): void } {
  return client as Client & { ref(): void; unref(): void };
}

async function freePort(): Promise<number> {
  const { promise, resolve: found, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => {
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else found(address.port);
    });
  });
  return await promise;
}
