import { AuditLogUpkeep } from '../audit/audit-log-upkeep.js';
import { createApp } from '../bootstrap.js';
import type { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { LogOutput } from '../http/log-output.js';
import { raisePriority } from '../system/priority.js';
import { requireKeysInUse } from '../vault/sealed/keys-in-use.js';
import { isEmbedded, prepareDemo, tlsOrFreePort, tlsSettingsOf } from './embedded-mode.js';
import { ListeningSockets } from './listening-sockets.js';
import { closeGracefully, listen } from './listening.js';
import { prepareDatabase } from './prepare-database.js';
import { print } from './report.js';
import { runtimeOf } from './server-runtime.js';
import { FLUSH_MS, type Shutdown } from './shutdown.js';
import { tlsListenerOf } from './tls-listener.js';

/** The process that was started is the whole server. */
export async function serveAlone(settings: Settings, shutdown: Shutdown): Promise<void> {
  // `WORKERS=auto` may be one process: a reload must not end it.
  if (!isEmbedded(settings)) {
    shutdown.onHangup(() =>
      print('SIGHUP: with one process nothing is replaced. Restart certkeep to use changed files.'),
    );
  }
  const output = LogOutput.toStandardOutput();
  shutdown.add(async () => await output.flush(FLUSH_MS));
  const { pool } = await prepareDatabase(settings, shutdown);
  await raisePriority();
  if (settings.vault.kind === 'sealed') await requireKeysInUse(new Database(pool), settings.vault.keys);

  const runtime = runtimeOf(settings, pool, output);
  const app = await createApp(runtime);
  const sockets = new ListeningSockets(app.getHttpServer());
  const tlsSettings = await tlsSettingsOf(runtime);
  const tls = tlsSettings === undefined ? undefined : await tlsListenerOf(app, tlsSettings);
  const listeners = [sockets, ...(tls === undefined ? [] : [tls])];
  shutdown.add(async () => await closeGracefully(app, listeners, settings));
  await app.get(AuditLogUpkeep).prepare();
  const quickStart = await prepareDemo(app, runtime);
  const { host, port } = settings;
  const address = await listen(app, sockets, { host, port, setting: 'PORT' });
  print(`certkeep listens on ${address}`);
  const secure = { address: '', certificateFile: tlsSettings?.certificateFile ?? '' };
  if (tls !== undefined && tlsSettings !== undefined) {
    secure.address = await tlsOrFreePort(settings, tlsSettings, async (place) => await listen(app, tls.sockets, place));
    print(`certkeep listens on ${secure.address}`);
  }
  if (quickStart !== undefined) print(quickStart(address, secure));
}
