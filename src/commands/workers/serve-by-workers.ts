import { SystemScheduler } from '../../common/scheduler.js';
import type { Settings } from '../../config/settings.js';
import type { TlsSettings } from '../../config/tls-settings.js';
import type { QuickStart } from '../../demo/quick-start.js';
import { LogOutput } from '../../http/log-output.js';
import { Metrics } from '../../http/metrics.js';
import { isEmbedded, tlsOrFreePort } from '../embedded-mode.js';
import { prepareDatabase, type PreparedDatabase } from '../prepare-database.js';
import { reportAndExit } from '../report.js';
import { disconnect } from '../running-database.js';
import { FLUSH_MS, type Shutdown } from '../shutdown.js';
import { BoundSockets } from './bound-sockets.js';
import { WorkerMetrics } from './worker-metrics.js';
import type { WorkerProcess } from './worker-process.js';
import { Workers } from './workers.js';

/** Beyond the wait for the database. */
const START_MS = 60_000;

interface Prepared {
  readonly tls: TlsSettings | undefined;
  readonly quickStart: QuickStart | undefined;
}

/**
 * The main process: prepares the database, binds the ports, and keeps workers running that serve. It has no connections
 * to the database and answers no requests.
 */
export async function serveByWorkers(settings: Settings, shutdown: Shutdown): Promise<void> {
  const output = LogOutput.toStandardOutput();
  shutdown.add(async () => await output.flush(FLUSH_MS));
  const announce = (line: string): void => output.write(`${line}\n`);
  shutdown.onHangup(() => announce('SIGHUP: certkeep is still starting. Send it again when all workers serve.'));
  const database = await prepareDatabase(settings, shutdown);
  const { tls, quickStart } = await prepare(settings, database, output);
  await disconnect(database.pool);

  const { host, port, workers: count } = settings;
  const plain = await BoundSockets.bind({ host, port, setting: 'PORT' }, count);
  const bindTls = async (chosen: TlsSettings) =>
    await tlsOrFreePort(settings, chosen, async (place) => await BoundSockets.bind(place, count));
  const secure = tls === undefined ? undefined : await bindTls(tls);

  const metrics: WorkerMetrics<WorkerProcess> = new WorkerMetrics(
    () => workers.all,
    async () => await ofMain.registry.getMetricsAsJSON(),
  );
  const workers: Workers = new Workers({
    count,
    planOf: (index) => ({
      databaseUrl: isEmbedded(settings) ? database.url : undefined,
      tls,
      sockets: { plain: plain.descriptorsOf(index), tls: secure?.descriptorsOf(index) ?? [] },
      startMs: settings.database.waitSeconds * 1000 + START_MS,
    }),
    events: {
      onOutput: (lines) => output.write(lines),
      onCollected: (worker, ofWorker) => metrics.collected(worker, ofWorker),
      onAsked: (worker) => void answer(worker),
    },
    announce,
    scheduler: new SystemScheduler(),
    drainMs: settings.drainMs,
    onFailure: (error) => void shutdown.takeSteps().finally(() => reportAndExit(error)),
    onEnded: (worker) => metrics.ended(worker),
  });
  // A worker that gets no answer shows its own.
  const answer = async (worker: WorkerProcess): Promise<void> => {
    const text = await metrics.text().catch(() => undefined);
    if (text !== undefined) worker.send({ kind: 'metrics', text });
  };
  const counts = { serving: () => 0, replaced: () => workers.replaced };
  const ofMain = new Metrics(() => output.droppedLines, {}, counts);
  shutdown.add(async () => {
    // From the end of the last worker on, nobody listens any more.
    plain.close();
    secure?.close();
    await workers.end();
  });
  await workers.start();
  announce(`certkeep listens on ${plain.address}`);
  if (secure !== undefined) announce(`certkeep listens on ${secure.address}`);
  announce(`${count} workers serve.`);
  const secureAddress = { address: secure?.address ?? '', certificateFile: tls?.certificateFile ?? '' };
  if (quickStart !== undefined) announce(quickStart(plain.address, secureAddress));
  shutdown.onHangup(() => {
    announce('SIGHUP: replacing the workers …');
    workers.reload();
  });
}

/** In the embedded mode, an application that does not listen makes the demo. */
async function prepare(settings: Settings, { pool }: PreparedDatabase, output: LogOutput): Promise<Prepared> {
  if (!isEmbedded(settings)) return { tls: settings.tls, quickStart: undefined };
  return await (await import('./prepare-embedded.js')).prepareEmbedded(settings, pool, output);
}
