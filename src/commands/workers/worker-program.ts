import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';

import type { NestExpressApplication } from '@nestjs/platform-express';

import { AuditLogUpkeep } from '../../audit/audit-log-upkeep.js';
import { FirstKeys } from '../../auth/first-keys.js';
import { createApp } from '../../bootstrap.js';
import { readSettings } from '../../config/read-settings.js';
import { settingsOfWorker } from '../../config/worker-settings.js';
import { Database } from '../../database/database.js';
import { LogOutput } from '../../http/log-output.js';
import { Metrics } from '../../http/metrics.js';
import { raisePriority } from '../../system/priority.js';
import { requireKeysInUse } from '../../vault/sealed/keys-in-use.js';
import { ListeningSockets } from '../listening-sockets.js';
import { closeGracefully, type Listener, logErrors } from '../listening.js';
import { requireKnownSchema, requireMigrated } from '../migrations.js';
import { ignoreClosedOutput, messageOf, print } from '../report.js';
import { connect } from '../running-database.js';
import { runtimeOf } from '../server-runtime.js';
import { tlsListenerOf } from '../tls-listener.js';
import { REPORT_MS } from './hanging-worker.rules.js';
import type { MessageFromWorker, MessageToWorker, MetricsOfProcess, WorkerStart } from './messages.js';

// One of the processes of a server; `serve-by-workers` starts it.

/** Less than the main process waits, which has to stop the database after its workers. */
const LIMIT_MS = 4_300;

const FLUSH_MS = 200;

/** How long a scrape waits for the metrics of the other workers. */
const METRICS_MS = 2_000;

/** How long a worker waits for the keys of JWT_JWKS_URL before it takes requests. */
const KEYS_MS = 5_000;
const KEYS_PAUSE_MS = 50;

interface Serving {
  readonly app: NestExpressApplication;
  readonly listeners: readonly Listener[];
}

const output = LogOutput.toStandardOutput();
const askers = new Set<(text: string | undefined) => void>();
let starting: Promise<Serving> | undefined;
let isEnding = false;

/** Resolves when it has been sent, or when nobody is left to read it: this process then ends as well. */
async function tell(message: MessageFromWorker): Promise<void> {
  await new Promise<void>((resolve) => {
    if (!process.connected) resolve();
    process.send?.(message, undefined, undefined, () => resolve());
  });
}

async function start({ databaseUrl, tls: tlsSettings, sockets: inherited }: WorkerStart): Promise<Serving> {
  const settings = settingsOfWorker(readSettings());
  await raisePriority();
  const url = databaseUrl ?? settings.database.url?.reveal() ?? '';
  const pool = await connect(settings, url, print);
  await requireKnownSchema(pool, () => undefined);
  await requireMigrated(pool);
  if (settings.vault.kind === 'sealed') await requireKeysInUse(new Database(pool), settings.vault.keys);
  const app = await createApp(runtimeOf(settings, pool, output));
  app.get(Metrics).showServer(metricsOfServer);
  await app.get(AuditLogUpkeep).prepare();
  await untilKeysAreLoaded(app.get(FirstKeys));
  const sockets = new ListeningSockets(app.getHttpServer());
  const tls = tlsSettings === undefined ? undefined : await tlsListenerOf(app, tlsSettings);
  await sockets.openInherited(inherited.plain);
  logErrors(app, sockets);
  if (tls !== undefined) {
    await tls.sockets.openInherited(inherited.tls);
    logErrors(app, tls.sockets);
  }
  return { app, listeners: tls === undefined ? [sockets] : [sockets, tls] };
}

/** A worker that replaces another must not refuse what that one would have served. */
async function untilKeysAreLoaded(keys: FirstKeys): Promise<void> {
  const limit = performance.now() + KEYS_MS;
  while (keys.areLoaded === false && performance.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, KEYS_PAUSE_MS));
  }
}

async function metricsOfServer(): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => resolve(undefined), METRICS_MS);
  askers.add(resolve);
  // One question for all, so that they do not pile up if the main process does not read them.
  if (askers.size === 1) void tell({ kind: 'asked' });
  return await promise.finally(() => {
    clearTimeout(timer);
    askers.delete(resolve);
  });
}

/** The next report waits until the main process has room for this one, so that they do not pile up. */
async function reportTurning(): Promise<void> {
  while (process.connected) {
    await tell({ kind: 'turning' });
    await sleep(REPORT_MS, undefined, { ref: false });
  }
}

async function collect(): Promise<MetricsOfProcess> {
  const serving = await starting?.catch(() => undefined);
  return (await serving?.app.get(Metrics).registry.getMetricsAsJSON()) ?? [];
}

async function end(drainMs: number, isReplaced: boolean): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  setTimeout(() => process.exit(1), drainMs + LIMIT_MS).unref();
  const serving = await starting?.catch(() => undefined);
  if (serving !== undefined) {
    await closeGracefully(serving.app, serving.listeners, { drainMs, isReplaced });
    await tell({ kind: 'collected', metrics: await collect() });
  }
  await output.flush(FLUSH_MS);
  process.exit(0);
}

async function onMessage(message: MessageToWorker): Promise<void> {
  switch (message.kind) {
    case 'start': {
      starting = start(message.start);
      await starting;
      await tell({ kind: 'listening' });
      void reportTurning();
      break;
    }
    case 'end': {
      await end(message.drainMs, message.isReplaced);
      break;
    }
    case 'collect': {
      await tell({ kind: 'collected', metrics: await collect() });
      break;
    }
    case 'metrics': {
      for (const resolve of askers) resolve(message.text);
      break;
    }
  }
}

ignoreClosedOutput();
// A terminal sends these to all processes; the main process says what follows from them.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('message', (message) => {
  onMessage(message as MessageToWorker).catch(async (error: unknown) => {
    if (!isEnding) await tell({ kind: 'failed', message: messageOf(error) });
    process.exit(1);
  });
});
process.on('disconnect', () => void end(0, false));
