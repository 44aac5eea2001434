import type { NestExpressApplication } from '@nestjs/platform-express';

import { AuditLogUpkeep } from '../audit/audit-log-upkeep.js';
import { createApp } from '../bootstrap.js';
import { CertificateEvaluator } from '../certificates/evaluation/certificate-evaluator.js';
import { SystemClock } from '../common/clock.js';
import { raisePriority } from '../common/priority.js';
import { SystemScheduler } from '../common/scheduler.js';
import { readSettings } from '../config/read-settings.js';
import type { Settings } from '../config/settings.js';
import type { TlsSettings } from '../config/tls-settings.js';
import { Database } from '../database/database.js';
import type { QuickStart } from '../demo/quick-start.js';
import { JsonWorker } from '../http/json-worker.js';
import { LogOutput } from '../http/log-output.js';
import { createOutputLogger } from '../http/logger.js';
import { Pkcs12Reader } from '../keystores/pkcs12-reader.js';
import type { Runtime } from '../runtime.module.js';
import { CrlReader } from '../trust/revocation/crl-reader.js';
import { requireKeysInUse } from '../vault/sealed/keys-in-use.js';
import { ListeningSockets } from './listening-sockets.js';
import { closeGracefully, listen } from './listening.js';
import { migrateAndReport, requireKnownSchema, requireMigrated } from './migrations.js';
import { print } from './report.js';
import { requirePostgres } from './require-postgres.js';
import { connect, disconnect, startDatabase } from './running-database.js';
import { Shutdown } from './shutdown.js';
import { tlsListenerOf } from './tls-listener.js';

/** How long to wait for the last log lines to be written. */
const FLUSH_MS = 300;

/**
 * Starts everything in order, and stops it in reverse order. Throws `StartError` for problems that the operator can
 * fix.
 */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  const settings = readSettings(environment);
  const shutdown = new Shutdown(print, settings.drainMs);
  await shutdown.during(async () => await start(settings, shutdown));
}

async function start(settings: Settings, shutdown: Shutdown): Promise<void> {
  const output = LogOutput.toStandardOutput();
  shutdown.add(async () => await output.flush(FLUSH_MS));
  const running = await startDatabase(settings, print);
  shutdown.add(running.stop);
  await raisePriority();
  const dataSource = await connect(settings, running.url, print);
  shutdown.add(async () => await disconnect(dataSource));
  await requirePostgres(dataSource);
  await requireKnownSchema(dataSource, print);
  if (settings.database.migrate) await migrateAndReport(dataSource, print);
  else await requireMigrated(dataSource);
  if (settings.vault.kind === 'sealed') await requireKeysInUse(new Database(dataSource), settings.vault.keys);

  const runtime: Runtime = {
    settings,
    clock: new SystemClock(),
    scheduler: new SystemScheduler(),
    logger: createOutputLogger(settings.logLevel, output),
    droppedLogLines: () => output.droppedLines,
    dataSource,
    pkcs12Reader: new Pkcs12Reader(),
    jsonWorker: new JsonWorker(),
    crlReader: new CrlReader(),
    certificateEvaluator: new CertificateEvaluator(),
  };
  const app = await createApp(runtime);
  const sockets = new ListeningSockets(app.getHttpServer());
  const isEmbedded = settings.database.url === undefined;
  const tlsSettings = settings.tls ?? (isEmbedded ? await embeddedTls(runtime) : undefined);
  const tls = tlsSettings === undefined ? undefined : await tlsListenerOf(app, tlsSettings);
  const listeners = [sockets, ...(tls === undefined ? [] : [tls])];
  shutdown.add(async () => await closeGracefully(app, listeners, settings.drainMs));
  await app.get(AuditLogUpkeep).prepare();
  const quickStart = isEmbedded ? await demo(app, runtime) : undefined;
  const { host, port } = settings;
  const address = await listen(app, sockets, { host, port, setting: 'PORT' });
  print(`certkeep listens on ${address}`);
  const secure = { address: '', certificateFile: tlsSettings?.certificateFile ?? '' };
  if (tls !== undefined && tlsSettings !== undefined) {
    const place = { host, port: tlsSettings.port, setting: 'TLS_PORT' } as const;
    secure.address = await listen(app, tls.sockets, place).catch(async (error: unknown) => {
      if (settings.tls !== undefined) throw error;
      print(`Port ${place.port} on ${host} is taken, so TLS gets another port.`);
      return await listen(app, tls.sockets, { ...place, port: 0 });
    });
    print(`certkeep listens on ${secure.address}`);
  }
  if (quickStart !== undefined) print(quickStart(address, secure));
}

/** Loaded only without a setting for TLS in the developer mode, like the demo. */
async function embeddedTls({ settings, clock }: Runtime): Promise<TlsSettings> {
  const { demoTls } = await import('../demo/demo-tls.js');
  return await demoTls(settings.dataDirectory, settings.port, clock.now());
}

/** Loaded only in the developer mode, because the code that makes certificates is as large as everything else. */
async function demo(app: NestExpressApplication, { clock, settings }: Runtime): Promise<QuickStart | undefined> {
  const { prepareDemo } = await import('../demo/demo.js');
  return await prepareDemo(app, clock, settings);
}
