import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';

import { createApp } from '../bootstrap.js';
import { SystemClock } from '../common/clock.js';
import { StartError } from '../common/start-error.js';
import { readSettings } from '../config/read-settings.js';
import type { Settings } from '../config/settings.js';
import { dataSourceOptions } from '../database/data-source.js';
import { startEmbeddedPostgres } from '../database/embedded-postgres.js';
import { migrate } from '../database/migrate.js';
import { ENTITIES } from '../entities.js';
import { createLogger } from '../http/logger.js';

const OLDEST_NODE = 26;
/** In-flight requests have this long; then their connections are cut, and the whole ends within five seconds. */
const GRACE_MS = 4_000;

type Announce = (line: string) => void;

/** Starts everything in order, and ends it in the opposite order. Throws `StartError` for what a person can mend. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  requireNode();
  const settings = readSettings(environment);
  const announce: Announce = (line) => process.stdout.write(`${line}\n`);
  const embedded = await startDatabase(settings, announce);
  try {
    const dataSource = await connect(settings, embedded.url);
    if (settings.database.migrate) await runMigrations(dataSource, announce);
    const logger = createLogger(settings.logLevel);
    const app = await createApp({ settings, clock: new SystemClock(), logger, dataSource });
    await listen(app, settings);
    announce(`certkeep listens on ${addressOf(app, settings)}`);
    endOnSignal(app, embedded.stop, announce);
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

function requireNode(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return;
  throw new StartError(
    `certkeep needs Node ${OLDEST_NODE} or later; this is ${process.versions.node}. Start it with "npm start", which brings its own.`,
  );
}

interface RunningDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

async function startDatabase(settings: Settings, announce: Announce): Promise<RunningDatabase> {
  if (settings.database.url !== undefined) {
    return { url: settings.database.url.reveal(), stop: () => Promise.resolve() };
  }
  announce('Starting the embedded PostgreSQL …');
  return await startEmbeddedPostgres({ dataDirectory: settings.dataDirectory, durable: true, announce });
}

async function connect(settings: Settings, url: string): Promise<DataSource> {
  const { poolSize, statementTimeoutMs } = settings.database;
  try {
    return await new DataSource(dataSourceOptions({ url, poolSize, statementTimeoutMs }, ENTITIES)).initialize();
  } catch (error) {
    const reason = (error as Error).message || ((error as NodeJS.ErrnoException).code ?? 'no reason given');
    throw new StartError(`certkeep cannot connect to its database: ${reason}. Check DATABASE_URL.`, { cause: error });
  }
}

async function runMigrations(dataSource: DataSource, announce: Announce): Promise<void> {
  const names = await migrate(dataSource);
  if (names.length > 0) announce(`Migrated: ${names.join(', ')}`);
}

async function listen(app: NestExpressApplication, { host, port }: Settings): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} on ${host} is taken. Set PORT to a free one.`, { cause: error });
    }
    throw new StartError(`certkeep cannot listen on ${host}:${port} (${code}). Check HOST and PORT.`, { cause: error });
  }
}

function addressOf(app: NestExpressApplication, { host }: Settings): string {
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function endOnSignal(app: NestExpressApplication, stopDatabase: () => Promise<void>, announce: Announce): void {
  const end = (signal: NodeJS.Signals): void => {
    announce(`${signal}: finishing the requests in flight …`);
    const server = app.getHttpServer() as Server;
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    app
      .close()
      .then(stopDatabase)
      .finally(() => {
        clearInterval(idle);
        clearTimeout(cut);
      })
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
